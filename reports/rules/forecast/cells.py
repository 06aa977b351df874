"""Dates and amounts as files write them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from crm.rules.import_dates import Verdict, read_column
from reports.rules.forecast.arrays import DAY, Bools, Floats, Ints

EARLIEST, LATEST = 1970, 2100
NOTHING = {"", "null", "none", "nan", "na", "n/a", "-"}
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?\Z")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}\Z|\d{1,3}(\.\d{3})+(,\d+)?\Z")
_ZONE = re.compile(r"(?:Z|UTC|[+-]\d{2}:?\d{2})\Z", re.IGNORECASE)
_TIME = re.compile(r"\d:\d")


class BadCell(Exception):
    """A cell that can't be read: which row of its column, counted from 0, and why."""

    def __init__(self, row: int, column: str, why: str) -> None:
        super().__init__(why)
        self.row, self.column, self.why = row, column, why


def amounts(column: pd.Series[str]) -> Floats:
    """NaN where it is empty. Raises BadCell for what is no number, and for one below 0."""
    codes, texts = pd.factorize(column)
    numbers = np.empty(len(texts))
    for place, text in enumerate(texts):
        try:
            numbers[place] = _amount(str(text))
        except ValueError as error:
            row = int(np.flatnonzero(codes == place)[0])
            raise BadCell(row, "amount", f"{str(text)[:40]!r} {error}") from None
    return numbers[codes]


def _amount(text: str) -> float:
    said = text.strip().replace(" ", "").replace("\u00a0", "").replace("'", "")
    if said.casefold() in NOTHING:
        return float("nan")
    if _THOUSANDS.match(said):
        said = said.replace(",", "")
    elif _DECIMAL_COMMA.match(said):
        said = said.replace(".", "").replace(",", ".")
    try:
        number = float(said)
    except ValueError:
        raise ValueError("is no amount. Write it like 12500 or 12500.50.") from None
    if not np.isfinite(number) or number > 1e15:
        raise ValueError("is no amount of money.")
    if number < 0:
        raise ValueError("is below zero. An amount is zero or more, or empty while it isn't known.")
    return number


def moments(column: pd.Series[str]) -> tuple[Ints, Bools]:
    """Seconds since 1970 in UTC, and which cells name their zone; those that don't are read as UTC. Raises BadCell."""
    found, unique = pd.factorize(column.str.strip())
    codes = np.array(found, dtype=np.int64)
    texts = pd.Series(unique, dtype=str)
    read = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    zoned = np.array([bool(_TIME.search(text) and _ZONE.search(text)) for text in texts], dtype=np.bool_)
    missing = np.flatnonzero(read.isna().to_numpy()).astype(np.int64)
    numbers = np.array(read.dt.as_unit("s").astype("int64"), dtype=np.int64)
    if len(missing):
        _otherwise(texts, missing, numbers, codes)
    years = numbers.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    for place in np.flatnonzero((years < EARLIEST) | (years > LATEST)):
        raise _bad(codes, int(place), f"{texts[place]!r} is no plausible date: it lies before 1970 or after 2100.")
    return numbers[codes], zoned[codes]


def _otherwise(texts: pd.Series[str], missing: Ints, numbers: Ints, codes: Ints) -> None:
    """Dates that are not year first: read only where the whole column leaves no doubt which way they are written."""
    for place in missing:
        if not texts[place]:
            raise _bad(codes, int(place), "is empty. Each row needs the day, or the time, something changed.")
    sought = [str(texts[place]) for place in missing]
    found = read_column(sought)
    for place, text in zip(missing, sought, strict=True):
        if found.verdict == Verdict.AMBIGUOUS:
            raise _bad(
                codes, int(place), f"{text!r} can be read two ways, and so can all dates here. Write 2026-03-31."
            )
        if found.verdict != Verdict.DECIDED or text not in found.dates:
            raise _bad(
                codes, int(place), f"{text!r} is no date. Write it like 2026-03-31 or 2026-03-31T14:05:00+00:00."
            )
        numbers[place] = (found.dates[text].toordinal() - 719_163) * DAY


def _bad(codes: Ints, place: int, why: str) -> BadCell:
    return BadCell(int(np.flatnonzero(codes == place)[0]), "at", why)
