"""What a deal's timeline tells of its calls: planned, held, reviewed; and of its demos and proofs of concept: begun, over. What is typed in
them, and by which steps, it does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from calls.models import Call, DealPlan
from crm.models import AuditEntry
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from crm.rules.fact_words import show_date
from crm.rules.formatting import listing

KEY = "calls"
Changes = Mapping[str, Any]
MOST_NAMED = 6


def register() -> None:
    timeline_providers.add(TimelineProvider(key=KEY, label="Calls, demos and proofs of concept", entries=entries))


def entries(
    deal_id: int, before: dt.datetime | None, limit: int, since: dt.datetime | None = None, kind: str = KEY
) -> Sequence[TimelineEntry]:
    """Three queries: what the audit keeps of the deal's calls and plans, and their titles."""
    kept = Q(kind="call", verb__in=SAID) | Q(kind="plan", verb__in=SAID_OF_PLANS)
    rows = AuditEntry.objects.filter(kept, deal_id=deal_id).select_related("made_by")
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    if since is not None:
        rows = rows.filter(made_at__gte=since)
    found = list(rows.order_by("-made_at", "-id")[:limit])
    calls = dict(Call.objects.filter(deal=deal_id).values_list("pk", "title")) if found else {}
    here = any(row.kind == "plan" for row in found)
    plans = dict(DealPlan.objects.filter(deal=deal_id).values_list("pk", "title")) if here else {}
    return [_plan(row, plans) if row.kind == "plan" else _entry(row, calls) for row in found]


def _entry(row: AuditEntry, titles: Mapping[int, str]) -> TimelineEntry:
    said, more = SAID[row.verb](row.changes)
    title = titles.get(row.object_id, "")
    url = reverse("calls:call-detail", args=[row.object_id]) if title else ""
    return _told(row, f"{title or 'A call'} {said}", more, url, "call")


def _plan(row: AuditEntry, titles: Mapping[int, str]) -> TimelineEntry:
    said, more = SAID_OF_PLANS[row.verb](row.changes)
    title = titles.get(row.object_id, "")
    url = reverse("calls:plan-detail", args=[row.object_id]) if title else ""
    return _told(row, f"{title or 'A demo or proof of concept'} {said}", more, url, "check")


def _told(row: AuditEntry, text: str, more: str, url: str, icon: str) -> TimelineEntry:
    by = str(row.made_by) if row.made_by else ""
    return TimelineEntry(at=row.made_at, kind=KEY, text=text, by=by, more=more, quote=row.why, url=url, icon=icon)


def _names(changes: Changes) -> str:
    labels = list(dict.fromkeys((changes.get("proposals") or [None, []])[1] or []))
    rest = len(labels) - MOST_NAMED
    return listing([*labels[:MOST_NAMED], f"{rest} more"] if rest > 0 else labels)


def _kept(changes: Changes) -> str:
    return " ".join((changes.get("kept") or [None, []])[1] or [])


def _document(changes: Changes) -> str:
    return str((changes.get("document") or [None, "recap"])[1]).lower()


def _to(changes: Changes) -> str:
    return listing(
        [f"to {one}" if not place else one for place, one in enumerate((changes.get("to") or [None, []])[1])]
    )


def _new(changes: Changes, name: str) -> Any:
    return (changes.get(name) or [None, ""])[1]


SAID: Mapping[str, Callable[[Changes], tuple[str, str]]] = {
    "planned": lambda changes: ("is planned", ""),
    "planned again": lambda changes: ("is planned again", ""),
    "cancelled": lambda changes: ("is cancelled", ""),
    "began": lambda changes: ("began", ""),
    "ended": lambda changes: ("ended", ""),
    "reviewed": lambda changes: ("was reviewed; taken over from its notes", _names(changes)),
    "sent": lambda changes: (f"has its {_document(changes)} sent", _to(changes)),
    "review undone": lambda changes: ("had its review undone", _kept(changes)),
}
"""How each event is said, after the call's title; and a second line."""
SAID_OF_PLANS: Mapping[str, Callable[[Changes], tuple[str, str]]] = {
    "began": lambda changes: ("is begun", f"From {show_date(_new(changes, 'starts'))}."),
    "ended": lambda changes: ("is over", str(_new(changes, "outcome"))),
}
