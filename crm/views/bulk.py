"""Changing and exporting many records: what was picked and will happen, how far it is, what became of each, undoing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.forms.lists import BulkForm
from crm.lib import keyset
from crm.lib.downloads import download
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt, number, person
from crm.list_kinds import BulkAction, list_kinds, seen_kinds
from crm.models import BulkChange
from crm.queries.bulk import foretell, outcomes, own_changes, token
from crm.rules import access
from crm.services.bulk import MOST, MOST_IDS, ask, ask_undo, draw_up, picked
from crm.services.exports import KEPT, open_export
from crm.views.saved_views import kind_of

SORTS = keyset.both_ways(Sort("id", "Record", ("object_id",)))


@require_GET
@allowed(access.sees_accounts)
def bulk_list(request: HttpRequest) -> HttpResponse:
    """What one asked for, the last first."""
    user = person(request)
    rows = own_changes(user, seen_kinds(user.roles))
    page = keyset.page(
        rows, keyset.both_ways(Sort("asked", "Asked", ())), request.GET, default="-asked", noun="changes"
    )
    context = {"page": page, "rows": [(bulk, list_kinds.get(bulk.kind), _title(bulk)) for bulk in page.rows]}
    return render(request, "lists/bulk_list.html", context)


@require_POST
@allowed(access.sees_accounts)
def bulk_new(request: HttpRequest, list_kind: str) -> HttpResponse:
    """Takes what was ticked, or the filter, and leads to the page that shows what will happen."""
    kind = kind_of(request, list_kind)
    ids = [pk for text in request.POST.getlist("ids")[: MOST_IDS + 1] if (pk := number(text))]
    everything = "all" in request.POST
    try:
        bulk = draw_up(
            act=act(request),
            kind=kind.key,
            action=request.POST.get("action", ""),
            ids=None if everything else ids,
            query=request.POST.get("query", ""),
        )
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except Invalid as wrong:
        messages.warning(request, str(wrong))
        return redirect(f"{reverse(kind.url_name)}?{request.POST.get('query', '')[:2000]}")
    if bulk.is_export:
        ask(act=act(request), bulk_id=bulk.pk)
    return redirect("crm:bulk-detail", bulk.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_accounts)
def bulk_detail(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Before it is asked for: what will happen, and the form. Afterwards: how far it is and what became of each record."""
    bulk = _own(request, bulk_id)
    if bulk.asked_at is not None and request.method != "POST":
        return _progress(request, bulk)
    kind = list_kinds.get(bulk.kind)
    back_url = f"{reverse(kind.url_name)}?{bulk.query}"
    try:
        rows = picked(kind, bulk, person(request))
    except Invalid as wrong:
        messages.warning(request, str(wrong))
        return redirect(back_url)
    action = kind.action(bulk.action)
    posted = request.POST if request.method == "POST" else None
    form, status = BulkForm(posted, action=action, user=person(request)), 200
    if posted is not None:
        asked, status = _ask(request, bulk, form, action)
        if asked is not None:
            return redirect("crm:bulk-detail", bulk.pk)
    context = {
        "bulk": bulk,
        "kind": kind,
        "action": action,
        "form": form,
        "foretold": foretell(rows, MOST, action.expected, person(request)),
        "back_url": back_url,
    }
    return render(request, "lists/bulk_ask.html", context, status=status)


def _ask(request: HttpRequest, bulk: BulkChange, form: BulkForm, action: BulkAction) -> tuple[BulkChange | None, int]:
    if not form.is_valid():
        return None, 422
    value, why = action.read(form.cleaned_data["value"]), form.cleaned_data.get("why", "")
    return attempt(form, lambda: ask(act=act(request), bulk_id=bulk.pk, value=value, why=why))


@require_POST
@allowed(access.sees_accounts)
def bulk_undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    bulk = _own(request, bulk_id)
    try:
        ask_undo(act=act(request), bulk_id=bulk.pk)
    except Clash as clash:
        messages.warning(request, str(clash))
    return redirect("crm:bulk-detail", bulk.pk)


@require_GET
@allowed(access.sees_accounts)
def bulk_file(request: HttpRequest, bulk_id: int) -> Any:
    """An export's file, to whoever asked for it, while they may still see such lists."""
    bulk = _own(request, bulk_id)
    opened = open_export(bulk)
    if opened is None:
        raise Http404("There is no file: it is still being written, or its week is over. Export the list again.")
    answer = download(opened, name=f"{bulk.kind}-{bulk.pk}.csv", content_type="text/csv")
    answer["Cache-Control"] = "private, no-store"  # a list of customers stays in no browser
    return answer


def _progress(request: HttpRequest, bulk: BulkChange) -> HttpResponse:
    kind, now = list_kinds.get(bulk.kind), token(bulk)
    if "token" in request.GET and request.GET["token"] == now:
        return HttpResponse(status=204)
    which = request.GET.get("show", "")
    page = keyset.page(outcomes(bulk, which), SORTS, request.GET, default="id", noun="records")
    at_work = bulk.finished_at is None or (bulk.undo_asked_at is not None and bulk.undone_at is None)
    context: dict[str, Any] = {
        "bulk": bulk,
        "kind": kind,
        "title": _title(bulk),
        "at_work": at_work,
        "running": bulk.undo_job if bulk.undo_asked_at else bulk.job,
        "token": now,
        "live_url": reverse("crm:bulk-detail", args=[bulk.pk]) if at_work else "",
        "which": which,
        "page": page,
        "rows": _worded(bulk, page.rows),
        "kept_until": bulk.finished_at + KEPT if bulk.finished_at else None,
        "back_url": f"{reverse(kind.url_name)}?{bulk.query}",
    }
    template = "lists/partials/bulk_progress.html" if "token" in request.GET else "lists/bulk_detail.html"
    return render(request, template, context)


def _worded(bulk: BulkChange, rows: list[Any]) -> list[dict[str, Any]]:
    kind = list_kinds.get(bulk.kind)
    if bulk.is_export:
        return []
    words = kind.action(bulk.action).in_words({value for row in rows for value in (row.before, row.after) if value})
    return [
        {
            "row": row,
            "url": reverse(kind.record_url, args=[row.object_id]),
            "before": words.get(row.before, "—"),
            "after": words.get(row.after, "—"),
        }
        for row in rows
    ]


def _title(bulk: BulkChange) -> str:
    kind = list_kinds.get(bulk.kind)
    if bulk.is_export:
        return f"Export of {kind.many}"
    return f"{kind.action(bulk.action).label} to {bulk.value_words}"


def _own(request: HttpRequest, bulk_id: int) -> BulkChange:
    user = person(request)
    bulk: BulkChange | None = own_changes(user, seen_kinds(user.roles), drafts=True).filter(pk=bulk_id).first()
    if bulk is None:
        raise Http404("There is no such change, or it is not yours to see.")
    return bulk
