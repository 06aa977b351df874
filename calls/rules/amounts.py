"""Money, percentages and counts in a note, each with its place in the text and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from calls.rules.numbers import DIGITS, MAGNITUDE, SPACED, number
from crm.rules.formatting import money
from playbook.schema.qualification import Fact

Kind = Literal["money", "percent", "count", "date", "quarter"]
Per = Literal["", "year", "quarter", "month", "week", "day"]
IN_A_YEAR: dict[str, int] = {"": 1, "year": 1, "quarter": 4, "month": 12, "week": 52, "day": 365}
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reading:
    """Something recognised in `text[start:end]`. `value` is canonical: money with two places, a count whole, a percentage without
    trailing zeros, a date or the last day of a quarter as YYYY-MM-DD. `words` say how it was understood. `unit` names what is
    counted, `fact` the playbook's fact for it; `per` is what an amount comes each of."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str
    words: str
    currency: str = ""
    per: Per = ""
    unit: str = ""
    fact: str = ""
    corrected: bool = False

    @property
    def yearly(self) -> Decimal:
        """An amount, for a year of it."""
        return (Decimal(self.value) * IN_A_YEAR[self.per]).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Unit:
    """What can be counted. `names` in lower case; `fact` is the playbook's key, "" for units of time and the like."""

    key: str
    names: tuple[str, ...]
    fact: str = ""


GENERAL = (
    Unit("minutes", ("minutes", "minute", "mins", "min")),
    Unit("hours", ("hours", "hour", "hrs", "hr")),
    Unit("days", ("days", "day")),
    Unit("weeks", ("weeks", "week")),
    Unit("months", ("months", "month")),
    Unit("years", ("years", "year")),
    Unit("milliseconds", ("milliseconds", "ms")),
    Unit("seconds", ("seconds", "second", "secs", "sec")),
    Unit("people", ("people", "persons", "engineers", "admins", "ftes", "fte")),
    Unit("users", ("users", "user")),
    Unit("sites", ("sites", "site", "locations", "stores", "branches")),
    Unit("times", ("times", "x")),
)
ONE = {"people": "person", "ms": "ms"}
"""Of which the singular is not the word without its s."""
CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "chf": "CHF",
    "francs": "CHF",
    "¥": "JPY",
    "jpy": "JPY",
    "yen": "JPY",
}
EUROPEAN = frozenset({"EUR", "CHF"})
_BEFORE = r"(?:us\$|[$€£¥]|\b(?:usd|eur|gbp|chf|jpy)\b)"
_AFTER = r"(?:[$€£¥]|(?:usd|eur|euros?|gbp|pounds?|chf|francs|jpy|yen|dollars?)\b)"
_PER = (
    r"(?:\s*(?:an?|per|each|every|/)\s*(?P<per>year|annum|quarter|month|week|day)\b|\s*(?P<pa>p\.\s?a\.?(?!\w)|annually|yearly)"
    r"|\s+(?P<pm>monthly|weekly|daily|quarterly)\b)?"
)


def _amount(digits: str, before_size: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.,])(?P<before>{_BEFORE})?\s?(?P<digits>{digits})(?:{before_size}(?P<size>{MAGNITUDE}(?![a-z0-9])))?\+?"
        rf"(?:\s?(?P<after>{_AFTER}))?{_PER}",
        re.IGNORECASE,
    )


MONEY = _amount(DIGITS, r"\s?")
SPACED_MONEY = _amount(SPACED, r"\s")
"""2 500K is two of 500K, 1 200 million one number."""
PERCENT = re.compile(rf"(?<![\w.,])(?P<digits>{DIGITS})\s?(?:%|percent\b|per\s?cent\b|pct\b)", re.IGNORECASE)
NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
NOT_COUNTED = frozenset(
    {"is", "was", "has", "as", "savings", "costs", "plus", "across", "less", "this", "vs", "versus", "us"}
)
"""Words on s that may follow an amount; any other one says what is counted: 2M requests."""
_EACH: dict[str, Per] = {
    "": "",
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "day": "day",
    "annum": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "quarterly": "quarter",
}


