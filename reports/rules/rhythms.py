"""When a paper that comes again and again is due: on somebody's clock, by the company's calendar."""

from __future__ import annotations

import datetime as dt

from crm.rules.calendar import ONE_DAY, Calendar, fiscal_quarter

WEEKLY, MONTHLY, BEFORE_QBR = "weekly", "monthly", "before_qbr"
DAYS = {WEEKLY: (0, 6), MONTHLY: (1, 28), BEFORE_QBR: (0, 30)}
"""The days each rhythm may have: of the week (0 is Monday), of the month, working days before a quarter's last day."""
LONGEST = 200
"""Days between two papers, at most and with room: two quarters."""


def next_due(
    after: dt.datetime, *, rhythm: str, day: int, hour: int, zone: dt.tzinfo, calendar: Calendar
) -> dt.datetime:
    """The first moment later than `after`, in UTC. On the night a clock springs over that hour, it is the hour after."""
    today = after.astimezone(zone).date()
    for ahead in range(-1, LONGEST):
        one = today + ahead * ONE_DAY
        if _is_due(one, rhythm, day, calendar) and (moment := _at(one, hour, zone)) > after:
            return moment
    raise ValueError(f"{rhythm} on {day} is never.")


def last_due(now: dt.datetime, *, rhythm: str, day: int, hour: int, zone: dt.tzinfo, calendar: Calendar) -> dt.datetime:
    """The latest moment that is not later than `now`: what a machine that slept for weeks makes up for, once."""
    today = now.astimezone(zone).date()
    for back in range(-1, LONGEST):
        one = today - back * ONE_DAY
        if _is_due(one, rhythm, day, calendar) and (moment := _at(one, hour, zone)) <= now:
            return moment
    raise ValueError(f"{rhythm} on {day} is never.")


def _is_due(one: dt.date, rhythm: str, day: int, calendar: Calendar) -> bool:
    if rhythm == WEEKLY:
        return one.weekday() == day
    if rhythm == MONTHLY:
        return one.day == day
    ends = fiscal_quarter(one, calendar.fiscal_year_start).last_date
    return one == working_days_before(ends, day, calendar)


def working_days_before(day: dt.date, n: int, calendar: Calendar) -> dt.date:
    """The nth working day before `day`; for 0 `day` itself, or the last working day before it where it is none."""
    while not calendar.works_on(day):
        day -= ONE_DAY
    while n:
        day -= ONE_DAY
        n -= calendar.works_on(day)
    return day


def _at(day: dt.date, hour: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)
