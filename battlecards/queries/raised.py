"""Where the library's objections were raised lately, as far as somebody sees those deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.models import Person
from deals.models import Deal, RaisedObjection

LATELY = dt.timedelta(days=90)
MOST_READ = 300
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Lately:
    """How often an objection was raised in the last 90 days, and the last times. `more` where that many are not all that were read."""

    rows: tuple[RaisedObjection, ...]
    count: int
    more: bool


def raised_lately(user: Person, keys: Sequence[str], now: dt.datetime) -> Mapping[str, Lately]:
    """By the objection's key; in one statement, of deals the person sees in full."""
    rows = RaisedObjection.objects.filter(
        key__in=keys, raised_at__gte=now - LATELY, deal__in=Deal.objects.detailed_to(user)
    )
    found = list(rows.select_related("deal__account", "raised_by").order_by("-raised_at", "-pk")[:MOST_READ])
    by_key: dict[str, list[RaisedObjection]] = {}
    for row in found:
        by_key.setdefault(row.key, []).append(row)
    more = len(found) == MOST_READ
    return {key: Lately(tuple(ones[:MOST_SHOWN]), len(ones), more) for key, ones in by_key.items()}
