"""Forms of one field, small enough for a cell of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from crm.queries import playbook as playbooks
from deals.forms.base import DateField, MoneyField, RebasingForm
from deals.forms.stages import StageForm
from deals.models import Deal

CELLS = {"stage": "stage", "amount": "amount", "close_date": "close", "next_step": "next_step"}
"""Fields that are edited in the list, with the column each stands in."""


class FieldCell(RebasingForm):
    """One field of a deal's head."""

    FIELD = ""

    @property
    def values(self) -> dict[str, Any]:
        return {self.FIELD: self.cleaned_data[self.FIELD]}

    def now(self, deal: Deal) -> Mapping[str, Any]:
        """The record's value as this form shows it."""
        return {self.FIELD: getattr(deal, self.FIELD)}


class AmountCell(FieldCell):
    FIELD = "amount"
    amount = MoneyField(label="ARR", required=False)


class CloseCell(FieldCell):
    FIELD = "close_date"
    close_date = DateField(label="Close date", required=False)


class StepCell(FieldCell):
    FIELD = "next_step"
    next_step = forms.CharField(label="Next step", max_length=200, required=False)


class StageCell(StageForm):
    """The stage; the reason is asked for once the move says that it needs one."""


def cell_form(field: str, deal: Deal, data: QueryDict | None = None) -> Any:
    """The form of a cell, opened over the deal as it is, or as it was posted."""
    if field == "stage":
        _, playbook = playbooks.current()
        return StageCell(data, initial={"stage": deal.stage, "seen": deal.stage}, playbook=playbook)
    form = {"amount": AmountCell, "close_date": CloseCell, "next_step": StepCell}[field]
    if data is not None:
        return form(data, auto_id=f"cell_{deal.pk}_%s")
    return form.opened({field: getattr(deal, field)}, deal.version, auto_id=f"cell_{deal.pk}_%s")
