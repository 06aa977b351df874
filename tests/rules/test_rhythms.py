"""When a paper that comes again is due."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crm.rules.calendar import Calendar
from reports.rules.rhythms import last_due, next_due, working_days_before

BERLIN = ZoneInfo("Europe/Berlin")
OURS = Calendar(fiscal_year_start=2, holidays=frozenset({dt.date(2026, 4, 30)}))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "rhythm, day, hour, now, last, following",
    [
        # A Monday at seven in Berlin is five in UTC in summer, six in winter; the moment itself is no longer to come.
        ("weekly", 0, 7, "2026-06-03T12:00", "2026-06-01T05:00", "2026-06-08T05:00"),
        ("weekly", 0, 7, "2026-06-08T05:00", "2026-06-08T05:00", "2026-06-15T05:00"),
        ("weekly", 0, 7, "2026-10-20T12:00", "2026-10-19T05:00", "2026-10-26T06:00"),
        # On the night the clock springs from two to three.
        ("weekly", 6, 2, "2026-03-28T12:00", "2026-03-22T01:00", "2026-03-29T01:00"),
        # Sunday there, Monday here.
        ("weekly", 0, 0, "2026-06-07T22:00", "2026-06-07T22:00", "2026-06-14T22:00"),
        ("monthly", 28, 23, "2026-01-31T00:00", "2026-01-28T22:00", "2026-02-28T22:00"),
        # Quarters end with April, July, October and January; 30 April is a holiday, 31 January 2027 a Sunday.
        ("before_qbr", 0, 9, "2026-04-01T00:00", "2026-01-30T08:00", "2026-04-29T07:00"),
        ("before_qbr", 5, 9, "2026-04-01T00:00", "2026-01-23T08:00", "2026-04-22T07:00"),
        ("before_qbr", 5, 9, "2026-11-01T00:00", "2026-10-23T07:00", "2027-01-22T08:00"),
    ],
)
def test_due(rhythm, day, hour, now, last, following):
    said = {"rhythm": rhythm, "day": day, "hour": hour, "zone": BERLIN, "calendar": OURS}
    assert last_due(utc(now), **said) == utc(last)
    assert next_due(utc(now), **said) == utc(following)


def test_working_days_are_counted_back_over_holidays():
    assert working_days_before(dt.date(2026, 4, 30), 0, OURS) == dt.date(2026, 4, 29)
    assert working_days_before(dt.date(2026, 5, 1), 1, OURS) == dt.date(2026, 4, 29)
