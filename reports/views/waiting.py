"""While a worker makes a report: how far it is, and the report by itself once it is there. One may leave, and come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from reports.forms import AskForm
from reports.kinds import ReportKind
from reports.queries.asked import Asked
from reports.services.built import Waiting


def address_of(kind: ReportKind, asked: Asked, **more: str) -> str:
    return f"{reverse('reports:report-page', args=[kind.key])}?{asked.query(**more)}".rstrip("?")


def waiting(request: HttpRequest, kind: ReportKind, asked: Asked, form: AskForm, made: Waiting) -> HttpResponse:
    """The page; to its own polling only the progress, and 204 while nothing moved. An address that asks anew leads to one that
    does not, or every look would begin again."""
    if request.GET.get("anew"):
        return redirect(address_of(kind, asked))
    live = request.headers.get("HX-Live")
    if live and request.GET.get("token") == made.token:
        return HttpResponse(status=204)
    context = {
        "kind": kind,
        "form": form,
        "asked": asked,
        "made": made,
        "job": made.job,
        "address": address_of(kind, asked),
        "anew": address_of(kind, asked, anew="1"),
    }
    return render(request, "reports/partials/waiting.html" if live else "reports/report_waiting.html", context)


def there(request: HttpRequest, kind: ReportKind, asked: Asked) -> HttpResponse:
    """To the page that waited: it is there. A page polls by itself; the report has scripts, so the whole page is loaded again."""
    if "there" in request.GET and request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.headers.get("HX-Live"):
        context = {"is_there": True, "there": address_of(kind, asked, there="1"), "address": address_of(kind, asked)}
        return render(request, "reports/partials/waiting.html", context)
    return redirect(address_of(kind, asked))


def no_file_yet(request: HttpRequest, kind: ReportKind, asked: Asked) -> HttpResponse:
    messages.info(request, "A worker makes this report first. Its files are there once it is.")
    return redirect(address_of(kind, asked))
