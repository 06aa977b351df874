"""Cheaper ways to the same end, found by asking the rules themselves: nothing here knows what any discount is worth.

The search walks every term, prepayment and reason the playbook has, and every quantity at which a tier or a volume discount
begins; what it offers has been priced like any other quote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from itertools import product
from typing import Literal

from crm.rules.formatting import listing, money
from quotes.rules import words
from quotes.rules.approvals import lighter, requirements
from quotes.rules.asking import Ask, Line, Strategic
from quotes.rules.book import PriceRules
from quotes.rules.pricing import Priced, paid_once, price
from quotes.rules.refusals import Refused

FINEST = Decimal("0.01")
"""Percentages are proposed in hundredths."""

Kind = Literal["same_price", "lighter", "cheaper", "quantity"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """`saves`: what an average year costs less than as asked; under zero where it costs more. What is paid once counts over the
    term as asked: a longer one makes it no cheaper."""

    kind: Kind
    says: str
    priced: Priced
    saves: Decimal


@dataclass(frozen=True, slots=True)
class _Found:
    """`yearly`: what a year costs, comparable with what is asked (`_a_year`)."""

    priced: Priced
    changes: tuple[str, ...]
    yearly: Decimal


def alternatives(ask: Ask, rules: PriceRules, *, reasons: Collection[str] | None = None) -> tuple[Alternative, ...]:
    """What else would do, the most useful first. `reasons`: the strategic discounts that this customer could be given (all,
    unless said). Raises Refused where what is asked has no price itself."""
    now = price(ask, rules)
    open_reasons = tuple(key for key in rules.reasons if reasons is None or key in reasons)
    found = list(_ways(now, rules, open_reasons))
    offered = [*_same_price(now, found), *_best(now, found), *_cheaper(now, rules), *_quantities(now, rules)]
    return tuple(_told(kind, one, now, rules) for kind, one in _once(offered))


def _same_price(now: Priced, found: list[_Found]) -> Iterator[tuple[Kind, _Found]]:
    """For each chain that is lighter, the way that reaches the price with the fewest changes, nearest to the price as it is."""
    for chain in dict.fromkeys(one.priced.levels for one in found):
        there = [one for one in found if one.priced.levels == chain and one.yearly <= now.yearly]
        if there:
            yield "same_price", min(there, key=lambda one: (len(one.changes), -one.yearly, one.changes))


def _best(now: Priced, found: list[_Found]) -> Iterator[tuple[Kind, _Found]]:
    """For each chain that is lighter, the lowest price it can have."""
    for chain in dict.fromkeys(one.priced.levels for one in found):
        there = [one for one in found if one.priced.levels == chain]
        yield "lighter", min(there, key=lambda one: (one.yearly, len(one.changes), one.changes))


def _cheaper(now: Priced, rules: PriceRules) -> Iterator[tuple[Kind, _Found]]:
    """The lowest price that a term and prepayment alone bring, with nobody else to ask."""
    ways = (_tried(replace(base, strategic=now.ask.strategic), now, rules) for base in _commitments(now.ask, rules))
    there = [one for one in ways if one and one.priced.levels == now.levels and one.yearly < now.yearly]
    if there:
        yield "cheaper", min(there, key=lambda one: (one.yearly, len(one.changes), one.changes))


def _once(offered: list[tuple[Kind, _Found]]) -> Iterator[tuple[Kind, _Found]]:
    seen = set()
    for kind, one in offered:
        if one.priced.ask not in seen:
            seen.add(one.priced.ask)
            yield kind, one


def _ways(now: Priced, rules: PriceRules, reasons: tuple[str, ...]) -> Iterator[_Found]:
    """Every term, prepayment and reason that has a lighter chain; of each reason its cap and the least that reaches the price."""
    for base in _commitments(now.ask, rules) if now.levels else ():
        plain = _lighter(base, now, rules)
        if plain is None:
            continue  # with a reason it would not be lighter either: a discount more never asks for less
        yield plain
        for key in reasons:
            yield from _with_reason(base, plain, key, now, rules)


def _commitments(ask: Ask, rules: PriceRules) -> Iterator[Ask]:
    """Every term, prepaid or not, without a strategic discount."""
    for years, prepaid in product(rules.years, dict.fromkeys((ask.prepaid, False, True))):
        if years != ask.term_years and any(len(line.quantities) > 1 for line in ask.lines):
            continue  # a ramp says what each of its years has; another term would be another ramp
        yield replace(ask, term_years=years, prepaid=prepaid, strategic=(), locked_year=_lock(ask, years))


def _lock(ask: Ask, years: int) -> int | None:
    return ask.locked_year if ask.locked_year is None or ask.locked_year <= years else None


def _with_reason(base: Ask, plain: _Found, key: str, now: Priced, rules: PriceRules) -> Iterator[_Found]:
    taken = now.ask.discretionary
    got, note = (taken.got, taken.note) if taken is not None and taken.reason == key else ((), "")
    most = rules.reasons[key].cap_percent
    full = _lighter(replace(base, strategic=(Strategic(key, most, got, note),)), now, rules)
    if full is None:
        return
    yield full
    for percent in _reaching(plain.yearly, full.yearly, most, now.yearly):
        there = _lighter(replace(base, strategic=(Strategic(key, percent, got, note),)), now, rules)
        if there is not None and there.yearly <= now.yearly:
            yield there
            return


def _reaching(without: Decimal, with_most: Decimal, most: Decimal, wanted: Decimal) -> Iterator[Decimal]:
    """Percentages to try for a price, from the straight line through the two that are known, upwards: cents are rounded, so the
    first guess may miss by a hundredth."""
    if not with_most <= wanted < without:
        return
    guess = (most * (without - wanted) / (without - with_most)).quantize(FINEST, rounding=ROUND_CEILING)
    for percent in (guess - FINEST, guess, guess + FINEST):
        if 0 < percent < most:
            yield percent


def _lighter(ask: Ask, now: Priced, rules: PriceRules) -> _Found | None:
    """Who would have to agree is asked before the price is: it costs less, and most ways end here."""
    levels = tuple(one.level for one in requirements(ask, rules))
    return _tried(ask, now, rules) if lighter(levels, now.levels, rules) else None


def _tried(ask: Ask, now: Priced, rules: PriceRules) -> _Found | None:
    try:
        priced = price(ask, rules)
    except Refused:
        return None
    return _Found(priced, _changes(now.ask, ask), _a_year(priced, now, rules))


def _a_year(priced: Priced, now: Priced, rules: PriceRules) -> Decimal:
    """What a year of this costs beside one of `now`: what is paid once is spread over the years that were asked for."""
    if priced.ask.term_years == now.ask.term_years:
        return priced.yearly
    once = paid_once(priced, rules)
    return (priced.total - once) / priced.ask.term_years + once / now.ask.term_years


def _changes(before: Ask, after: Ask) -> tuple[str, ...]:
    one, two = before.discretionary, after.discretionary
    changes = []
    if before.term_years != after.term_years:
        changes.append("term")
    if before.prepaid != after.prepaid:
        changes.append("prepayment")
    if (one and one.reason) != (two and two.reason):
        changes.append("reason")
    if (one.percent if one else 0) != (two.percent if two else 0):
        changes.append("percent")
    return tuple(changes)


# Quantities


def _quantities(now: Priced, rules: PriceRules) -> Iterator[tuple[Kind, _Found]]:
    """More that costs less: every year of a line at the edge of a tier that lowers it most, all such years together."""
    ask = now.ask
    for place, line in enumerate(ask.lines):
        raised = _cheapest(ask, line, rules)
        lines = (*ask.lines[:place], raised, *ask.lines[place + 1 :])
        there = _tried(replace(ask, lines=lines), now, rules) if raised != line else None
        if there is not None and there.priced.total < now.total:
            yield "quantity", replace(there, changes=("quantity",))


def _cheapest(ask: Ask, line: Line, rules: PriceRules) -> Line:
    """Found on the line by itself: tiers and volume count per line, and forty lines are not priced anew for each edge of one."""
    alone = replace(ask, lines=(line,), items=(), strategic=())
    best, lowest = line, _total(alone, rules)
    for year in range(len(line.quantities)):
        for edge in _edges(line, rules):
            raised = _raised(best, year, edge)
            total = _total(replace(alone, lines=(raised,)), rules) if raised is not None else None
            if raised is not None and total is not None and lowest is not None and total < lowest:
                best, lowest = raised, total
    return best


def _total(ask: Ask, rules: PriceRules) -> Decimal | None:
    try:
        return price(ask, rules).total
    except Refused:
        return None


def _edges(line: Line, rules: PriceRules) -> list[int]:
    model = rules.models[line.model]
    volume = rules.discounts.volume if "volume" in model.discounts else ()
    return sorted({tier.at_least for tier in model.tiers} | {step.at_least for step in volume})


def _raised(line: Line, year: int, quantity: int) -> Line | None:
    if quantity <= line.quantities[year]:
        return None
    return replace(line, quantities=(*line.quantities[:year], quantity, *line.quantities[year + 1 :]))


# Words


def _told(kind: Kind, one: _Found, now: Priced, rules: PriceRules) -> Alternative:
    saves = now.yearly - one.yearly
    what = _more(now.ask, one.priced.ask, rules) if kind == "quantity" else _how(one, now, rules)
    chain = _chain(one.priced, now, rules)
    return Alternative(kind, f"{what}: {_price(saves, rules)}{chain}", one.priced, saves)


def _how(one: _Found, now: Priced, rules: PriceRules) -> str:
    after = one.priced.ask
    said = []
    if "term" in one.changes:
        said.append(f"a term of {words.years(after.term_years)}")
    if "prepayment" in one.changes:
        said.append("prepaid" if after.prepaid else "not prepaid")
    if taken := after.discretionary:
        if "reason" in one.changes or "percent" in one.changes:
            said.append(f"{words.percent(taken.percent)} as {rules.reasons[taken.reason].label}")
    elif now.ask.discretionary:
        said.append("no strategic discount")
    text = listing(said)
    return text[:1].upper() + text[1:]


def _more(before: Ask, after: Ask, rules: PriceRules) -> str:
    said = []
    for line, other in zip(before.lines, after.lines, strict=True):
        units = rules.models[line.model].units
        for year, (less, more) in enumerate(zip(line.quantities, other.quantities, strict=True), start=1):
            if less != more:
                when = f" in year {year}" if len(line.quantities) > 1 else ""
                said.append(f"{more:,} {units} instead of {less:,}{when}")
    return listing(said)


def _price(saves: Decimal, rules: PriceRules) -> str:
    if not saves:
        return "the same price"
    by = money(abs(saves), rules.currency)
    return f"{by} a year {'less' if saves > 0 else 'more'}"


def _chain(priced: Priced, now: Priced, rules: PriceRules) -> str:
    if priced.levels == now.levels:
        return "."
    labels = {level.key: level.label for level in rules.approvals.levels}
    asked = listing([labels[level] for level in priced.levels])
    return f", and {asked} to ask." if asked else ", and nobody to ask."
