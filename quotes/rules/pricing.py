"""The price of what is asked: by line and year, by year, in all, and who must agree.

No rounding before the end: a year's exact amount is rounded half up to the cent, its lines take the cents that make them add
up to it, and the total is the sum of the years as shown (domain: quotes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, localcontext

from crm.rules.currencies import to_cents
from quotes.rules.approvals import Requirement, requirements
from quotes.rules.asking import Ask, Item
from quotes.rules.book import PriceRules
from quotes.rules.checking import check, check_amounts, check_total
from quotes.rules.refusals import Refused
from quotes.rules.tiers import list_price
from quotes.rules.warnings import Warning, warnings
from quotes.rules.waterfall import UPLIFT, ZERO, Step, Waterfall, fall, kinds_before, percents

EXACT = Context(prec=80)
"""Enough digits for a price of four decimals through eight percentages of six: nothing is ever cut."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LineYear:
    """A line in a year. Prices are of one unit, exact; `amount` is in whole cents."""

    quantity: int
    waterfall: Waterfall
    amount: Decimal
    list_amount: Decimal

    @property
    def list_unit(self) -> Decimal:
        return self.waterfall.listed

    @property
    def net_unit(self) -> Decimal:
        return self.waterfall.net


@dataclass(frozen=True, slots=True)
class Year:
    """`lines` in the order asked, `items` those charged in this year. `steps`: the whole year's waterfall, in money."""

    number: int
    lines: tuple[LineYear, ...]
    items: tuple[Item, ...]
    amount: Decimal
    list_amount: Decimal
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """What a quote costs. `arr`: what the first year brings that the next will bring again, in cents; `largest_arr` that of the
    year with most. `discount_percent`: off the list of the lines, two decimals, half up; under zero where an uplift outweighs."""

    ask: Ask
    years: tuple[Year, ...]
    total: Decimal
    list_total: Decimal
    arr: Decimal
    largest_arr: Decimal
    requirements: tuple[Requirement, ...]
    warnings: tuple[Warning, ...]

    @property
    def discount_percent(self) -> Decimal:
        listed = sum((line.list_amount for year in self.years for line in year.lines), ZERO)
        net = sum((line.amount for year in self.years for line in year.lines), ZERO)
        return to_cents((listed - net) * 100 / listed) if listed else Decimal("0.00")

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(requirement.level for requirement in self.requirements)

    @property
    def yearly(self) -> Decimal:
        """What a year costs on average: quotes of different terms are compared by it."""
        return self.total / self.ask.term_years


def price(ask: Ask, rules: PriceRules) -> Priced:
    """Raises Refused with everything that can't be had as asked."""
    refusals = check(ask, rules)
    if refusals:
        raise Refused(refusals)
    with localcontext(EXACT):
        falls = _falls(ask, rules)
        arr = [_recurring(ask, rules, year, falls, None) for year in ask.years]
        before = [_recurring(ask, rules, year, falls, "strategic") for year in ask.years]
        refusals = check_amounts(ask, rules, max(before))
        if refusals:
            raise Refused(refusals)
        years = tuple(_year(ask, year, falls, rules) for year in ask.years)
        total = sum((year.amount for year in years), ZERO)
        list_total = sum((year.list_amount for year in years), ZERO)
        refusals = check_total(max(total, list_total), rules)
        if refusals:
            raise Refused(refusals)
        needed = requirements(ask, rules)
        return Priced(ask, years, total, list_total, to_cents(arr[0]), to_cents(max(arr)), needed, warnings(ask, rules))


Falls = dict[tuple[int, int], Waterfall]
"""The waterfall of each line (from 0) in each year (from 1)."""


def _falls(ask: Ask, rules: PriceRules) -> Falls:
    """Years alike are worked out once."""
    found: Falls = {}
    known: dict[tuple[int, int, bool], Waterfall] = {}
    for place, line in enumerate(ask.lines):
        model = rules.models[line.model]
        for year in ask.years:
            key = (place, ask.basis(line, year), year == 1)
            if key not in known:
                listed = list_price(model, line, key[1], year, rules.pricing.hours_per_month)
                known[key] = fall(listed, percents(ask, model, key[1], rules))
            found[place, year] = known[key]
    return found


