"""When something that is looked at regularly is due again (domain: part 7, monitoring cadence).

A daily watch is due on every working day, a weekly one on Mondays, a monthly one on the first of the month, a quarterly one on the
first day of the company's fiscal quarter; where that day is free, on the next working day. What was missed is not made up for: done
late, a watch is next due on the first such day after today. Nothing drifts, for the days do not hang on when it was done.
"""

from __future__ import annotations

import datetime as dt

from crm.rules.calendar import ONE_DAY, Calendar, fiscal_quarter, working_days_after

EVERY = {"day": "Daily", "week": "Weekly", "month": "Monthly", "quarter": "Quarterly"}


def next_due(every: str, after: dt.date, calendar: Calendar) -> dt.date:
    """The first due day later than `after`."""
    day = after
    while (due := _opening(every, day, calendar)) <= after:
        day = _following(every, day, calendar)
    return due


def _opening(every: str, day: dt.date, calendar: Calendar) -> dt.date:
    """The due day of the period a day lies in."""
    match every:
        case "day":
            first = day
        case "week":
            first = day - day.weekday() * ONE_DAY
        case "month":
            first = day.replace(day=1)
        case _:
            first = fiscal_quarter(day, calendar.fiscal_year_start).first_date
    return working_days_after(first, 0, calendar)


def _following(every: str, day: dt.date, calendar: Calendar) -> dt.date:
    """A day of the next period."""
    match every:
        case "day":
            return day + ONE_DAY
        case "week":
            return day + 7 * ONE_DAY
        case "month":
            return day.replace(day=28) + 4 * ONE_DAY
        case _:
            return fiscal_quarter(day, calendar.fiscal_year_start).last_date + ONE_DAY
