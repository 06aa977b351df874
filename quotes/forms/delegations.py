"""Who stands in, and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from deals.forms.base import DateField
from quotes.services.delegations import MOST_REASON

Choices = Sequence[tuple[int, str]]


class DelegationForm(forms.Form):
    """`approvers` are those the person may say it for; of one there is nothing to choose."""

    approver = forms.TypedChoiceField(label="Who is away", coerce=int)
    stand_in = forms.TypedChoiceField(label="Who stands in", coerce=int)
    from_date = DateField(label="First day")
    to_date = DateField(label="Last day")
    reason = forms.CharField(label="Why", required=False, max_length=MOST_REASON, help_text="The stand-in reads it.")

    def __init__(self, *args: Any, approvers: Choices, stand_ins: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("approver", approvers)
        self._offer("stand_in", [("", "Choose"), *stand_ins])
        if len(approvers) == 1:
            self.fields["approver"].widget = forms.HiddenInput()
            self.fields["approver"].initial = approvers[0][0]

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields[name].error_messages["invalid_choice"] = "Choose somebody of the list."
