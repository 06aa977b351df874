"""Money of several currencies in one, by dated rates: exact until the end, and never a guess.

A rate says what one unit of its currency is worth in the reporting currency from its day on, until the next one's.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=100)
"""Amounts have up to 15 digits and rates up to 18: the default of 28 would round their product where nobody sees it."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    currency: str
    from_date: dt.date
    rate: Decimal


class Rates:
    """Every rate there is, to one reporting currency."""

    def __init__(self, reporting: str, rates: Iterable[Rate]) -> None:
        self.reporting = reporting
        self._by_currency: dict[str, list[Rate]] = {}
        for rate in sorted(rates, key=lambda rate: rate.from_date):
            self._by_currency.setdefault(rate.currency, []).append(rate)

    def on(self, currency: str, on_date: dt.date) -> Rate | None:
        """The rate in force that day: the last one that began by then. None before the first."""
        known = self._by_currency.get(currency, [])
        place = bisect_right(known, on_date, key=lambda rate: rate.from_date)
        return known[place - 1] if place else None

    def before(self, currency: str, day: dt.date) -> Rate | None:
        """The rate in force until that day, the first of the calendar too."""
        known = self._by_currency.get(currency, [])
        place = bisect_left(known, day, key=lambda rate: rate.from_date)
        return known[place - 1] if place else None


def needs_reason(known: Rates, new: Rate, today: dt.date) -> bool:
    """Whether writing this rate changes what some day up to today was converted with: a correction, or one put between."""
    there = known.on(new.currency, new.from_date)
    if there is None or there.rate == new.rate:
        return False
    return new.from_date <= today if there.from_date == new.from_date else new.from_date < today


def removal_needs_reason(known: Rates, gone: Rate, today: dt.date) -> bool:
    before = known.before(gone.currency, gone.from_date)
    return gone.from_date <= today and (before is None or before.rate != gone.rate)


def converted(amount: Decimal, currency: str, on_date: dt.date, rates: Rates) -> Decimal | None:
    """The exact amount in the reporting currency, not rounded; None where there is no rate for that day."""
    if currency == rates.reporting:
        return amount
    found = rates.on(currency, on_date)
    return None if found is None else EXACT.multiply(amount, found.rate)


def to_cents(amount: Decimal) -> Decimal:
    """Half up, away from zero at the half. Sums are made of exact amounts and come here once, at the edge."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of several currencies in the reporting one, rounded once. `used` are the rates it rests on, `missing` the
    currencies that are in no sum because there is no rate."""

    currency: str
    amounts: tuple[Decimal, ...]
    used: tuple[Rate, ...]
    missing: tuple[str, ...]


def summed(by_currency: Mapping[str, Sequence[Decimal]], on_date: dt.date, rates: Rates) -> Sum:
    """Columns of sums, each added up over the currencies that have a rate."""
    width = max((len(amounts) for amounts in by_currency.values()), default=0)
    columns, used, missing = [Decimal(0)] * width, [], []
    for currency, amounts in sorted(by_currency.items()):
        found = rates.on(currency, on_date)
        if currency != rates.reporting and found is None:
            missing.append(currency)
            continue
        if found is not None and currency != rates.reporting:
            used.append(found)
        for place, amount in enumerate(amounts):
            part = converted(amount, currency, on_date, rates)
            assert part is not None, "there is a rate"
            columns[place] = EXACT.add(columns[place], part)
    return Sum(rates.reporting, tuple(to_cents(column) for column in columns), tuple(used), tuple(missing))
