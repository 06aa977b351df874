"""The history of changes of a deal and of what hangs on it."""

from __future__ import annotations

from django.http import HttpResponse

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.queries.history import history_of, told
from deals.queries.detail import Sight
from deals.views.base import Request, bare, deal_view, show

SORTS = keyset.both_ways(Sort("made", "Changed", ("made_at",)))


@deal_view()
def deal_history(request: Request, sight: Sight) -> HttpResponse:
    size = 20 if bare(request) else keyset.SIZE
    rows = history_of("deal", sight.deal.pk)
    page = keyset.page(rows, SORTS, request.GET, default="-made", size=size, noun="changes")
    context = {"page": page, "entries": told(page.rows), "here": request.path}
    return show(request, sight, "crm/partials/history_panel.html", context, title="History of changes")