def _recurring(ask: Ask, rules: PriceRules, year: int, falls: Falls, before: str | None) -> Decimal:
    """What comes again of a year, exact; with `before`, as it stands when that discount's turn comes."""
    taken = None if before is None else {UPLIFT, *kinds_before(before, rules)}
    total = ZERO
    for place, line in enumerate(ask.lines):
        # A perpetual licence itself is bought once: its second year is what recurs.
        model = rules.models[line.model]
        waterfall = falls[place, year]
        price = waterfall.net if taken is None else _after(waterfall, taken)
        if model.kind == "perpetual" and year == 1:
            yearly = model.maintenance_percent or ZERO
            price = price * yearly / (100 + yearly)
        total += price * line.quantity(year)
    return total + sum((item.unit_price * item.quantity for item in ask.items if item.charged == "yearly"), ZERO)


def paid_once(priced: Priced, rules: PriceRules) -> Decimal:
    """What is paid in the first year and never again: items charged once, and perpetual licences without their maintenance."""
    first = priced.years[0]
    total = sum((item.unit_price * item.quantity for item in first.items if item.charged == "once"), ZERO)
    for line, bought in zip(priced.ask.lines, first.lines, strict=True):
        model = rules.models[line.model]
        if model.kind == "perpetual":
            total += bought.net_unit * bought.quantity * 100 / (100 + (model.maintenance_percent or ZERO))
    return total


def _after(waterfall: Waterfall, taken: set[str]) -> Decimal:
    price = waterfall.listed
    for step in waterfall.steps:
        if step.discount in taken:
            price = step.after
    return price


def _year(ask: Ask, number: int, falls: Falls, rules: PriceRules) -> Year:
    mine = [falls[place, number] for place in range(len(ask.lines))]
    quantities = [line.quantity(number) for line in ask.lines]
    exact = [waterfall.net * quantity for waterfall, quantity in zip(mine, quantities, strict=True)]
    items = tuple(item for item in ask.items if item.charged == "yearly" or number == 1)
    extra = sum((item.unit_price * item.quantity for item in items), ZERO)
    licences = to_cents(sum(exact, ZERO))
    listed = [to_cents(waterfall.listed * quantity) for waterfall, quantity in zip(mine, quantities, strict=True)]
    lines = tuple(LineYear(*one) for one in zip(quantities, mine, shared_out(licences, exact), listed, strict=True))
    return Year(number, lines, items, licences + extra, sum(listed, ZERO) + extra, _steps(mine, quantities, rules))


def _steps(falls: Sequence[Waterfall], quantities: Sequence[int], rules: PriceRules) -> tuple[Step, ...]:
    """The year's waterfall in money. Lines that a discount does not touch pass it unchanged, so `percent` is that of the whole."""
    there = {step.discount for waterfall in falls for step in waterfall.steps}
    prices = [waterfall.listed for waterfall in falls]
    steps = []
    for discount in (kind for kind in (UPLIFT, *rules.discounts.order) if kind in there):
        after = [
            next((step.after for step in waterfall.steps if step.discount == discount), price)
            for waterfall, price in zip(falls, prices, strict=True)
        ]
        one, two = _worth(prices, quantities), _worth(after, quantities)
        steps.append(Step(discount, _percent_of_all(falls, discount, one, two), one, two))
        prices = after
    return tuple(steps)


def _percent_of_all(falls: Sequence[Waterfall], discount: str, before: Decimal, after: Decimal) -> Decimal:
    given = [step.percent for waterfall in falls for step in waterfall.steps if step.discount == discount]
    if len(given) == len(falls) and len(set(given)) == 1:
        return given[0]
    return to_cents(abs(before - after) * 100 / before) if before else ZERO


def _worth(prices: Sequence[Decimal], quantities: Sequence[int]) -> Decimal:
    return sum((price * quantity for price, quantity in zip(prices, quantities, strict=True)), ZERO)


def shared_out(whole: Decimal, exact: Sequence[Decimal]) -> list[Decimal]:
    """`whole` cents over the parts, each its own cents, what is left over to those who lost most by it, the first of equals
    first. The parts sum to `whole`, and none is a cent or more from its exact amount."""
    cut = [part.quantize(CENT, rounding=ROUND_FLOOR) for part in exact]
    left = int((whole - sum(cut, ZERO)) / CENT)
    by_loss = sorted(range(len(exact)), key=lambda place: (cut[place] - exact[place], place))
    for place in by_loss[:left]:
        cut[place] += CENT
    return cut
