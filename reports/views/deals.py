"""A deal's papers, and its chance by the forecast's model."""

from __future__ import annotations

import io
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.lib.downloads import download
from crm.queries import company as companies
from deals.queries.detail import HEAD, Sight
from deals.queries.meddpicc import WITH
from deals.views.base import Request, deal_view, show
from reports.documents import frame, printing
from reports.documents.deal_brief import brief_document
from reports.queries.deal_brief import deal_brief
from reports.queries.forecast_runs import chance_of


@deal_view(*WITH, "risks", needs="detailed", related=HEAD)
def deal_brief_pdf(request: Request, sight: Sight) -> HttpResponse:
    """One page before a call, for who sees the deal in full. 503 where nothing can print."""
    now = timezone.now()
    company = companies.company()
    brief = deal_brief(sight, company, now)
    day = companies.day_of(company, now)
    document = brief_document(sight.deal, brief, ours=company.name or brief.ours, by=str(request.user), day=day)
    if missing := printing.warm():
        context = {"deal": sight.deal, "missing": missing}
        return render(request, "reports/no_printer_deal.html", context, status=503)
    drawn = frame.html(document)
    made = printing.pdf(drawn, sheet=document.sheet, identifier=frame.identity(document, drawn))
    name = f"{document.name}.pdf"
    return cast(HttpResponse, download(io.BytesIO(made), name=name, content_type="application/pdf"))


@deal_view()
def deal_chance(request: Request, sight: Sight) -> HttpResponse:
    context = {"chance": chance_of(sight.deal)}
    return show(request, sight, "reports/partials/deal_chance.html", context, title="Chance to be won")
