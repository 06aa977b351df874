"""What a builder shows at its right: the price of what was typed, who must agree, what to mind, and cheaper ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deals.models import CompetitorPosition, Deal, DealCompetitor
from quotes.queries import prices
from quotes.rules.alternatives import Alternative, alternatives
from quotes.rules.asking import Ask
from quotes.rules.book import NoPrices, PriceRules
from quotes.rules.pricing import Priced, price
from quotes.rules.reading import read
from quotes.rules.refusals import Refusal, Refused
from quotes.rules.shown import YearShown, years_shown
from quotes.rules.stored import ask_json, priced_json
from quotes.rules.warnings import Warning, displaces_nobody

WAYS_AT_ONCE = 6
"""Lines up to which cheaper ways are looked for with the price; for more they come a moment later."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`priced` is None where there are `refusals`. `ways` is None where they are still to be looked for."""

    refusals: tuple[Refusal, ...] = ()
    priced: Priced | None = None
    years: tuple[YearShown, ...] = ()
    warnings: tuple[Warning, ...] = ()
    ways: tuple[Alternative, ...] | None = ()

    @property
    def blocked(self) -> bool:
        """Whether something has to be put right before it is sent."""
        return bool(self.refusals) or any(one.blocks for one in self.warnings)


def look(
    inputs: Mapping[str, Any], rules: PriceRules, rivals: frozenset[str] | None, *, all_ways: bool = False
) -> Preview:
    """`rivals`: the competitors on the deal; None where there is no deal. `all_ways`: however long that takes."""
    try:
        ask = read(inputs, rules)
        priced = price(ask, rules)
    except Refused as error:
        return Preview(error.refusals)
    also = displaces_nobody(ask, rules, rivals) if rivals is not None else ()
    shown = years_shown(priced_json(priced), ask_json(ask), rules)
    return Preview((), priced, shown, (*priced.warnings, *also), ways(ask, rules, rivals, all_ways))


def ways(ask: Ask, rules: PriceRules, rivals: frozenset[str] | None, all_ways: bool) -> tuple[Alternative, ...] | None:
    if len(ask.lines) > WAYS_AT_ONCE and not all_ways:
        return None
    return alternatives(ask, rules, reasons=open_reasons(rules, rivals))


def open_reasons(rules: PriceRules, rivals: frozenset[str] | None) -> frozenset[str] | None:
    """The strategic discounts this deal could be given: one that is meant against somebody only where they are on it."""
    if rivals is None:
        return None
    return frozenset(key for key, one in rules.reasons.items() if not one.displaces or rivals & set(one.displaces))


def rivals_on(deal: Deal) -> frozenset[str]:
    """One query: the keys of the competitors a deal is against; who is out of the race is not."""
    there = DealCompetitor.objects.filter(deal=deal).exclude(position=CompetitorPosition.OUT)
    return frozenset(there.values_list("competitor__key", flat=True))


def current() -> PriceRules | None:
    """The price rules in force; None where the playbook has none."""
    try:
        return prices.current()[1]
    except NoPrices:
        return None
