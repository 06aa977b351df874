"""The deals behind a figure of a report, as a page and as a file."""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from crm.lib.downloads import download
from crm.lib.views import person
from reports.documents.sheets import CSV, XLSX, as_csv, as_xlsx
from reports.forms import asked
from reports.kinds import ReportKind
from reports.queries.rows import MOST, behind
from reports.rules.exporting import basis
from reports.rules.report import Report
from reports.views.reports import report_view


@report_view
def report_rows(request: HttpRequest, kind: ReportKind) -> HttpResponse:
    wanted, _ = asked(person(request), request.GET, asks=kind.asks, by=kind.by)
    found = behind(wanted, request.GET)
    stated = wanted.stated(filters=found.conditions, purse=found.rates)
    context = {
        "kind": kind,
        "found": found,
        "table": found.table,
        "page": found.page,
        "basis": basis(stated),
        "query": wanted.query(),
        "rows_query": request.GET.urlencode(),
    }
    return render(request, "reports/report_rows.html", context)


@report_view
def report_rows_file(request: HttpRequest, kind: ReportKind, ending: str) -> HttpResponseBase:
    """The same rows, the first ten thousand of them."""
    wanted, _ = asked(person(request), request.GET, asks=kind.asks, by=kind.by)
    found = behind(wanted, request.GET, is_file=True)
    notes = [found.says]
    if len(found.table.rows) < found.count - found.hidden:
        notes.append(f"These are the first {MOST:,}.")
    report = Report(
        kind.key,
        "Deals",
        wanted.stated(filters=found.conditions, purse=found.rates, notes=notes),
        tables=(found.table,),
    )
    made = as_xlsx(report, found.table) if ending == "xlsx" else as_csv(report, found.table)
    name = f"{kind.key}-deals-{wanted.as_of.isoformat()}.{ending}"
    return download(io.BytesIO(made), name=name, content_type=XLSX if ending == "xlsx" else CSV)
