"""Lists people paste out of a table: rates and holidays, a line each, every problem named by its line."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from crm.rules.currencies import Rate

MOST_LINES = 2_000
CODE = re.compile(r"[A-Z]{3}")
MOST_PLACES = 10
HIGHEST = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    said: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.said}"


def wrong_rate(rate: Decimal) -> str:
    """What is wrong with a rate; "" where nothing is."""
    if not rate.is_finite() or not 0 < rate < HIGHEST:
        return "A rate is over zero and under a hundred million."
    exponent = rate.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MOST_PLACES:
        return f"A rate has {MOST_PLACES} decimal places at most."
    return ""


def read_rates(text: str) -> tuple[list[tuple[int, Rate]], list[Problem]]:
    """Lines of "EUR, 2026-01-01, 1.0834", parted by commas, semicolons or tabs; a head line is passed over. With semicolons
    or tabs a decimal comma is read as one."""
    found: list[tuple[int, Rate]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, dt.date], int] = {}
    for number, cells, parted_by in _lines(text, problems):
        if number == 1 and cells[0].casefold() == "currency":
            continue
        if len(cells) != 3:
            problems.append(Problem(number, "Write currency, day and rate, such as EUR, 2026-01-01, 1.0834."))
            continue
        code, day, rate = cells[0].upper(), _day(cells[1]), _number(cells[2], parted_by)
        said = ""
        if not CODE.fullmatch(code):
            said = f"“{cells[0]}” is no currency. Write three letters, such as EUR."
        elif day is None:
            said = f"“{cells[1]}” is no day. Write it as 2026-01-31."
        elif rate is None:
            said = f"“{cells[2]}” is no rate. Write a number such as 1.0834."
        else:
            said = wrong_rate(rate)
            if not said and (code, day) in seen:
                said = f"{code} from {day} stands on line {seen[code, day]} already."
        if said:
            problems.append(Problem(number, said))
        elif day is not None and rate is not None:
            seen[code, day] = number
            found.append((number, Rate(code, day, rate)))
    return found, problems


def read_holidays(text: str) -> tuple[list[tuple[dt.date, str]], list[Problem]]:
    """Lines of "2026-12-25, Christmas Day"; a head line is passed over."""
    found: dict[dt.date, str] = {}
    problems: list[Problem] = []
    for number, cells, _ in _lines(text, problems):
        if number == 1 and cells[0].casefold() in {"date", "day"}:
            continue
        day, name = _day(cells[0]), ", ".join(cells[1:]).strip(", ")
        if day is None:
            problems.append(Problem(number, f"“{cells[0]}” is no day. Write it as 2026-12-25."))
        elif not name or len(name) > 120:
            problems.append(Problem(number, "Name the holiday after its day, in up to 120 characters."))
        elif day in found:
            problems.append(Problem(number, f"{day} is in the list already, as {found[day]}."))
        else:
            found[day] = name
    return sorted(found.items()), problems


def _lines(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str], str]]:
    """Each line that says something: its number, its cells, and what parts them."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        problems.append(Problem(MOST_LINES + 1, f"{MOST_LINES:,} lines at a time at most. Paste the rest after these."))
        return
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parted_by = next((sign for sign in "\t;" if sign in line), ",")
        cells = next(csv.reader([line], delimiter=parted_by, skipinitialspace=True), [])
        yield number, [cell.strip() for cell in cells] or [""], parted_by


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _number(text: str, parted_by: str) -> Decimal | None:
    if parted_by != "," and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,20})?", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
