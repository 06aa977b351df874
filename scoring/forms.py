"""Forms around a score: an answer to a question, and scores one only thinks about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from crm.models import Contact
from playbook.schema.qualification import Bant


class AnswerForm(forms.Form):
    """`people` are the contacts on the deal."""

    answer = forms.CharField(label="What was said", widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}))
    contact = forms.TypedChoiceField(label="By whom", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Iterable[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Nobody in particular"), *((person.pk, str(person)) for person in people)]
        self.fields["contact"].choices = choices  # type: ignore[attr-defined]  # a choice field, declared above


class WhatIfForm(forms.Form):
    """A score per criterion, or none; what the deal has now is where it starts."""

    def __init__(self, *args: Any, bant: Bant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = [("", "?"), *((str(value), str(value)) for value in range(bant.lowest, bant.highest + 1))]
        for criterion in bant.criteria:
            self.fields[criterion.key] = forms.TypedChoiceField(
                label=criterion.label, choices=scale, coerce=int, empty_value=None, required=False
            )
