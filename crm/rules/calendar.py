"""The company's calendar: fiscal years, working days, working hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MONDAY_TO_FRIDAY = {weekday: (dt.time(9), dt.time(17)) for weekday in range(5)}
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`hours` by weekday, Monday is 0; a weekday without hours is free. At least one has some."""

    fiscal_year_start: int = 1
    hours: Mapping[int, tuple[dt.time, dt.time]] = field(default_factory=lambda: MONDAY_TO_FRIDAY)
    holidays: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError("A week without a working day never ends.")

    def works_on(self, day: dt.date) -> bool:
        return day.weekday() in self.hours and day not in self.holidays


@dataclass(frozen=True, slots=True)
class FiscalQuarter:
    """`year` is the calendar year in which the fiscal year ends: one that starts in February 2026 is 2027."""

    year: int
    quarter: int
    first_date: dt.date
    last_date: dt.date

    @property
    def label(self) -> str:
        return f"Q{self.quarter} {self.year}"

    @property
    def key(self) -> str:
        """As addresses and the API write it: 2026-Q3."""
        return f"{self.year}-Q{self.quarter}"


QUARTER = re.compile(r"(?P<year>[12]\d{3})-Q(?P<quarter>[1-4])", re.ASCII)


def quarter_named(text: str, start_month: int) -> FiscalQuarter | None:
    """The quarter that is written "2026-Q3"; None for anything else."""
    found = QUARTER.fullmatch(text)
    if found is None:
        return None
    began = int(found["year"]) - (0 if start_month == 1 else 1)
    return fiscal_quarter(_first_of(began, start_month + 3 * (int(found["quarter"]) - 1)), start_month)


def fiscal_quarter(day: dt.date, start_month: int) -> FiscalQuarter:
    """The quarter a day lies in, for a fiscal year that begins on the first of `start_month`."""
    since = (day.month - start_month) % 12
    began = day.year if day.month >= start_month else day.year - 1
    year = began if start_month == 1 else began + 1
    quarter = since // 3
    first = _first_of(began, start_month + 3 * quarter)
    return FiscalQuarter(year, quarter + 1, first, _first_of(began, start_month + 3 * quarter + 3) - ONE_DAY)


def working_days_between(start: dt.date, end: dt.date, calendar: Calendar) -> int:
    """How many working days lie after `start`, up to and with `end`; 0 where `end` is not later."""
    if end <= start:
        return 0
    # Whole weeks by count, the rest day by day: years apart cost no more than days.
    weeks, rest = divmod((end - start).days, 7)
    days = weeks * len(calendar.hours)
    days += sum((end - n * ONE_DAY).weekday() in calendar.hours for n in range(rest))
    return days - sum(start < day <= end and day.weekday() in calendar.hours for day in calendar.holidays)


def working_days_after(day: dt.date, n: int, calendar: Calendar) -> dt.date:
    """The nth working day after `day`; for 0 `day` itself, or the next working day where it is none. ValueError under 0."""
    if n < 0:
        raise ValueError("Working days are counted forwards.")
    if n == 0:
        return day if calendar.works_on(day) else working_days_after(day, 1, calendar)
    while n:
        day += ONE_DAY
        n -= calendar.works_on(day)
    return day


def _first_of(year: int, month: int) -> dt.date:
    """The first of a month counted from January of `year`; 13 is the next year's."""
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
