"""News of competitors, responses, watches: what people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from battlecards.models import IntelEvent
from battlecards.queries.intel import Offer
from battlecards.services.intel import LONGEST
from battlecards.services.responses import LONGEST_NOTE, LONGEST_OUTCOME
from deals.forms.base import DateField

Choices = Sequence[tuple[Any, str]]


class EventForm(forms.Form):
    """`offers` are the claims of the competitor's card, once it is known; before that the news suggests its own."""

    competitor = forms.ChoiceField(label="Competitor")
    kind = forms.ChoiceField(label="What kind of news", choices=IntelEvent.Kind.choices)
    title = forms.CharField(label="What happened", max_length=LONGEST["title"])
    happened_on = DateField(label="When")
    source = forms.CharField(
        label="Where is this known from", max_length=LONGEST["source"], help_text="A page, a person, a paper."
    )
    url = forms.URLField(label="Address", required=False, max_length=LONGEST["url"], assume_scheme="https")
    text = forms.CharField(
        label="More of it", required=False, max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, competitors: Choices, offers: Sequence[Offer] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competitor"].choices = competitors  # type: ignore[attr-defined]
        self.offers = offers
        if offers:
            self.fields["claims"] = forms.TypedMultipleChoiceField(
                label="Which claims does it put in doubt?",
                coerce=int,
                required=False,
                choices=[(one.claim_id, one.title) for one in offers],
                widget=forms.CheckboxSelectMultiple,
            )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "title", "happened_on", "source", "url", "text")}


class NoteForm(forms.Form):
    note = forms.CharField(
        label="What was done", required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class EntryForm(forms.Form):
    text = forms.CharField(
        label="Add to the log",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what was done or decided."},
    )


class EndForm(forms.Form):
    outcome = forms.CharField(
        label="What came of it", required=False, max_length=LONGEST_OUTCOME, widget=forms.Textarea(attrs={"rows": 2})
    )


class OwnerForm(forms.Form):
    owner = forms.TypedChoiceField(label="Whose is it", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]
        self.fields["owner"].error_messages["invalid_choice"] = "Choose somebody of the list."
