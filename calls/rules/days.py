"""Days and quarters in a note: "15 March", "by end of Q3", "next Tuesday", "in two weeks". Quarters are the company's own."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Literal

from calls.rules.amounts import Reading
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.fact_words import show_date

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_OF = {name: place for place, whole in enumerate(MONTHS, 1) for name in (whole, whole[:3])} | {"sept": 9}
_DAY_OF = {name: place for place, whole in enumerate(WEEKDAYS) for name in (whole, whole[:3])} | {
    "tues": 1,
    "thurs": 3,
    "thur": 3,
}
_NUMBERS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_NUMBERS |= {"a": 1, "an": 1}

_MONTH = rf"(?:{'|'.join(sorted(_MONTH_OF, key=lambda name: -len(name)))})"
_WEEKDAY = rf"(?:{'|'.join(sorted(_DAY_OF, key=lambda name: -len(name)))})"
_YEAR = r"(?:19|20|21)\d\d"
_BEFORE = r"(?:(?:by|until|till|before|around|in|at|on)\s+)?(?:the\s+)?"
_END = r"(?:(?P<where>end|close|beginning|start|middle|mid)\s+(?:of\s+)?(?:the\s+)?)"
PATTERNS = {
    "iso": r"(?P<y>(?:19|20|21)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
    "dotted": rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>{_YEAR})",
    "slashed": rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>{_YEAR})",
    "day_month": rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<y>{_YEAR}))?",
    "month_day": rf"(?P<month>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|\s?[%:.]\d|\s?%)(?:,?\s+(?P<y>{_YEAR}))?",
    "quarter": rf"{_END}?(?:fiscal\s+)?q(?P<q>[1-4])(?:\s*[/']?\s*(?:fy\s?)?(?P<y>{_YEAR}|\d\d))?",
    "this_quarter": rf"{_END}?(?P<which>this|next|the)\s+quarter",
    "end_month": rf"{_END}(?P<month>{_MONTH})\b(?:\s+(?P<y>{_YEAR}))?",
    "end_of": rf"{_END}(?P<which>this|next)?\s*(?P<unit>week|month|year)",
    "month_year": rf"(?P<month>{_MONTH})\b\.?\s+(?P<y>{_YEAR})",
    "in_month": rf"(?:in|by|until|till|before|during|early|late|mid)\s+(?P<month>{_MONTH})\b",
    "next": r"(?P<which>next|this)\s+(?P<unit>week|month|year)",
    "weekday": rf"(?:(?P<which>next|this|coming|on|by|until|till|before)\s+)(?P<day>{_WEEKDAY})\b",
    "in_some": r"(?:in|within)\s+(?P<n>\d{1,3}|[a-z]+)\s+(?P<unit>days?|weeks?|months?|years?)",
    "today": r"(?P<word>today|tomorrow|day\s+after\s+tomorrow)",
}
"""In order of what is taken first where two overlap."""
_COMPILED = {
    name: re.compile(rf"(?<![\w/.-]){'' if name.startswith('in') else _BEFORE}{pattern}(?![\w/]|-\d)", re.IGNORECASE)
    for name, pattern in PATTERNS.items()
}
DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?$")
Part = Literal["start", "middle", "end"]
_WHERE: dict[str, Part] = {"beginning": "start", "start": "start", "middle": "middle", "mid": "middle"}
Found = tuple[dt.date, str] | None


def days(text: str, today: dt.date, fiscal_year_start: int) -> Iterator[Reading]:
    """Every day and quarter, those of an earlier pattern first. A day without a year is the next one to come; what can't be a day
    (30 February) is none."""
    for name, pattern in _COMPILED.items():
        for match in pattern.finditer(text):
            try:
                found = _READERS[name](match, today, fiscal_year_start)
            except (ValueError, OverflowError):
                continue
            if name == "month_year" and DAY_BEFORE.search(
                text[max(match.start("month") - 12, 0) : match.start("month")]
            ):
                continue  # 30 February 2027 is no day, and not the end of that month either
            if found is None or not dt.date(1970, 1, 1) <= found[0] < dt.date(2200, 1, 1):
                continue
            day, words = found
            kind: Literal["date", "quarter"] = "quarter" if "quarter" in name else "date"
            yield Reading(kind, match.start(), match.end(), match[0], day.isoformat(), words)


def _said(day: dt.date) -> tuple[dt.date, str]:
    return day, f"{day:%a} {show_date(day)}"


def _written(match: re.Match[str], today: dt.date, start: int) -> Found:
    return _said(dt.date(int(match["y"]), int(match["m"]), int(match["d"])))


def _slashed(match: re.Match[str], today: dt.date, start: int) -> Found:
    """Only where one number can be no month: 3/4 is another day on either side of an ocean."""
    first, second = int(match["a"]), int(match["b"])
    if (first > 12) == (second > 12):
        return _said(dt.date(int(match["y"]), first, second)) if first == second else None
    month, day = (second, first) if first > 12 else (first, second)
    return _said(dt.date(int(match["y"]), month, day))


def _day_month(match: re.Match[str], today: dt.date, start: int) -> Found:
    month, day = _MONTH_OF[match["month"].lower()], int(match["d"])
    if match["y"]:
        return _said(dt.date(int(match["y"]), month, day))
    for year in range(today.year, today.year + 9):  # the 29th of February is eight years away at most
        if day <= calendar.monthrange(year, month)[1] and dt.date(year, month, day) >= today:
            return _said(dt.date(year, month, day))
    return None


def _quarter(match: re.Match[str], today: dt.date, start: int) -> Found:
    wanted, year = int(match["q"]), match["y"]
    for ahead in range(-4 if year else 0, 200 if year else 5):
        found = _quarters_on(today, ahead, start)
        if found.quarter == wanted and (not year or found.year == (int(year) if len(year) == 4 else 2000 + int(year))):
            return _in_quarter(found, match["where"])
    return None


def _this_quarter(match: re.Match[str], today: dt.date, start: int) -> Found:
    return _in_quarter(_quarters_on(today, int(match["which"].lower() == "next"), start), match["where"])


def _quarters_on(today: dt.date, ahead: int, start: int) -> FiscalQuarter:
    """The quarter so many after the one of today."""
    now = fiscal_quarter(today, start).first_date
    months = now.year * 12 + now.month - 1 + 3 * ahead
    return fiscal_quarter(dt.date(months // 12, months % 12 + 1, 1), start)


def _in_quarter(found: FiscalQuarter, where: str | None) -> Found:
    part = _WHERE.get((where or "").lower(), "end")
    day = _within(found.first_date, found.last_date, part)
    return day, f"{show_date(day)}, {part} of {found.label}"


def _within(first: dt.date, last: dt.date, part: Part) -> dt.date:
    return {"start": first, "middle": first + (last - first) // 2, "end": last}[part]


def _month(match: re.Match[str], today: dt.date, start: int) -> Found:
    """A month without a day: its last one, unless its start or middle is meant."""
    groups = match.groupdict()
    month = _MONTH_OF[groups["month"].lower()]
    year = int(groups["y"]) if groups.get("y") else today.year + (month < today.month)
    word = (groups.get("where") or match[0].split()[0]).lower()
    part: Part = (
        "start" if word in ("early", "beginning", "start") else "middle" if word in ("mid", "middle") else "end"
    )
    return _said(_within(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), part))


def _end_of(match: re.Match[str], today: dt.date, start: int) -> Found:
    ahead = int((match["which"] or "").lower() == "next")
    part = _WHERE.get((match["where"] or "").lower(), "end")
    return _said(_within(*_span(match["unit"].lower(), today, ahead), part))


def _next(match: re.Match[str], today: dt.date, start: int) -> Found:
    """Next week is over on its Friday."""
    ahead, unit = int(match["which"].lower() == "next"), match["unit"].lower()
    return _said(_span(unit, today, ahead)[1])


def _span(unit: str, today: dt.date, ahead: int) -> tuple[dt.date, dt.date]:
    if unit == "week":
        monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=ahead)
        return monday, monday + dt.timedelta(days=4)
    if unit == "year":
        return dt.date(today.year + ahead, 1, 1), dt.date(today.year + ahead, 12, 31)
    first = _months_on(today.replace(day=1), ahead)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _weekday(match: re.Match[str], today: dt.date, start: int) -> Found:
    """The coming one, and with "next" that of next week; weeks begin on Monday."""
    wanted = _DAY_OF[match["day"].lower()]
    if match["which"].lower() == "next":
        return _said(today - dt.timedelta(days=today.weekday()) + dt.timedelta(days=7 + wanted))
    return _said(today + dt.timedelta(days=(wanted - today.weekday() - 1) % 7 + 1))


def _in_some(match: re.Match[str], today: dt.date, start: int) -> Found:
    word = match["n"].lower()
    count = int(word) if word.isdecimal() else _NUMBERS.get(word)
    if count is None:
        return None
    unit = match["unit"].lower().rstrip("s")
    if unit in ("day", "week"):
        return _said(today + dt.timedelta(days=count * (7 if unit == "week" else 1)))
    return _said(_months_on(today, count * (12 if unit == "year" else 1)))


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last where it has no such day."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _today(match: re.Match[str], today: dt.date, start: int) -> Found:
    word = match["word"].lower()
    return _said(today + dt.timedelta(days=0 if word == "today" else 1 if word == "tomorrow" else 2))


_READERS: dict[str, Callable[[re.Match[str], dt.date, int], Found]] = {
    "iso": _written,
    "dotted": _written,
    "slashed": _slashed,
    "day_month": _day_month,
    "month_day": _day_month,
    "quarter": _quarter,
    "this_quarter": _this_quarter,
    "end_month": _month,
    "end_of": _end_of,
    "month_year": _month,
    "in_month": _month,
    "next": _next,
    "weekday": _weekday,
    "in_some": _in_some,
    "today": _today,
}
