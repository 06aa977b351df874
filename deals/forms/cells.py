"""What is edited in the cells of the list of deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from crm.lib.cells import FieldCell
from crm.queries import playbook as playbooks
from deals.forms.base import DateField, MoneyField
from deals.forms.stages import StageForm
from deals.models import Deal

CELLS = {"stage": "stage", "amount": "amount", "close_date": "close", "next_step": "next_step"}
"""Fields that are edited in the list, with the column each stands in."""

CONTROLS: Mapping[str, Callable[[], forms.Field]] = {
    "amount": lambda: MoneyField(label="ARR", required=False),
    "close_date": lambda: DateField(label="Close date", required=False),
    "next_step": lambda: forms.CharField(label="Next step", max_length=200, required=False),
}


class StageCell(StageForm):
    """The stage; the reason is asked for once the move says that it needs one."""


def cell_form(field: str, deal: Deal, data: QueryDict | None = None) -> Any:
    """The form of a cell, opened over the deal as it is, or as it was posted."""
    if field == "stage":
        _, playbook = playbooks.current()
        return StageCell(data, initial={"stage": deal.stage, "seen": deal.stage}, playbook=playbook)
    return FieldCell.over(deal, field, CONTROLS[field](), data)
