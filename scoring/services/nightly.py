"""What a new day changes by itself: conditions that look at the calendar, and evidence that grows old.

Only deals that may have changed are looked at: those with a date that passed a test's bound since the last sweep, and those with a
confirmation that turned stale. Bounds are taken a day wide on both sides; a deal looked at in vain costs a moment and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from crm.queries import playbook as playbooks
from deals.models import Deal, MeddpiccElement, Strength
from playbook.conditions import add_months
from playbook.schema import Playbook
from playbook.schema.conditions import FactTest
from playbook.schema.qualification import Bant
from scoring.rules.bulk_attribution import dated_tests

DAY = dt.timedelta(days=1)


def affected(since: dt.date, today: dt.date) -> list[int]:
    """The open deals whose score or lights may differ today from what they were on `since`, by id."""
    _, playbook = playbooks.current()
    dated = Q(pk__in=[])
    for fact, first, last in windows(playbook.bant, since, today):
        # Dates are kept as YYYY-MM-DD, so texts compare as the days do. A deal's own fact stands over its account's.
        for where in ("bant__facts", "account__facts"):
            within = {f"{where}__{fact}__gte": first.isoformat(), f"{where}__{fact}__lte": last.isoformat()}
            dated |= Q(**within)
    found = set(Deal.objects.open().filter(dated).values_list("pk", flat=True))
    return sorted(found | set(stale(playbook, since, today)))


def windows(bant: Bant, since: dt.date, today: dt.date) -> Iterator[tuple[str, dt.date, dt.date]]:
    """Fact, first and last date: a date outside all of these gives every test the same outcome on both days."""
    for test in dated_tests(bant):
        for bound in bounds(test):
            yield test.fact, _moved(since, bound) - DAY, _moved(today, bound) + DAY


def bounds(test: FactTest) -> tuple[tuple[int, int], ...]:
    """Where a test's outcome turns over, as (months, days) from today."""
    if test.within_months is not None:
        return (0, 0), (test.within_months, 0)
    return ((0, 0),) if test.passed is not None else ((0, -(test.older_than_days or 0)),)


def _moved(day: dt.date, bound: tuple[int, int]) -> dt.date:
    months, days = bound
    return add_months(day, months) + dt.timedelta(days=days)


def stale(playbook: Playbook, since: dt.date, today: dt.date) -> list[int]:
    """Open deals with a confirmation that stopped counting after `since`, up to `today`."""
    age = dt.timedelta(days=playbook.meddpicc.stale_after_days)
    aged = MeddpiccElement.objects.filter(
        strength=Strength.CONFIRMED, confirmed_date__gte=since - age - DAY, confirmed_date__lte=today - age
    )
    return list(aged.filter(deal__outcome="open", deal__deleted_at=None).values_list("deal_id", flat=True).distinct())
