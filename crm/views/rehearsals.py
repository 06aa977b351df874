"""A rehearsal: asked for, watched, read by kind of change, taken along as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from crm.lib import keyset
from crm.lib.errors import Clash
from crm.lib.views import act, allowed
from crm.models import RehearsalRun
from crm.queries import rehearsals as queries
from crm.queries.rehearsals import SORTS, Wanted
from crm.rules import access
from crm.services import rehearsals as services
from crm.views.drafts import detail, found

for_operations = allowed(access.may_rehearse_playbook)


@require_POST
@for_operations
def rehearsal_start(request: HttpRequest, draft_id: int) -> HttpResponse:
    found(draft_id)
    try:
        run = services.ask(act=act(request), draft_id=draft_id)
    except Clash as clash:
        context = detail(request, found(draft_id)) | {"said": str(clash)}
        return render(request, "crm/draft_detail.html", context, status=409)
    return redirect("crm:rehearsal", run.pk)


@require_safe
@for_operations
def rehearsal(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """The page; to its own polling what has become of it, and 204 while nothing moved."""
    context = _about(_run(rehearsal_id))
    live = "token" in request.GET
    if live and request.GET["token"] == context["token"]:
        return HttpResponse(status=204)
    if context["state"] == "done":
        context |= _found(request, context["run"])
    return render(request, "crm/partials/rehearsal_state.html" if live else "crm/rehearsal.html", context)


def _found(request: HttpRequest, run: RehearsalRun) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("token", None)
    wanted = Wanted.from_query(query)
    page = keyset.page(queries.rows(run, wanted), SORTS, query, default="moved", noun="deals")
    return {
        "wanted": wanted,
        "narrowed": wanted != Wanted(),
        "page": page,
        "sort": page.sort.key,
        "shown": queries.shown_page(run, page.rows),
        "summary": queries.summary(run, wanted),
        "query": query.urlencode(),
    }


@require_safe
@for_operations
def rehearsal_table(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """The rows of the filter as CSV."""
    run = _run(rehearsal_id)
    text = io.StringIO()
    csv.writer(text).writerows(queries.table(run, Wanted.from_query(request.GET)))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rehearsal-{run.pk}.csv"'
    return answer


def _run(rehearsal_id: int) -> RehearsalRun:
    related = ("draft", "against", "asked_by", "job")
    run = RehearsalRun.objects.select_related(*related).defer("draft__data", "against__data").filter(pk=rehearsal_id)
    found_run = run.first()
    if found_run is None:
        raise Http404("There is no such rehearsal. A draft keeps its last ones.")
    return found_run


def _about(run: RehearsalRun) -> dict[str, Any]:
    state = queries.state(run, run.draft)
    job = run.job
    token = f"{state['state']}-{job.state}-{job.done}-{job.total}" if job else state["state"]
    live_url = reverse("crm:rehearsal", args=[run.pk]) if state["state"] == "working" else ""
    return {"run": run, "draft": run.draft, "job": job, "token": token, "live_url": live_url, **state}
