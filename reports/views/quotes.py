"""A quote's paper."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from crm.lib.downloads import download
from crm.lib.views import person
from crm.models import Job, JobState
from quotes.services.reminders import void_if_fallen
from reports.documents import frame, printing
from reports.documents.frame import Document
from reports.documents.quotes import NotPriced, quote_document
from reports.queries.quotes import revision_for
from reports.services import papers


@login_required
@require_safe
def quote_pdf(request: HttpRequest, quote_id: int, revision: int) -> HttpResponseBase:
    """What the customer gets; a watermark on all that is no offer. 409 where it has no price, 503 where
    nothing can print, 202 while a worker prints a long one."""
    found = revision_for(person(request), quote_id, revision)
    if found is None:
        raise Http404("There is no such quote, or it is not yours to see.")
    void_if_fallen(found)
    beside = {"quote": found.quote, "revision": found}
    try:
        document = quote_document(found)
    except NotPriced as refused:
        return render(request, "reports/quote_not_priced.html", {**beside, "sentences": refused.sentences}, status=409)
    drawn = frame.html(document)
    identity = frame.identity(document, drawn)
    etag = f'"{identity}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        return unchanged
    if missing := printing.warm():
        return render(request, "reports/no_printer.html", {**beside, "missing": missing}, status=503)
    made = papers.kept(identity) if papers.is_long(document) else _printed(document, drawn, identity)
    if made is None:
        job = papers.ask_for_quote(found, identity, by=person(request))
        return _not_yet(request, job, beside)
    answer = download(io.BytesIO(made), name=f"{document.name}.pdf", content_type="application/pdf")
    answer["ETag"] = etag
    return answer


def _printed(document: Document, drawn: str, identity: str) -> bytes:
    return printing.pdf(drawn, sheet=document.sheet, identifier=identity)


def _not_yet(request: HttpRequest, job: Job, beside: dict[str, Any]) -> HttpResponse:
    """A page that asks again by itself, without scripts, until the answer is a file."""
    failed = job.state == JobState.FAILED
    answer = render(request, "reports/quote_printing.html", {**beside, "job": job, "failed": failed}, status=202)
    if not failed:
        answer["Refresh"] = "1"
    answer["Cache-Control"] = "no-store"
    return answer
