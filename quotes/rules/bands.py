"""Quotes of a size: the bands in which their discounts are compared, by what an average year brings.

The bounds are where the playbook's own programmes begin (50 K to 200 K to land, 250 K a full one) and where a large deal does
(1 M). They are in the quote's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.rules.formatting import money_short

BOUNDS = (Decimal(50_000), Decimal(250_000), Decimal(1_000_000), Decimal(5_000_000))
FEWEST = 3
"""Quotes under which a median says more about one customer than about a habit."""


@dataclass(frozen=True, slots=True)
class Band:
    """From `least` to under `below`, a year; None is no bound."""

    least: Decimal | None
    below: Decimal | None

    def text(self, currency: str) -> str:
        if self.least is None:
            return f"under {money_short(self.below or 0)} {currency} a year"
        if self.below is None:
            return f"{money_short(self.least)} {currency} a year and more"
        return f"{money_short(self.least)} to {money_short(self.below)} {currency} a year"


def band_of(yearly: Decimal) -> Band:
    bounds = (None, *BOUNDS, None)
    place = sum(yearly >= bound for bound in BOUNDS)
    return Band(bounds[place], bounds[place + 1])


def median(middle: Sequence[Decimal]) -> Decimal:
    """Of the one or two values in the middle, in hundredths."""
    return (sum(middle, Decimal(0)) / len(middle)).quantize(Decimal("0.01"))
