"""Imports, for operations: send files, look at what they would do, bring them in, look up what was odd, take it back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.forms.imports import MappingForm, NewImportForm
from crm.importing.uploads import BadUpload, receive
from crm.lib.errors import Clash
from crm.lib.views import act, allowed, attempt
from crm.models import ImportRun
from crm.queries import imports as queries
from crm.rules import access
from crm.rules.import_rules import label_of
from crm.services import import_work, imports

for_operations = allowed(access.may_run_operations)


@require_safe
@for_operations
def import_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.runs(), 50).get_page(request.GET.get("page"))
    rows = [{"run": run, "state": queries.state_of(run), "counts": queries.counts(run)} for run in page]
    return render(request, "crm/import_list.html", {"rows": rows, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_operations
def import_new(request: HttpRequest) -> HttpResponse:
    form = NewImportForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        run, status = _receive(request, form) if form.is_valid() else (None, 422)
        if run is not None:
            return _to(run)
    return render(request, "crm/import_new.html", {"form": form}, status=status)


def _receive(request: HttpRequest, form: NewImportForm) -> tuple[ImportRun | None, int]:
    try:
        folder = receive(form.cleaned_data["uploads"], imports.uploads())
    except BadUpload as bad:
        form.add_error("uploads", str(bad))
        return None, 422
    return attempt(form, lambda: imports.start_check(act=act(request), folder=folder, mapping=form.mapping()))


@require_safe
@for_operations
def import_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _run(run_id)
    context = _shown(run)
    if request.headers.get("HX-Live"):
        if request.GET.get("token") == context["token"]:
            return HttpResponse(status=204)
        return render(request, "crm/partials/import_state.html", context)
    return render(request, "crm/import_detail.html", context)


def _run(run_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("job", "started_by"), pk=run_id)


def _shown(run: ImportRun, form: MappingForm | None = None) -> dict[str, Any]:
    state = queries.state_of(run)
    job = run.job
    done = bool(run.figures) and not run.dry_run
    return {
        "run": run,
        "state": state,
        "token": f"{state}-{job.pk}-{job.done}" if job else state,
        "groups": queries.groups(run) if state != "working" else [],
        "counts": queries.counts(run),
        "figures": queries.figures(run),
        "columns": run.summary.get("columns", []),
        "undone": queries.undone(run),
        "changed_nothing": done and not any(row["created"] or row["updated"] for row in queries.counts(run)),
        "may_import": state == "checked" or (state == "stopped" and run.state == "running" and not run.dry_run),
        "may_undo": not run.dry_run and state in ("done", "stopped"),
        "may_map": state in ("checked", "refused") or (state == "stopped" and run.dry_run),
        "form": form or MappingForm(initial={"mapping": run.mapping}),
    }


@require_POST
@for_operations
def import_check(request: HttpRequest, run_id: int) -> HttpResponse:
    """Checks the same files with a corrected mapping."""
    form, run = MappingForm(request.POST), _run(run_id)
    status = 422
    if form.is_valid():
        text = form.cleaned_data["mapping"]
        started, status = attempt(form, lambda: imports.check_again(act=act(request), run_id=run_id, mapping=text))
        if started is not None:
            return _to(started)
    return render(request, "crm/import_detail.html", _shown(run, form) | {"open_mapping": True}, status=status)


@require_POST
@for_operations
def import_start(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _run(run_id)
    try:
        imports.start_import(act=act(request), run_id=run_id)
    except Clash as clash:
        return render(request, "crm/import_detail.html", _shown(run) | {"clash": str(clash)}, status=409)
    return _to(run)


@require_POST
@for_operations
def import_again(request: HttpRequest, run_id: int) -> HttpResponse:
    """A new check of the files of an earlier run, with the mapping that one had."""
    run = _run(run_id)
    try:
        again = imports.start_check(act=act(request), folder=Path(run.folder), mapping=run.mapping)
    except Clash as clash:
        return render(request, "crm/import_detail.html", _shown(run) | {"clash": str(clash)}, status=409)
    return _to(again)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operations
def import_undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """What would stay because it is in use; then, if somebody still wants it, the undo."""
    run, clash = _run(run_id), ""
    if request.method == "POST":
        try:
            imports.start_undo(act=act(request), run_id=run_id, keep_used=request.POST.get("keep_used") == "yes")
        except Clash as refusal:
            clash = str(refusal)
        else:
            messages.info(request, f"Import {run_id} is being undone.")
            return _to(run)
    may_undo = _shown(run)["may_undo"]
    usage = import_work.find_usage(run) if may_undo else None
    context = {"run": run, "usage": usage, "may_undo": may_undo, "clash": clash, "counts": queries.counts(run)}
    return render(request, "crm/import_undo.html", context, status=409 if clash else 200)


@require_safe
@for_operations
def import_remarks(request: HttpRequest, run_id: int) -> HttpResponse:
    """The remarks of one rule, file and column, line by line."""
    run = _run(run_id)
    rule, file, column = (request.GET.get(name, "") for name in ("rule", "file", "column"))
    page = Paginator(queries.remarks(run, rule=rule, file=file, column=column), queries.PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "run": run,
        "page": page,
        "rule": rule,
        "title": label_of(rule) if rule else "All remarks",
        "file": file,
        "column": column,
    }
    return render(request, "crm/import_remarks.html", context)


@require_safe
@for_operations
def import_report(request: HttpRequest, run_id: int) -> HttpResponse:
    """The whole report as CSV."""
    run = _run(run_id)
    text = io.StringIO()
    csv.writer(text).writerows(queries.report_rows(run))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-report.csv"'
    return response


def _to(run: ImportRun) -> HttpResponseRedirect:
    return redirect(reverse("crm:import-detail", args=[run.pk]))
