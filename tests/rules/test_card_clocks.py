"""Clocks of a response: working hours over evenings, weekends and holidays. 2026-06-15 is a Monday."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from battlecards.rules.clocks import due_at, due_times, is_working_time, label
from battlecards.rules.watching import next_due
from crm.rules.calendar import Calendar
from playbook.schema.intel import Clock

UTC = ZoneInfo("UTC")
USUAL = Calendar()
HOLIDAY = Calendar(holidays=frozenset({dt.date(2026, 6, 19), dt.date(2026, 6, 22)}))
"""Friday and the Monday after."""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}:00+00:00")


@pytest.mark.parametrize(
    "start, clock, due, calendar",
    [
        pytest.param("06-15T10:30", {"hours": 1}, "06-15T11:30", USUAL, id="an hour of work"),
        pytest.param("06-15T16:30", {"hours": 1}, "06-16T09:30", USUAL, id="what is left goes on the next morning"),
        pytest.param("06-15T16:00", {"hours": 1}, "06-15T17:00", USUAL, id="an hour may end with the day"),
        pytest.param("06-15T07:12", {"hours": 1}, "06-15T10:00", USUAL, id="before work it starts with the work"),
        pytest.param("06-15T17:00", {"hours": 4}, "06-16T13:00", USUAL, id="after work it starts the next day"),
        pytest.param("06-19T15:00", {"hours": 4}, "06-22T11:00", USUAL, id="over the weekend"),
        pytest.param("06-20T12:00", {"hours": 1}, "06-22T10:00", USUAL, id="on a Saturday it starts on Monday"),
        pytest.param("06-18T15:00", {"hours": 4}, "06-23T11:00", HOLIDAY, id="over a weekend with holidays around"),
        pytest.param("06-15T09:00", {"hours": 20}, "06-17T13:00", USUAL, id="twenty hours are two days and a half"),
        pytest.param("06-15T10:00", {"days": 1}, "06-15T17:00", USUAL, id="day 1 is today while half of it is left"),
        pytest.param("06-15T13:00", {"days": 1}, "06-15T17:00", USUAL, id="just half of it"),
        pytest.param("06-15T13:01", {"days": 1}, "06-16T17:00", USUAL, id="less than half: tomorrow is the first"),
        pytest.param("06-19T16:00", {"days": 1}, "06-22T17:00", USUAL, id="late on Friday day 1 is Monday"),
        pytest.param("06-19T09:30", {"days": 2}, "06-22T17:00", USUAL, id="day 2 of Friday is Monday"),
        pytest.param("06-18T10:00", {"days": 2}, "06-23T17:00", HOLIDAY, id="holidays are no days"),
        pytest.param("06-21T10:00", {"days": 3}, "06-24T17:00", USUAL, id="from a Sunday on"),
        pytest.param("06-15T10:00", {"weeks": 1}, "06-22T17:00", USUAL, id="a week later, at the end of that day"),
        pytest.param("06-13T10:00", {"weeks": 1}, "06-19T17:00", USUAL, id="a week that ends on a Saturday ends on Friday"),
        pytest.param("06-15T10:00", {"weeks": 1}, "06-18T17:00", HOLIDAY, id="a week that ends with holidays ends before"),
    ],
)  # fmt: skip
def test_a_step_is_due(start, clock, due, calendar):
    assert due_at(at(start), Clock(**clock), calendar, UTC) == at(due)


def test_working_hours_are_those_of_the_companys_clock():
    """In June nine in New York is one in the afternoon in UTC; on 1 November 2026 the clocks there go back."""
    york = ZoneInfo("America/New_York")
    assert due_at(at("06-15T10:00"), Clock(hours=1), USUAL, york) == at("06-15T14:00")
    assert due_at(at("10-30T20:30"), Clock(hours=1), USUAL, york) == at("11-02T14:30")


def test_a_step_is_never_due_before_the_one_before_it():
    short = Calendar(hours={0: (dt.time(9), dt.time(11)), 1: (dt.time(9), dt.time(11))})
    found = due_times(at("06-15T10:00"), [Clock(hours=4), Clock(days=1)], short, UTC)
    assert found == [at("06-22T10:00"), at("06-22T10:00")]


def test_a_week_without_any_work_ends_with_the_next_working_day():
    away = Calendar(holidays=frozenset(dt.date(2026, 6, day) for day in range(15, 30)))
    assert due_at(at("06-14T10:00"), Clock(weeks=1), away, UTC) == at("06-30T17:00")


def test_people_are_at_work_from_their_first_minute_to_before_their_last():
    times = ("06-15T08:59", "06-15T09:00", "06-15T16:59", "06-15T17:00", "06-19T12:00")
    assert [is_working_time(at(one), HOLIDAY, UTC) for one in times] == [False, True, True, False, False]


def test_a_clock_says_what_the_documents_say():
    assert [label(Clock(hours=4)), label(Clock(days=1)), label(Clock(weeks=1))] == ["Hour 4", "Day 1", "Week 1"]


@pytest.mark.parametrize(
    "every, after, due",
    [
        pytest.param("day", "06-18", "06-23", id="daily: the next working day, over weekend and holidays"),
        pytest.param("day", "06-20", "06-23", id="daily, from a free day"),
        pytest.param("week", "06-15", "06-23", id="weekly: on Mondays, or the working day after"),
        pytest.param("week", "06-22", "06-23", id="weekly: the Monday is free and its day still to come"),
        pytest.param("week", "06-23", "06-29", id="weekly: the same week is not due twice"),
        pytest.param("month", "06-15", "07-01", id="monthly: on the first"),
        pytest.param("month", "07-31", "08-03", id="monthly: the first is a Saturday"),
        pytest.param("quarter", "06-15", "07-01", id="quarterly: with the fiscal quarter"),
        pytest.param("quarter", "07-01", "10-01", id="quarterly: not on the same day again"),
    ],
)
def test_a_watch_is_next_due(every, after, due):
    day = dt.date.fromisoformat
    assert next_due(every, day(f"2026-{after}"), HOLIDAY) == day(f"2026-{due}")


def test_a_watch_done_late_skips_what_was_missed():
    assert next_due("week", dt.date(2027, 3, 10), USUAL) == dt.date(2027, 3, 15)
