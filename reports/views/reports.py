"""The pages of reports, and their tables as files: the same for every kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from crm.lib.downloads import download
from crm.lib.views import allowed, person
from crm.rules import access
from reports.documents.sheets import CSV, XLSX, as_csv, as_xlsx, file_name
from reports.forms import asked
from reports.kinds import ReportKind, report_kinds
from reports.rules.exporting import basis
from reports.services.built import Waiting, built
from reports.views.waiting import no_file_yet, there, waiting


@require_safe
@allowed(access.reads_reports)
def report_list(request: HttpRequest) -> HttpResponse:
    """What reports there are for whoever asks."""
    roles = person(request).roles
    kinds = [kind for kind in report_kinds if kind.allowed(roles)]
    context = {"kinds": sorted(kinds, key=lambda kind: kind.place), "may_check": access.may_run_operations(roles)}
    return render(request, "reports/report_list.html", context)


def report_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of one kind of report. Without a role, or for a kind there is not: 404; for another role: 403."""

    @login_required
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, key: str, *args: object, **kwargs: object) -> HttpResponseBase:
        who = person(request)
        if not who.roles or key not in report_kinds:
            raise Http404("There is no such report.")
        kind = report_kinds.get(key)
        if not kind.allowed(who.roles):
            raise PermissionDenied("Your role does not include this report. Operations can change roles.")
        return view(request, kind, *args, **kwargs)

    return answer


@report_view
def report_page(request: HttpRequest, kind: ReportKind) -> HttpResponse:
    wanted, form = asked(person(request), request.GET, asks=kind.asks, by=kind.by)
    kept = built(kind, wanted, anew=bool(request.GET.get("anew")))
    if isinstance(kept, Waiting):
        return waiting(request, kind, wanted, form, kept)
    if "token" in request.GET or "there" in request.GET:
        return there(request, kind, wanted)
    report = kept.found
    context = {
        "kept": kept,
        "kind": kind,
        "form": form,
        "asked": wanted,
        "report": report,
        "basis": basis(report.stated),
        "query": wanted.query(),
        "tables": {table.key: table for table in report.tables},
        "plotly": static(settings.PLOTLY_JS_PATH),
    }
    if kind.extra:
        context |= kind.extra(wanted, report)  # nosec B610 - ours, not a queryset's
    return render(request, kind.template, context)


@report_view
def report_file(request: HttpRequest, kind: ReportKind, table: str, ending: str) -> HttpResponseBase:
    """One table, or "all" of them as a workbook."""
    wanted, _ = asked(person(request), request.GET, asks=kind.asks, by=kind.by)
    kept = built(kind, wanted)
    if isinstance(kept, Waiting):
        return no_file_yet(request, kind, wanted)
    report = kept.found
    one = next((found for found in report.tables if found.key == table), None)
    if one is None and not (table == "all" and ending == "xlsx"):
        raise Http404("This report has no such table.")
    made = as_xlsx(report, one) if ending == "xlsx" or one is None else as_csv(report, one)
    return download(
        io.BytesIO(made), name=file_name(report, one, ending), content_type=XLSX if ending == "xlsx" else CSV
    )
