"""From which day on the past of what a report counts is whole."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min

from crm.queries import company as companies
from crm.rules.fact_words import show_date
from deals.models import DealSpan
from deals.queries.spans import FAR, whole_from
from reports.queries.asked import Asked
from reports.queries.scope import Scope

NEVER = "Of some deals not everything was known on any day: they were imported without it."


def whole_day(asked: Asked, scope: Scope) -> tuple[dt.date | None, tuple[str, ...]]:
    """(the first day from which all is known, notes); (None, ()) where it always was."""
    found = whole_from(DealSpan.objects.filter(scope.owned()))
    if found is None:
        return None, ()
    if found >= FAR:
        return None, (NEVER,)
    day = companies.day_of(asked.company, found)
    if asked.as_of >= day:
        return day, ()
    return day, (
        "On this day the history was not whole yet: some deals were imported without all their dates. "
        f"It is from {show_date(day)} on.",
    )


def first_closed() -> dt.date | None:
    """The day the first deal was closed that has one. Two looks into an index."""
    rows = DealSpan.objects.closed().order_by()
    days = [rows.filter(outcome=side).aggregate(day=Min("close_date"))["day"] for side in ("won", "lost")]
    return min((day for day in days if day), default=None)
