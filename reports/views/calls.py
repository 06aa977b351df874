"""A call's papers."""

from __future__ import annotations

import io

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from crm.lib.downloads import download
from crm.lib.views import person
from reports.documents import frame, printing
from reports.documents.calls import call_document
from reports.queries.calls import document_for


@login_required
@require_safe
def call_document_pdf(request: HttpRequest, call_id: int, paper: str, number: int) -> HttpResponseBase:
    """One version of a summary or recap. 503 where nothing can print. It has some pages at most, so it is printed at once."""
    found = document_for(person(request), call_id, paper, number)
    if found is None:
        raise Http404("There is no such paper, or it is not yours to see.")
    document = call_document(found)
    drawn = frame.html(document)
    identity = frame.identity(document, drawn)
    etag = f'"{identity}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        return unchanged
    if missing := printing.warm():
        return render(request, "reports/no_printer_call.html", {"document": found, "missing": missing}, status=503)
    made = printing.pdf(drawn, sheet=document.sheet, identifier=identity)
    answer = download(io.BytesIO(made), name=f"{document.name}.pdf", content_type="application/pdf")
    answer["ETag"] = etag
    return answer