def units_of(facts: Iterable[Fact]) -> tuple[Unit, ...]:
    """What the playbook's facts count, and units everybody knows."""
    found = []
    for fact in facts:
        if fact.kind != "integer" or not fact.unit:
            continue
        names = {fact.unit.lower(), fact.label.lower()}
        names |= {name.removesuffix("s") for name in names}
        found.append(Unit(fact.unit, tuple(sorted(names)), fact.key))
    return (*found, *GENERAL)


def amounts(text: str, currency: str, units: Sequence[Unit]) -> Iterator[Reading]:
    """Percentages, counts and money, which may overlap: `calls.rules.reading` takes the first of those that do. `currency` is
    meant where none is written. Thousands apart by a space come first; where something else has their first digits, as in "15 March
    2027 200 VMs" and "June 15 200 VMs", the rest is read by itself."""
    yield from _counts(text, units, SPACED, r"\s", r"\s?")
    yield from _money(text, currency, SPACED_MONEY)
    yield from _percents(text)
    yield from _counts(text, units, DIGITS, r"\s?", r"[\s-]?")
    yield from _money(text, currency, MONEY)


def _percents(text: str) -> Iterator[Reading]:
    for match in PERCENT.finditer(text):
        value = number(match["digits"])
        if value is not None and value <= 100_000:
            shown = format(value.normalize(), "f")
            yield Reading("percent", match.start(), match.end(), match[0], shown, f"{shown} %")


@lru_cache(maxsize=16)
def _counting(
    units: tuple[Unit, ...], digits: str, before_size: str, before_unit: str
) -> tuple[dict[str, Unit], re.Pattern[str]]:
    names = {name: unit for unit in reversed(units) for name in unit.names}
    any_name = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    pattern = re.compile(
        rf"(?<![\w.,$€£¥])(?P<digits>{digits})(?:{before_size}(?P<size>(?:k|m|thousand|million)(?![a-z0-9])))?\+?"
        rf"{before_unit}(?P<unit>{any_name})(?!\w)",
        re.IGNORECASE,
    )
    return names, pattern


def counted(number: str, unit: str) -> str:
    """In words; of one thing in the singular."""
    one = ONE.get(unit, unit.removesuffix("s"))
    return f"{number} {one if number == '1' else unit}".strip()


def _counts(text: str, units: Sequence[Unit], digits: str, before_size: str, before_unit: str) -> Iterator[Reading]:
    names, pattern = _counting(tuple(units), digits, before_size, before_unit)
    for match in pattern.finditer(text):
        unit = names[match["unit"].lower()]
        value = number(match["digits"], match["size"] or "", whole=True)
        if value is None or (unit.fact and value != value.to_integral_value()):
            continue
        whole = value == value.to_integral_value()
        shown = str(int(value)) if whole else format(value.normalize(), "f")
        words = counted(f"{value:,.0f}" if whole else shown, unit.key)
        yield Reading("count", match.start(), match.end(), match[0], shown, words, unit=unit.key, fact=unit.fact)


def _money(text: str, currency: str, pattern: re.Pattern[str]) -> Iterator[Reading]:
    for match in pattern.finditer(text):
        written = (match["before"] or match["after"] or "").lower()
        if not written and (not match["size"] or _counted(text, match.end())):
            continue
        code = CURRENCIES.get(written, currency)
        value = number(match["digits"], match["size"] or "", european=code in EUROPEAN)
        if value is None:
            continue
        value = value.quantize(CENT)
        per = _per(match)
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        words = money(value, code) + (f" a {per}" if per else "")
        yield Reading("money", start, match.end(), text[start : match.end()], str(value), words, currency=code, per=per)


def _counted(text: str, end: int) -> bool:
    """Whether the next word says that things are counted here, and not money."""
    following = NEXT_WORD.match(text, end)
    if following is None:
        return False
    word = following[1].lower()
    return len(word) > 2 and word.endswith("s") and word not in NOT_COUNTED


def _per(match: re.Match[str]) -> Per:
    if match["pa"]:
        return "year"
    return _EACH[(match["per"] or match["pm"] or "").lower()]
