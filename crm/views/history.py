"""The history of changes: of one account or contact, and of everything for operations."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import allowed, bare, person
from crm.models import Route
from crm.queries.history import HistoryFilter, filtered_history, history_of, kinds, people_by_name, told
from crm.queries.merging import MODELS
from crm.rules import access

SORTS = keyset.both_ways(Sort("made", "Changed", ("made_at",)))
PANEL = 20


@require_GET
@allowed(access.may_run_operations)
def audit(request: HttpRequest) -> HttpResponse:
    """Every change of every guarded record, by filters; each state a URL."""
    wanted = HistoryFilter.from_query(request.GET)
    page = keyset.page(filtered_history(wanted), SORTS, request.GET, default="-made", noun="changes")
    context = {
        "page": page,
        "entries": told(page.rows),
        "wanted": wanted,
        "narrowed": wanted != HistoryFilter(),
        "kinds": [(one, one.replace("_", " ")) for one in kinds()],
        "people": people_by_name(),
        "routes": Route.choices,
    }
    return render(request, "crm/audit.html", context)


@require_GET
@allowed(access.sees_contacts)
def account_history(request: HttpRequest, account_id: int) -> HttpResponse:
    return _of(request, "account", account_id)


@require_GET
@allowed(access.sees_contacts)
def contact_history(request: HttpRequest, contact_id: int) -> HttpResponse:
    return _of(request, "contact", contact_id)


def _of(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """A panel of the record's page to htmx, with the newest; a page of its own with all of it."""
    record = MODELS[kind].objects.visible_to(person(request)).filter(pk=record_id).first()
    if record is None:
        raise Http404(f"There is no such {kind}.")
    size = PANEL if bare(request) else keyset.SIZE
    page = keyset.page(history_of(kind, record_id), SORTS, request.GET, default="-made", size=size, noun="changes")
    context = {"record": record, "kind": kind, "page": page, "entries": told(page.rows), "here": request.path}
    template = "crm/partials/history_panel.html" if bare(request) else "crm/record_history.html"
    return render(request, template, context)
