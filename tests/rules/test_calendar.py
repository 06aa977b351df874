"""Fiscal quarters and working days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules.calendar import Calendar, FiscalQuarter, fiscal_quarter, working_days_after, working_days_between

DAY = dt.timedelta(days=1)
CHRISTMAS = dt.date(2026, 12, 25)  # a Friday
OFFICE = Calendar(holidays=frozenset({CHRISTMAS, dt.date(2027, 1, 1)}))
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    "start, day, label, first, last",
    [
        (1, dt.date(2026, 1, 1), "Q1 2026", dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        (1, dt.date(2026, 12, 31), "Q4 2026", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        (2, dt.date(2026, 1, 31), "Q4 2026", dt.date(2025, 11, 1), dt.date(2026, 1, 31)),
        (2, dt.date(2026, 2, 1), "Q1 2027", dt.date(2026, 2, 1), dt.date(2026, 4, 30)),
        (7, dt.date(2024, 2, 29), "Q3 2024", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        (12, dt.date(2026, 12, 1), "Q1 2027", dt.date(2026, 12, 1), dt.date(2027, 2, 28)),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(start, day, label, first, last):
    found = fiscal_quarter(day, start)
    assert (found.label, found.first_date, found.last_date) == (label, first, last)


@pytest.mark.parametrize("start", range(1, 13))
def test_quarters_follow_one_another_whatever_month_begins_the_year(start):
    day = dt.date(2024, start, 1)
    seen: list[FiscalQuarter] = []
    while len(seen) < 9:
        found = fiscal_quarter(day, start)
        assert found.first_date == day
        assert fiscal_quarter(found.last_date, start) == found
        seen.append(found)
        day = found.last_date + DAY
    assert [one.quarter for one in seen] == [1, 2, 3, 4, 1, 2, 3, 4, 1]
    assert [one.year - seen[0].year for one in seen] == [0, 0, 0, 0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "day, n, then",
    [
        (dt.date(2026, 12, 23), 1, dt.date(2026, 12, 24)),
        (dt.date(2026, 12, 24), 1, dt.date(2026, 12, 28)),
        (dt.date(2026, 12, 24), 2, dt.date(2026, 12, 29)),
        (dt.date(2026, 12, 26), 1, dt.date(2026, 12, 28)),
        (dt.date(2026, 12, 31), 1, dt.date(2027, 1, 4)),
        (CHRISTMAS, 0, dt.date(2026, 12, 28)),
        (dt.date(2026, 12, 24), 0, dt.date(2026, 12, 24)),
    ],
)
def test_weekends_and_holidays_are_passed_over(day, n, then):
    assert working_days_after(day, n, OFFICE) == then


@given(DATES, st.integers(1, 40), st.sets(st.integers(0, 6), min_size=1), st.sets(DATES, max_size=5))
def test_counting_there_and_back_agrees(day, n, weekdays, holidays):
    calendar = Calendar(hours={one: (dt.time(9), dt.time(17)) for one in weekdays}, holidays=frozenset(holidays))
    then = working_days_after(day, n, calendar)
    assert calendar.works_on(then)
    assert working_days_between(day, then, calendar) == n
    by_day = [day + k * DAY for k in range(1, (then - day).days + 1)]
    assert sum(calendar.works_on(one) for one in by_day) == n


def test_a_week_has_a_working_day():
    with pytest.raises(ValueError, match="working day"):
        Calendar(hours={})
    with pytest.raises(ValueError, match="forwards"):
        working_days_after(CHRISTMAS, -1, OFFICE)
