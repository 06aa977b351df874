"""The small forms behind what is done with a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from activities.forms.fields import text_area
from calls.models import LONGEST, LONGEST_TEXT, CallQuestion, Part
from calls.services.questions import LONGEST as LONGEST_QUESTION


class CancelForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(label="Why", required=False, max_length=300)


class AgendaForm(forms.Form):
    """Minutes of each part, under its key."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in parts:
            self.fields[part.key] = forms.IntegerField(
                label=part.label, min_value=0, max_value=LONGEST, initial=part.minutes
            )
        self.parts = list(parts)

    @property
    def minutes(self) -> dict[str, int]:
        return {part.key: self.cleaned_data[part.key] for part in self.parts}


class AddQuestionForm(forms.Form):
    """One of the playbook's, or one's own."""

    key = forms.CharField(required=False, max_length=60)
    text = forms.CharField(label="Your own question", required=False, max_length=LONGEST_QUESTION)
    part = forms.CharField(required=False, max_length=60)


class NoteForm(forms.Form):
    """A note as it is posted by a page without scripts."""

    text = forms.CharField(label="Note", max_length=LONGEST_TEXT, widget=text_area(4, id="note-field"))
    question = forms.TypedChoiceField(label="Answers the question", required=False, coerce=int, empty_value=None)
    for_customer = forms.BooleanField(label="For the customer", required=False)

    def __init__(self, *args: Any, questions: Sequence[CallQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None"), *((one.pk, one.text) for one in questions)]
        self.fields["question"].choices = choices  # type: ignore[attr-defined]
