"""The small forms behind what is done with a quote: each asks once more, and knows the version it was shown at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms


class ActForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AcceptForm(ActForm):
    """`fingerprint`: of what the person was looking at, and nothing else is accepted."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)


class WithdrawForm(ActForm):
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="Those who were asked read it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DuplicateForm(forms.Form):
    deal = forms.TypedChoiceField(label="For the deal", coerce=int)

    def __init__(self, *args: Any, deals: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deal"].choices = deals  # type: ignore[attr-defined]
