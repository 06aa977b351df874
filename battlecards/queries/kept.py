"""The editors' queue of a house with very many cards: worked out once, it stands for some minutes and says since when. Whatever an
editor or the field says meanwhile is in it at once; how often claims are used, and what becomes of deals, is as of then."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Count, Max, QuerySet, Subquery, Sum, Value

from battlecards.models import Card, Claim, Confirmation, Feedback, GapSeen
from battlecards.queries.queue import Queue, queue

STANDS_FOR = 300
"""Seconds."""
MANY = 500
"""From so many rows on the queue stands: counting what was used takes long, and nobody reads so far."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`queue` with its first `most` rows, `all` there are, and when it was worked out; `stands`: it is shown again for a while."""

    queue: Queue
    all: int
    at: dt.datetime
    stands: bool


def kept(now: dt.datetime, today: dt.date, most: int | None, *, anew: bool = False) -> Kept:
    """The first `most` rows with the counts of all, or every row; `anew` works them out now."""
    key = f"cards-queue-{most}:{today}:{_said()}"
    standing: Kept | None = None if anew else cache.get(key)
    if standing is not None:
        return standing
    found = queue(now, today)
    cut = replace(found, rows=found.rows[:most])
    new = Kept(cut, len(found.rows), now, stands=len(found.rows) >= MANY)
    if new.stands:
        cache.set(key, new, STANDS_FOR)
    elif anew:
        cache.delete(key)
    return new


def _said() -> str:
    """Changes whenever a card is published, reviewed or retired, a claim is confirmed or marked, a gap is known, or the field says
    something of a claim: in one statement, each part of an index or of the cards alone."""
    marked = Claim.objects.filter(review_since_at__isnull=False)
    unseen = Feedback.objects.filter(seen_at__isnull=True)
    parts = {
        "marked": _one(marked, Count("pk")),
        "last_marked": _one(marked, Max("review_since_at")),
        "confirmed": _one(Confirmation.objects.all(), Max("pk")),
        "unseen": _one(unseen, Count("pk")),
        "last_unseen": _one(unseen, Max("pk")),
        "known": _one(GapSeen.objects.all(), Max("seen_at")),
    }
    cards = Card.objects.aggregate(
        Sum("version"),
        Max("reviewed_at"),
        Count("retired_at"),
        Max("pk"),
        **{name: Max(Subquery(rows)) for name, rows in parts.items()},
    )
    return hashlib.sha256(repr(sorted(cards.items())).encode()).hexdigest()


def _one(rows: QuerySet[Any, Any], what: Aggregate) -> QuerySet[Any, Any]:
    """One number over all rows, as a subquery."""
    found: QuerySet[Any, Any] = rows.order_by().annotate(all=Value(1)).values("all").annotate(found=what)
    return found.values("found")
