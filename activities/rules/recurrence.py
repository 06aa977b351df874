"""When a task that repeats is due again."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_WEEKS = 52


class Repeats(StrEnum):
    NEVER = ""
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WEEKS = "weeks"
    """Every so many weeks."""


def next_due(due: dt.date, repeats: str, *, weeks: int = 1, month_day: int = 0, after: dt.date) -> dt.date | None:
    """The first day of the series from `due` on that comes after both `due` and `after`, the day the task was done.

    A daily task done ten days late is due tomorrow, not nine times in the past; one done early keeps its day. `month_day`
    is the day of the month a monthly series began on: from 31 January it goes to the end of February, then to 31 March.
    None where nothing repeats, or the calendar ends.
    """
    try:
        match repeats:
            case Repeats.DAILY:
                return max(due, after) + dt.timedelta(days=1)
            case Repeats.WEEKLY | Repeats.WEEKS:
                step = 7 * (weeks if repeats == Repeats.WEEKS else 1)
                steps = max(0, (after - due).days) // step + 1
                return due + dt.timedelta(days=steps * step)
            case Repeats.MONTHLY:
                return _next_month(due, month_day or due.day, max(due, after))
            case _:
                return None
    except (OverflowError, ValueError):
        return None  # the year 9999 has a last day


def _next_month(due: dt.date, day: int, after: dt.date) -> dt.date:
    months = max(1, (after.year - due.year) * 12 + after.month - due.month)
    found = month_on(due, months, day)
    return found if found > after else month_on(due, months + 1, day)


def month_on(start: dt.date, months: int, day: int) -> dt.date:
    """That day so many months on; the last of the month where it is shorter. Raises ValueError past the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def moved_reminder(remind_at: dt.datetime, due: dt.date, again: dt.date, zone: str) -> dt.datetime | None:
    """A reminder as far before the new day as it was before the old one, at the same time on its reader's clock.

    None where the calendar ends.
    """
    try:
        local = remind_at.astimezone(ZoneInfo(zone))
        return (local + (again - due)).astimezone(dt.UTC)  # aware arithmetic within a zone keeps the clock's time
    except (OverflowError, ValueError):
        return None
