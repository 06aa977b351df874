"""The deal brief: one page for the executive before a call."""

from __future__ import annotations

import datetime as dt

from deals.models import Deal
from reports.documents.frame import Document
from reports.queries.deal_brief import Brief
from reports.rules.quotes import long_date


def brief_document(deal: Deal, brief: Brief, *, ours: str, by: str, day: dt.date) -> Document:
    """Internal, for `by`; as of the deal's version and `day`."""
    shown = long_date(day.isoformat())
    return Document(
        template="reports/print/deal_brief.html",
        name=f"brief-{deal.pk}-{day.isoformat()}",
        title=f"Brief: {brief.name}",
        author=ours,
        sheet="brief.css",
        footer=f"{ours} · Confidential · {shown} · for {by}",
        rows=30,
        values={"brief": brief, "day": shown},
    )
