"""The price of one unit for a year, before anything is put on or taken off."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from playbook.schema.pricing import PERIODS_A_YEAR, PriceModel, Tier
from quotes.rules.asking import Line

MONTHS = 12


class Span(Protocol):
    @property
    def at_least(self) -> int: ...
    @property
    def up_to(self) -> int | None: ...


S = TypeVar("S", bound=Span)


def span_of(spans: Sequence[S], quantity: int) -> S | None:
    """The one the quantity lies in; the loader has seen to it that they neither overlap nor leave gaps."""
    for span in spans:
        if span.at_least <= quantity and (span.up_to is None or quantity <= span.up_to):
            return span
    return None


def tier_of(model: PriceModel, quantity: int) -> Tier | None:
    return span_of(model.tiers, quantity)


def periods_a_year(model: PriceModel, hours_per_month: int) -> int:
    return MONTHS * hours_per_month if model.period == "hour" else PERIODS_A_YEAR[model.period]


def list_price(model: PriceModel, line: Line, quantity: int, year: int, hours_per_month: int) -> Decimal:
    """Of one unit in one year. A perpetual licence is paid in the first, its maintenance in every one.

    The line has been found right (`checking`): a price by tier has a tier, one by agreement has a rate.
    """
    tier = tier_of(model, quantity)
    price = tier.price if tier is not None else line.rate or Decimal(0)
    if model.kind == "perpetual":
        yearly = price * (model.maintenance_percent or Decimal(0)) / 100
        return price + yearly if year == 1 else yearly
    return price * periods_a_year(model, hours_per_month)
