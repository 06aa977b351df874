"""Which way the dates of a column are written. Decided once for a whole column, over all its values, never cell by cell.

`3/4/2017` is March in one country and April in another, so a cell alone says nothing. A single `3/25/2017` in the same
column settles it for all of them. Nothing is guessed beyond that: a column whose values all read both ways is
*ambiguous*, and one with proof for both ways is *contradictory*; somebody has to say which it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class DateOrder(StrEnum):
    """How dates are written; the value is what a mapping file says."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    NAMED = "named"

    @property
    def label(self) -> str:
        return {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}.get(
            self.value, "day, month by name, year"
        )


class Verdict(StrEnum):
    DECIDED = "decided"
    AMBIGUOUS = "ambiguous"
    CONTRADICTORY = "contradictory"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a column's dates turned out to be. `dates` has every value that could be read, `bad` those that are no date.

    `evidence` holds, per order, one value that only this order can read; `minority` the values a contradictory column would
    have to lose whichever order is taken (those of the rarer one).
    """

    verdict: Verdict
    order: DateOrder | None = None
    dates: Mapping[str, dt.date] = field(default_factory=dict)
    bad: Sequence[str] = ()
    evidence: Mapping[DateOrder, str] = field(default_factory=dict)
    minority: Sequence[str] = ()


_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}\Z")
_DAY_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s./-]*([A-Za-z]{{3,9}})\.?,?[\s./-]*(\d{{4}}|\d{{2}}){_TIME}\Z")
_NAME_DAY = re.compile(rf"([A-Za-z]{{3,9}})\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}\Z")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def read_column(values: Iterable[str], *, order: DateOrder | None = None, century_pivot: int = 69) -> Reading:
    """Reads a column's distinct values (blank ones left out). With `order` given nothing is inferred.

    Two-digit years below `century_pivot` are of this century, the others of the last one, as POSIX has it.
    """
    texts = list(dict.fromkeys(values))
    if not texts:
        return Reading(Verdict.EMPTY)
    ways = {text: ways_to_read(text, century_pivot) for text in texts}
    if order is not None:
        return _read_as(order, ways)
    bad = [text for text, found in ways.items() if not found]
    evidence: dict[DateOrder, list[str]] = {}
    for text, found in ways.items():
        if len(found) == 1:
            evidence.setdefault(next(iter(found)), []).append(text)
    if len(evidence) > 1:
        rarest = min(evidence, key=lambda each: (len(evidence[each]), each))
        shown = {each: proofs[0] for each, proofs in evidence.items()}
        return Reading(Verdict.CONTRADICTORY, bad=bad, evidence=shown, minority=evidence[rarest])
    possible = [each for each in DateOrder if all(each in found for found in ways.values() if found)]
    if not possible:
        # Families that never meet in one cell, such as year-first beside values that read both other ways.
        return _families_clash(ways, bad)
    readable = {text: found for text, found in ways.items() if found}
    if not readable:
        return Reading(Verdict.CONTRADICTORY if len(bad) == len(texts) else Verdict.EMPTY, bad=bad)
    if len(possible) > 1 and any(len({found[each] for each in possible}) > 1 for found in readable.values()):
        return Reading(Verdict.AMBIGUOUS, bad=bad, evidence=dict.fromkeys(possible, next(iter(readable))))
    taken = possible[0]
    return Reading(
        Verdict.DECIDED,
        taken,
        {text: found[taken] for text, found in readable.items()},
        bad,
        {each: proofs[0] for each, proofs in evidence.items()},
    )


def _read_as(order: DateOrder, ways: Mapping[str, Mapping[DateOrder, dt.date]]) -> Reading:
    dates = {text: found[order] for text, found in ways.items() if order in found}
    return Reading(Verdict.DECIDED, order, dates, [text for text in ways if text not in dates])


def _families_clash(ways: Mapping[str, Mapping[DateOrder, dt.date]], bad: Sequence[str]) -> Reading:
    families: dict[frozenset[DateOrder], list[str]] = {}
    for text, found in ways.items():
        if found:
            families.setdefault(frozenset(found), []).append(text)
    rarest = min(families, key=lambda each: (len(families[each]), sorted(each)))
    shown = {sorted(family)[0]: texts[0] for family, texts in families.items()}
    return Reading(Verdict.CONTRADICTORY, bad=bad, evidence=shown, minority=families[rarest])


def ways_to_read(text: str, century_pivot: int = 69) -> dict[DateOrder, dt.date]:
    """Every order in which `text` is a date that exists. A time of day behind the date is allowed and left out.

    Dots part day, month and year in this order only; slashes and hyphens say nothing about it.
    """
    found: dict[DateOrder, dt.date | None] = {}
    if match := _YEAR_FIRST.match(text):
        found[DateOrder.YMD] = _date(match[1], match[3], match[4])
    elif match := _COMPACT.match(text):
        found[DateOrder.YMD] = _date(match[1], match[2], match[3])
    elif match := _YEAR_LAST.match(text):
        year = _year(match[4], century_pivot)
        found[DateOrder.DMY] = _date(year, match[3], match[1])
        if match[2] != ".":
            found[DateOrder.MDY] = _date(year, match[1], match[3])
    elif match := _DAY_NAME.match(text):
        found[DateOrder.NAMED] = _date(_year(match[3], century_pivot), _month(match[2]), match[1])
    elif match := _NAME_DAY.match(text):
        found[DateOrder.NAMED] = _date(match[3], _month(match[1]), match[2])
    return {order: date for order, date in found.items() if date is not None}


def _year(text: str, century_pivot: int) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < century_pivot else 1900)


def _month(name: str) -> int:
    """The month's number, 0 if there is none of this name: English names, three letters or more of them."""
    sought = name.lower()
    if sought == "sept":
        return 9
    full = [number for number, month in enumerate(_MONTHS, 1) if month == sought or month[:3] == sought]
    return full[0] if full else 0


def _date(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
