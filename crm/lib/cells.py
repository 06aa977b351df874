"""A cell of a list, edited where it stands: a small form in its place, and the cell again once it is saved.

Without scripts the record's own form does the same: a browser that asks for a cell by itself is sent there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from crm.lib.rebasing import Difference, RebasingForm
from crm.lib.views import bare

Record = TypeVar("Record")
Saved = tuple[Record | None, Sequence[Difference], int]
"""The record as saved, or None, with what somebody else made of it meanwhile and the status of the answer."""


class FieldCell(RebasingForm):
    """One field of a record."""

    def __init__(self, *args: Any, field: str, control: forms.Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        self.fields[field] = control

    @classmethod
    def over(cls, record: Any, field: str, control: forms.Field, data: QueryDict | None) -> Self:
        """Opened over the record as it is, or as it was posted."""
        more: dict[str, Any] = {"field": field, "control": control, "auto_id": f"cell_{record.pk}_%s"}
        if data is not None:
            return cls(data, **more)
        return cls.opened({field: getattr(record, field)}, record.version, **more)

    @property
    def values(self) -> dict[str, Any]:
        return {self.field: self.cleaned_data[self.field]}

    def now(self, record: Any) -> Mapping[str, Any]:
        """The record's value as this form shows it."""
        return {self.field: getattr(record, self.field)}


def edit_cell(
    request: HttpRequest,
    record: Record,
    form_of: Callable[[QueryDict | None], Any],
    save: Callable[[Any], Saved[Record]],
    shown: Callable[[Record], str],
    *,
    edit_url: str,
    list_url: str,
) -> HttpResponse:
    """The form, or with ?show the cell as it stands; what is posted is saved, or told in the cell with all that was typed.

    `shown` gives the cell as the list's own rows have it.
    """
    if request.method != "POST":
        if not bare(request):
            return redirect(edit_url)
        return HttpResponse(shown(record)) if "show" in request.GET else _form(request, record, form_of(None))
    form = form_of(request.POST)
    saved, differences, status = save(form)
    if saved is None:
        return _form(request, record, form, status, differences)
    return HttpResponse(shown(saved)) if bare(request) else redirect(list_url)


def _form(
    request: HttpRequest, record: Any, form: Any, status: int = 200, differences: Sequence[Difference] = ()
) -> HttpResponse:
    context = {"record": record, "form": form, "differences": differences, "action": request.path}
    return render(request, "lists/partials/cell_form.html", context, status=status)
