"""By when a step of a response is due, in the company's working hours (domain: part 7).

- Hour n: after n working hours. A clock that starts outside working hours starts when they next begin, and an hour that ends with
  the day is due at its end, not at the beginning of the next.
- Day n: at the end of the nth working day. The day of the event counts as the first where at least half of its working time is
  still to come; else the next working day is the first.
- Week n: at the end of the last working day within n times seven days; where there is none, of the next one after.

A step is never due before the one that stands before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from crm.rules.calendar import ONE_DAY, Calendar, working_days_after
from playbook.schema.intel import Clock

UTC = dt.UTC
ESCALATE_AFTER = (dt.timedelta(hours=1), dt.timedelta(hours=8))
"""Working time after a step was due: first its response's owner is told, then whoever leads them."""

Span = tuple[dt.datetime, dt.datetime]


def label(clock: Clock) -> str:
    """As the documents write it: Hour 4, Day 1, Week 1."""
    unit = next(unit for unit in ("hours", "days", "weeks") if getattr(clock, unit) is not None)
    return f"{unit[:-1].capitalize()} {getattr(clock, unit)}"


def due_times(start: dt.datetime, clocks: Sequence[Clock], calendar: Calendar, zone: ZoneInfo) -> list[dt.datetime]:
    """When each step is due, in their order, in UTC."""
    found: list[dt.datetime] = []
    for clock in clocks:
        due = due_at(start, clock, calendar, zone)
        found.append(max(due, found[-1]) if found else due)
    return found


def due_at(start: dt.datetime, clock: Clock, calendar: Calendar, zone: ZoneInfo) -> dt.datetime:
    if clock.hours is not None:
        return after_working_time(start, dt.timedelta(hours=clock.hours), calendar, zone)
    today = start.astimezone(zone).date()
    if clock.days is not None:
        first = today if _counts(start, today, calendar, zone) else working_days_after(today, 1, calendar)
        return _hours_of(working_days_after(first, clock.days - 1, calendar), calendar, zone)[1]
    assert clock.weeks is not None
    last = today + dt.timedelta(weeks=clock.weeks)
    while not calendar.works_on(last) and last > today:
        last -= ONE_DAY
    return _hours_of(last if last > today else working_days_after(today, 1, calendar), calendar, zone)[1]


def after_working_time(start: dt.datetime, time: dt.timedelta, calendar: Calendar, zone: ZoneInfo) -> dt.datetime:
    """The moment when so much working time has passed. Whoever asks for none gets `start` itself."""
    if not time:
        return start.astimezone(UTC)
    for begin, end in _spans(start, calendar, zone):
        if time <= end - begin:
            return begin + time
        time -= end - begin
    raise AssertionError("working time goes on for ever")


def is_working_time(moment: dt.datetime, calendar: Calendar, zone: ZoneInfo) -> bool:
    """Whether people are at work: their first minute is, their last is not any more."""
    day = moment.astimezone(zone).date()
    if not calendar.works_on(day):
        return False
    begin, end = _hours_of(day, calendar, zone)
    return begin <= moment < end


def _counts(start: dt.datetime, day: dt.date, calendar: Calendar, zone: ZoneInfo) -> bool:
    if not calendar.works_on(day):
        return False
    begin, end = _hours_of(day, calendar, zone)
    return end - max(start, begin) >= (end - begin) / 2


def _spans(start: dt.datetime, calendar: Calendar, zone: ZoneInfo) -> Iterator[Span]:
    """What is left of the day of `start`, then every later working day whole."""
    day = start.astimezone(zone).date()
    while True:
        if calendar.works_on(day):
            begin, end = _hours_of(day, calendar, zone)
            if start < end:
                yield max(begin, start.astimezone(UTC)), end
        day += ONE_DAY


def _hours_of(day: dt.date, calendar: Calendar, zone: ZoneInfo) -> Span:
    """From when to when people work on a working day, in UTC: a day on which clocks change has its true length."""
    begin, end = calendar.hours[day.weekday()]
    return tuple(dt.datetime.combine(day, time, zone).astimezone(UTC) for time in (begin, end))  # type: ignore[return-value]
