"""A quote's paper."""

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
from reports.documents.quotes import NotPriced, quote_document
from reports.queries.quotes import revision_for


@login_required
@require_safe
def quote_pdf(request: HttpRequest, quote_id: int, revision: int) -> HttpResponseBase:
    """What the customer gets; a watermark on all that is no offer. 409 where it has no price, 503 where nothing can print."""
    found = revision_for(person(request), quote_id, revision)
    if found is None:
        raise Http404("There is no such quote, or it is not yours to see.")
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
    try:
        made = printing.pdf(drawn, sheet=document.sheet, identifier=identity)
    except printing.NoPrinter as missing:
        return render(request, "reports/no_printer.html", {**beside, "missing": str(missing)}, status=503)
    answer = download(io.BytesIO(made), name=f"{document.name}.pdf", content_type="application/pdf")
    answer["ETag"] = etag
    return answer
