"""What the field says of a claim, and what editors answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from battlecards.models import Feedback
from battlecards.services.feedback import LONGEST_NOTE, LONGEST_TEXT

Choices = Sequence[tuple[Any, str]]
NO_DEAL = [("", "No deal in particular")]


def _text(label: str, most: int, *, rows: int = 2, required: bool = False, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=area, help_text=help_text)


class OnDeal(forms.Form):
    """`deals` are those of theirs a person may say it of."""

    deal = forms.TypedChoiceField(label="On which deal", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, deals: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deal"].choices = [*NO_DEAL, *deals]  # type: ignore[attr-defined]
        self.fields["deal"].error_messages["invalid_choice"] = "Choose a deal of the list."


class FeedbackForm(OnDeal):
    verdict = forms.ChoiceField(label="How did it go?", choices=Feedback.Verdict.choices, widget=forms.RadioSelect)
    note = _text("What happened", LONGEST_NOTE, help_text="Editors read it.")

    field_order = ("verdict", "note", "deal")


class SuggestForm(OnDeal):
    text = _text("What should change, and why", LONGEST_TEXT, rows=3, required=True)

    field_order = ("text", "deal")

    def __init__(self, *args: Any, deals: Choices, words: Sequence[tuple[str, str, str]] = (), **kwargs: Any) -> None:
        """`words` are the claim's own texts that can be written anew: name, label, text as it is."""
        super().__init__(*args, deals=deals, **kwargs)
        self.words = [name for name, _, _ in words]
        for name, label, text in words:
            field = _text(label, LONGEST_TEXT)
            field.initial = text
            self.fields[f"new_{name}"] = field

    def rewritten(self) -> dict[str, str]:
        """The texts that differ from what they are; one that was not sent stays."""
        sent = [name for name in self.words if f"new_{name}" in self.data]
        new = {name: self.cleaned_data.get(f"new_{name}", "") for name in sent}
        return {name: text for name, text in new.items() if text.strip() != (self.fields[f"new_{name}"].initial or "")}


class DecideForm(forms.Form):
    answer = _text("Answer", LONGEST_NOTE, help_text="Whoever suggested it reads this. Needed to decline.")


class HoldsForm(forms.Form):
    note = _text("How do you know", LONGEST_NOTE)
