"""The people and the competitors on a deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from crm.models import Competitor, Contact
from deals.models import BuyingRole, CompetitorPosition, Sentiment


class MemberForm(forms.Form):
    """What somebody at the account is to this deal."""

    role = forms.ChoiceField(label="Role", choices=BuyingRole.choices, initial=BuyingRole.INFLUENCER)
    sentiment = forms.ChoiceField(label="How they see us", choices=Sentiment.choices, initial=Sentiment.UNKNOWN)


class NewMemberForm(MemberForm):
    """Puts one of the account's people on the deal who is not on it yet."""

    contact = forms.ChoiceField(label="Who", error_messages={"required": "Choose who joins."})
    field_order = ("contact", "role", "sentiment")

    def __init__(self, *args: Any, people: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact: Any = self.fields["contact"]
        contact.choices = [
            ("", "Choose"),
            *((str(one.pk), f"{one} ({one.title})" if one.title else str(one)) for one in people),
        ]


class RivalForm(forms.Form):
    """Where a competitor stands on this deal, and how we mean to win."""

    position = forms.ChoiceField(label="Position", choices=CompetitorPosition.choices, initial=CompetitorPosition.LEVEL)
    win_strategy = forms.CharField(
        label="How we win", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NewRivalForm(RivalForm):
    competitor = forms.ChoiceField(label="Competitor", error_messages={"required": "Choose the competitor."})
    field_order = ("competitor", "position", "win_strategy")

    def __init__(self, *args: Any, competitors: Sequence[Competitor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competitor: Any = self.fields["competitor"]
        competitor.choices = [("", "Choose"), *((one.key, one.name) for one in competitors)]
