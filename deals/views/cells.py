"""A cell of the list, edited where it stands: a small form in its place, and the cell again once it is saved."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from crm.lib import rebasing
from crm.lib.errors import Clash
from crm.lib.views import attempt
from crm.queries import playbook as playbooks
from deals.forms.cells import CELLS, StageCell, cell_form
from deals.models import Deal
from deals.queries.detail import Sight
from deals.queries.rows import dress, rows
from deals.services.deals import update_deal
from deals.services.stages import change_stage
from deals.templatetags.deal_rows import cell
from deals.views.base import Request, act, bare, deal_view


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def deal_cell(request: Request, sight: Sight, field: str) -> HttpResponse:
    """The form, or with ?show the cell as it stands. Without scripts the deal's own form does the same."""
    deal = sight.deal
    if field not in CELLS:
        raise Http404("This is not edited in a list.")
    if not bare(request) and request.method != "POST":
        return redirect("deals:deal-edit", deal.pk)
    if not deal.is_open:
        raise Http404("A closed deal is not edited in a list.")
    if request.method != "POST":
        return _shown(request, deal, field) if "show" in request.GET else _form(request, deal, cell_form(field, deal))
    form = cell_form(field, deal, request.POST)
    if isinstance(form, StageCell):
        saved, status = _move(request, deal, form)
        differences: list[rebasing.Difference] = []
    else:
        saved, differences, status = rebasing.save(form, lambda version: _save(request, deal, form, version), form.now)
    if saved is None:
        return _form(request, deal, form, status, differences)
    return _shown(request, saved, field) if bare(request) else redirect("deals:deal-list")


def _save(request: Request, deal: Deal, form: Any, version: int | None) -> Deal:
    return update_deal(act=act(request), deal_id=deal.pk, values=form.values, expected_version=version)


def _move(request: Request, deal: Deal, form: StageCell) -> tuple[Deal | None, int]:
    if not form.is_valid():
        return None, 422
    values = form.cleaned_data
    try:
        return attempt(
            form,
            lambda: change_stage(
                act=act(request), deal_id=deal.pk, stage=values["stage"], why=values["why"], seen_stage=values["seen"]
            ),
        )
    except Clash as clash:
        form.add_error(None, str(clash))
        return None, 409


def _form(request: Request, deal: Deal, form: Any, status: int = 200, differences: Any = ()) -> HttpResponse:
    context = {"deal": deal, "form": form, "differences": differences, "action": request.path}
    return render(request, "deals/partials/cell_form.html", context, status=status)


def _shown(request: Request, deal: Deal, field: str) -> HttpResponse:
    """What stands in the cell, as the list's own rows say it."""
    _, playbook = playbooks.current()
    found = list(rows(Deal.objects.filter(pk=deal.pk)))
    dress(found, playbook, timezone.now(), request.user)
    return HttpResponse(cell(found[0], CELLS[field]))
