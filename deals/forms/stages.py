"""Moving a deal along, closing it and opening it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from crm.models import Competitor
from deals.forms.base import DateField
from deals.models import Deal
from deals.rules.closing import Outcome, reasons_for
from playbook.schema import Playbook

NOBODY = "none"
"""Said for "there was no competitor": leaving the field empty says nothing."""


def stage_choices(playbook: Playbook) -> list[tuple[str, str]]:
    return [(stage.key, stage.label) for stage in playbook.open_stages]


class StageForm(forms.Form):
    """The stage to go to, and why where exit criteria are not met. `seen` is the stage the page showed."""

    stage = forms.ChoiceField(label="Stage")
    why = forms.CharField(
        label="Reason", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept with the move."
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.choices = stage_choices(playbook)


class ReopenForm(forms.Form):
    stage = forms.ChoiceField(label="Goes on in")
    why = forms.CharField(
        label="Why it is open again",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the deal is open again."},
    )

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.choices = stage_choices(playbook)


class CloseForm(forms.Form):
    """How a deal ended. What is missing the service says, so that page and API say the same."""

    outcome = forms.CharField(widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    competitor = forms.ChoiceField(required=False)
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What decided it, in a sentence or two.",
    )
    close_date = DateField(label="Closed on", required=False)

    def __init__(
        self,
        *args: Any,
        playbook: Playbook,
        outcome: Outcome,
        deal: Deal,
        competitors: Iterable[Competitor],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        won = outcome == "won"
        reasons: Any = self.fields["reasons"]
        reasons.label = "Why it was won" if won else "Why it was lost"
        reasons.choices = [(reason.key, reason.label) for reason in reasons_for(playbook, outcome)]
        competitor: Any = self.fields["competitor"]
        competitor.label = "Competitor beaten" if won else "Competitor chosen instead"
        on_deal = {row.competitor_id for row in deal.competitors.all()}
        known = sorted(competitors, key=lambda one: (one.pk not in on_deal, one.name))
        competitor.choices = [("", "Choose"), (NOBODY, "There was none"), *((one.key, one.name) for one in known)]

    def show_required(self) -> None:
        """Before the page is shown: the rules of closing ask for these and say how, so nothing calls them optional."""
        for name in ("reasons", "competitor", "note"):
            self.fields[name].required = True

    @property
    def values(self) -> dict[str, Any]:
        chosen = self.cleaned_data["competitor"]
        return {
            "outcome": self.cleaned_data["outcome"],
            "reasons": self.cleaned_data["reasons"],
            "competitor_key": None if chosen in {"", NOBODY} else chosen,
            "no_competitor": chosen == NOBODY,
            "note": self.cleaned_data["note"],
            "close_date": self.cleaned_data["close_date"],
        }
