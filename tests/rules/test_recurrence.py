"""When a task that repeats is due again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.recurrence import moved_reminder, next_due

D = dt.date
CASES = {
    "daily, on its day": (D(2026, 3, 1), "daily", D(2026, 3, 1), D(2026, 3, 2)),
    "daily, ten days late: tomorrow": (D(2026, 3, 1), "daily", D(2026, 3, 11), D(2026, 3, 12)),
    "daily, done early keeps its day": (D(2026, 3, 5), "daily", D(2026, 3, 1), D(2026, 3, 6)),
    "weekly, on its weekday": (D(2026, 3, 2), "weekly", D(2026, 3, 2), D(2026, 3, 9)),
    "weekly, late: the next such weekday": (D(2026, 3, 2), "weekly", D(2026, 3, 19), D(2026, 3, 23)),
    "weekly, done on a later one": (D(2026, 3, 2), "weekly", D(2026, 3, 16), D(2026, 3, 23)),
    "monthly": (D(2026, 3, 15), "monthly", D(2026, 3, 15), D(2026, 4, 15)),
    "monthly, late": (D(2026, 3, 15), "monthly", D(2026, 5, 20), D(2026, 6, 15)),
    "monthly, over the year": (D(2026, 12, 5), "monthly", D(2026, 12, 5), D(2027, 1, 5)),
    "never": (D(2026, 3, 1), "", D(2026, 3, 1), None),
    "the calendar ends": (D(9999, 12, 31), "daily", D(9999, 12, 31), None),
}


@pytest.mark.parametrize("due, repeats, after, again", CASES.values(), ids=CASES)
def test_it_is_due_again(due, repeats, after, again):
    assert next_due(due, repeats, after=after) == again


def test_the_end_of_the_month_comes_back_after_a_short_one():
    first = D(2026, 1, 31)
    second = next_due(first, "monthly", month_day=31, after=first)
    assert second == D(2026, 2, 28)
    assert next_due(second, "monthly", month_day=31, after=second) == D(2026, 3, 31)


@pytest.mark.parametrize("done, again", [(D(2026, 3, 2), D(2026, 3, 23)), (D(2026, 3, 24), D(2026, 4, 13))])
def test_every_three_weeks(done, again):
    assert next_due(D(2026, 3, 2), "weeks", weeks=3, after=done) == again


DAYS = st.dates(D(2020, 1, 1), D(2040, 12, 31))
STEPS = {"daily": 1, "weekly": 7, "weeks": 7, "monthly": 31}


@given(due=DAYS, after=DAYS, repeats=st.sampled_from([*STEPS]), weeks=st.integers(1, 52))
def test_the_next_day_is_the_first_of_its_series_past_both(due, after, repeats, weeks):
    again = next_due(due, repeats, weeks=weeks, month_day=due.day, after=after)
    assert again is not None
    assert again > max(due, after)
    assert (again - max(due, after)).days <= STEPS[repeats] * (weeks if repeats == "weeks" else 1)
    if repeats == "monthly":
        last = (again.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        assert again.day == min(due.day, last.day)
    elif repeats != "daily":
        assert (again - due).days % STEPS[repeats] == 0


def test_a_reminder_keeps_its_time_on_the_clock_when_the_clocks_change():
    before = dt.datetime(2026, 3, 27, 8, 0, tzinfo=dt.UTC)  # 9:00 in Berlin, winter
    moved = moved_reminder(before, D(2026, 3, 28), D(2026, 4, 4), "Europe/Berlin")
    assert moved == dt.datetime(2026, 4, 3, 7, 0, tzinfo=dt.UTC)  # 9:00 in summer
