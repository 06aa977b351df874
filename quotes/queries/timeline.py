"""What a deal's timeline tells of its quotes: drafted, sent, decided by whom, void and why, accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse

from crm.models import AuditEntry
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from crm.rules.formatting import money
from quotes.models import Quote

KEY = "quotes"
Changes = Mapping[str, Any]


def register() -> None:
    timeline_providers.add(TimelineProvider(key=KEY, label="Quotes", entries=entries))


def entries(
    deal_id: int, before: dt.datetime | None, limit: int, since: dt.datetime | None = None, kind: str = KEY
) -> Sequence[TimelineEntry]:
    """Two queries: what the audit keeps of the deal's quotes, and their titles. What a draft went through is not told."""
    rows = AuditEntry.objects.filter(deal_id=deal_id, kind="quote", verb__in=SAID).select_related("made_by")
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    if since is not None:
        rows = rows.filter(made_at__gte=since)
    found = list(rows.order_by("-made_at", "-id")[:limit])
    quotes = (
        {quote.pk: quote for quote in Quote.objects.filter(deal=deal_id).only("title", "currency")} if found else {}
    )
    return [_entry(row, quotes.get(row.object_id)) for row in found]


def _entry(row: AuditEntry, quote: Quote | None) -> TimelineEntry:
    name = f"Q-{row.object_id:05d}"
    text = SAID[row.verb](row.changes, quote.currency if quote else "")
    return TimelineEntry(
        at=row.made_at,
        kind=KEY,
        text=f"{name} {text}",
        by=str(row.made_by) if row.made_by else "by the rules" if row.verb == "cleared" else "",
        more=quote.title if quote and row.verb in ("created", "submitted") else "",
        quote=row.why if row.verb != "commented" else _new(row.changes, "comment"),
        url=reverse("quotes:quote-detail", args=[quote.pk]) if quote else "",
    )


def _new(changes: Changes, field: str) -> str:
    pair = changes.get(field)
    return "" if not pair or pair[1] is None else str(pair[1])


def _sum(changes: Changes, currency: str) -> str:
    total = _new(changes, "total")
    return money(Decimal(total), currency) if total else ""


def _of(changes: Changes) -> str:
    number = _new(changes, "revision")
    return f"revision {number}" if number else ""


def _decided(changes: Changes, currency: str) -> str:
    place = _new(changes, "in_place_of")
    return f"{_new(changes, 'verdict').lower()} as {_new(changes, 'step')}" + (
        f", in place of {place}" if place else ""
    )


def _submitted(changes: Changes, currency: str) -> str:
    return f"{_of(changes)} sent for approval: {_sum(changes, currency)}"


SAID: Mapping[str, Callable[[Changes, str], str]] = {
    "created": lambda changes, currency: "drafted",
    "submitted": _submitted,
    "asked": lambda changes, currency: f"waits for {_new(changes, 'asked')}",
    "escalated": lambda changes, currency: f"waits for {_new(changes, 'asked')} now: nobody answered in time",
    "decided": _decided,
    "cleared": lambda changes, currency: "approved at once: nobody has to agree",
    "withdrawn": lambda changes, currency: f"{_of(changes)} withdrawn",
    "void": lambda changes, currency: f"{_of(changes)} is void",
    "accepted": lambda changes, currency: f"{_of(changes)} accepted by the customer: {_sum(changes, currency)}",
    "commented": lambda changes, currency: "remarked on",
}
"""How each event is said, after the quote's number."""
