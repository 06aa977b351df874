"""A cell of the list of deals, edited where it stands."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.lib import rebasing
from crm.lib.cells import Saved, edit_cell
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
    deal = sight.deal
    if field not in CELLS:
        raise Http404("This is not edited in a list.")
    if not deal.is_open and (bare(request) or request.method == "POST"):
        raise Http404("A closed deal is not edited in a list.")
    return edit_cell(
        request,
        deal,
        partial(cell_form, field, deal),
        partial(_save, request, deal),
        partial(_shown, request, field),
        edit_url=reverse("deals:deal-edit", args=[deal.pk]),
        list_url=reverse("deals:deal-list"),
    )


def _save(request: Request, deal: Deal, form: Any) -> Saved[Deal]:
    if isinstance(form, StageCell):
        return _move(request, deal, form)

    def update(version: int | None) -> Deal:
        return update_deal(act=act(request), deal_id=deal.pk, values=form.values, expected_version=version)

    return rebasing.save(form, update, form.now)


def _move(request: Request, deal: Deal, form: StageCell) -> Saved[Deal]:
    if not form.is_valid():
        return None, [], 422
    values = form.cleaned_data
    move = partial(change_stage, deal_id=deal.pk, stage=values["stage"], why=values["why"], seen_stage=values["seen"])
    saved, status = attempt(form, lambda: move(act=act(request)))
    return saved, [], status


def _shown(request: Request, field: str, deal: Deal) -> str:
    """What stands in the cell, as the list's own rows say it."""
    _, playbook = playbooks.current()
    found = list(rows(Deal.objects.filter(pk=deal.pk)))
    dress(found, playbook, timezone.now(), request.user)
    return cell(found[0], CELLS[field])
