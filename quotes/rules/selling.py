"""What a quote sells, as product lines of its deal.

A deal counts what comes again every year. So each line brings the part of its first year that the next year will bring again:
of a perpetual licence that is the maintenance, and what is charged once brings nothing but is on the deal with zero. An item
charged yearly belongs to its own product, or to the quote's main one where it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules
from quotes.rules.pricing import EXACT, Priced, shared_out

ZERO = Decimal(0)


def sold(priced: Priced, rules: PriceRules) -> tuple[tuple[str, Decimal], ...]:
    """Product keys in the order of the quote, each once, with yearly amounts in whole cents that sum to the quote's `arr`. Empty
    where nothing on it is a product."""
    with localcontext(EXACT):
        parts: dict[str, Decimal] = {}
        for product, amount in _parts(priced, rules):
            parts[product] = parts.get(product, ZERO) + amount
        rest = parts.pop("", ZERO)
        if not parts:
            return ()
        parts[next(iter(parts))] += rest
        return tuple(zip(parts, shared_out(priced.arr, list(parts.values())), strict=True))


def _parts(priced: Priced, rules: PriceRules) -> Iterator[tuple[str, Decimal]]:
    first = priced.years[0]
    for line, bought in zip(priced.ask.lines, first.lines, strict=True):
        model = rules.models[line.model]
        amount = bought.net_unit * bought.quantity
        if model.kind == "perpetual":
            yearly = model.maintenance_percent or ZERO
            amount = amount * yearly / (100 + yearly)
        yield line.product or model.product or "", amount
    catalogue = {item.key: item.product or "" for item in rules.pricing.catalogue}
    for item in priced.ask.items:
        yearly = item.unit_price * item.quantity if item.charged == "yearly" else ZERO
        yield catalogue.get(item.key, ""), yearly


def given(ask: Ask, rules: PriceRules) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """What was given beyond the rules everybody has: each discretionary discount, and each contract term that is not standard. As
    (rule, in words, trades got for it, note). A term that asks for a commitment got that."""
    taken = ask.discretionary
    if taken is not None:
        label = rules.reasons[taken.reason].label
        percent = format(taken.percent.normalize(), "f")
        yield f"strategic.{taken.reason}", f"{label}: {percent} % off", taken.got, taken.note
    trades = {trade.key for trade in rules.discounts.trades}
    for kind in rules.terms.kinds:
        chosen = ask.option(kind.key)
        if not chosen:
            continue
        option = rules.options[kind.key][chosen]
        got = ("term",) if option.years_at_least and "term" in trades else ()
        note = ask.legal_review if option.legal_review else ""
        yield f"{kind.key}.{chosen}", f"{kind.label}: {option.label}", got, note
