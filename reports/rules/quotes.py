"""What a quote tells its customer: what it costs year by year, on which terms, and nothing of how we came to it.

All discounts are one figure. Their reasons, what was got for them, who agreed and why stay with us. Every figure is one that is
stored with the revision, every name one of its own playbook version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.rules.formatting import MINUS, money_exact
from playbook.schema.pricing import PriceModel
from quotes.rules import words
from quotes.rules.asking import Ask, Item, Line
from quotes.rules.book import PriceRules
from quotes.rules.terms import options_of
from quotes.rules.tiers import tier_of

Json = Mapping[str, Any]
PLACES = Decimal("0.0001")
"""Prices of a unit are shown to four decimals."""

WIDE = 14
"""Characters of a figure that the usual columns hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a year, ready to be read. `listed` is "" where there is no list price."""

    label: str
    detail: str
    quantity: str
    listed: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Years:
    """Years that are alike stand once: "Years 2 to 5, each"."""

    label: str
    rows: tuple[Row, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class Term:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """`by_year`: (year, amount) of each, so that they can be added up. `listed` and `discount` are "" where nothing is off."""

    currency: str
    term: str
    years: tuple[Years, ...]
    by_year: tuple[tuple[str, str], ...]
    listed: str
    discount: str
    discount_percent: str
    total: str
    has_items: bool
    is_estimate: bool
    is_cut: bool
    terms: tuple[Term, ...]
    standing: tuple[str, ...]

    @property
    def is_wide(self) -> bool:
        """There are figures that need broader columns than most."""
        figures = (figure for block in self.years for row in block.rows for figure in (row.price, row.amount))
        return max(map(len, (self.total, *figures))) > WIDE

    @property
    def rows(self) -> int:
        return sum(len(block.rows) + 1 for block in self.years) + len(self.terms) + len(self.standing)


def paper(ask: Ask, priced: Json, rules: PriceRules, products: Mapping[str, str]) -> Paper:
    """`priced` as `quotes.rules.stored.priced_json` wrote it; `products`: their names by key."""
    total, listed = Decimal(priced["total"]), Decimal(priced["list_total"])
    off = listed > total
    blocks = tuple(_years(numbers, year, ask, rules, products, off=off) for numbers, year in _alike(priced["years"]))
    models = [rules.models[line.model] for line in ask.lines]
    return Paper(
        currency=rules.currency,
        term=words.years(ask.term_years),
        years=blocks,
        by_year=tuple((f"Year {year['year']}", money_exact(Decimal(year["amount"]))) for year in priced["years"]),
        listed=money_exact(listed) if off else "",
        discount=f"{MINUS}{money_exact(listed - total)}" if off else "",
        discount_percent=words.percent(Decimal(priced["discount_percent"])) if off else "",
        total=money_exact(total),
        has_items=bool(ask.items),
        is_estimate=any(model.kind == "consumption" for model in models),
        is_cut=any(_cut(part["net_unit"]) for year in priced["years"] for part in _parts(year, len(ask.lines))),
        terms=tuple(_terms(ask, rules)),
        standing=(*rules.terms.standing, *_of_its_kind(ask, rules)),
    )


def _alike(years: Sequence[Json]) -> list[tuple[list[int], Json]]:
    """Neighbours that differ in nothing but their number."""
    found: list[tuple[list[int], Json]] = []
    for year in years:
        if found and _body(found[-1][1]) == _body(year):
            found[-1][0].append(year["year"])
        else:
            found.append(([year["year"]], year))
    return found


def _body(year: Json) -> dict[str, Any]:
    return {name: value for name, value in year.items() if name != "year"}


def _parts(year: Json, lines: int) -> list[Json]:
    """A year's lines as they are stored: one line's figures are the year's own, without its items."""
    if lines != 1:
        return list(year.get("lines", ()))
    items = sum((Decimal(item["amount"]) for item in year["items"]), Decimal(0))
    return [{**year, "amount": str(Decimal(year["amount"]) - items)}]


def _years(
    numbers: list[int], year: Json, ask: Ask, rules: PriceRules, products: Mapping[str, str], *, off: bool
) -> Years:
    rows = [
        _line_row(line, part, numbers[0], ask, rules, products, off=off)
        for line, part in zip(ask.lines, _parts(year, len(ask.lines)), strict=True)
    ]
    items = [item for item in ask.items if item.charged == "yearly" or numbers[0] == 1]
    units = {one.key: one.unit for one in rules.pricing.catalogue}
    rows += [_item_row(item, part, units) for item, part in zip(items, year["items"], strict=True)]
    first, last = numbers[0], numbers[-1]
    return Years(_label(first, last), tuple(rows), money_exact(Decimal(year["amount"])))


def _label(first: int, last: int) -> str:
    if first == last:
        return f"Year {first}"
    return f"Years {first} {'and' if last == first + 1 else 'to'} {last}, each"


def _line_row(
    line: Line, part: Json, year: int, ask: Ask, rules: PriceRules, products: Mapping[str, str], *, off: bool
) -> Row:
    model = rules.models[line.model]
    product = products.get(line.product or model.product or "", "")
    quantity = part["quantity"]
    details = _details(line, model, year, ask, rules)
    return Row(
        label=product or model.label,
        detail=" · ".join((model.label, *details) if product else details),
        quantity=f"{quantity:,} {model.unit if quantity == 1 else model.units}",
        listed=_unit_price(part["list_unit"]) if off else "",
        price=_unit_price(part["net_unit"]),
        amount=money_exact(Decimal(part["amount"])),
    )


def _details(line: Line, model: PriceModel, year: int, ask: Ask, rules: PriceRules) -> Iterator[str]:
    tier = tier_of(model, ask.basis(line, year))
    if model.kind == "perpetual":
        yield "licence and its first year of maintenance" if year == 1 else "maintenance"
    elif tier is not None and tier.label != model.label:
        yield tier.label
    if line.rate is not None and model.period in ("hour", "month"):
        hours = f", {rules.pricing.hours_per_month} hours a month" if model.period == "hour" else ""
        yield f"rate {words.plain(line.rate)} {rules.currency} a {model.unit} and {model.period}{hours}"
    yield from model.includes


def _item_row(item: Item, part: Json, units: Mapping[str, str]) -> Row:
    quantity = f"{item.quantity:,}"
    if item.quantity == 1 and item.key in units:
        quantity = f"1 {units[item.key]}"
    return Row(
        label=item.label,
        detail="",
        quantity=quantity,
        listed="",
        price=money_exact(item.unit_price),
        amount=money_exact(Decimal(part["amount"])),
    )


def _unit_price(text: str) -> str:
    shown = words.plain(Decimal(text).quantize(PLACES, rounding=ROUND_HALF_UP))
    whole, _, after = shown.partition(".")
    return f"{whole}.{after.ljust(2, '0')}"


def _cut(text: str) -> bool:
    return Decimal(text) != Decimal(text).quantize(PLACES, rounding=ROUND_HALF_UP)


def _terms(ask: Ask, rules: PriceRules) -> Iterator[Term]:
    """Chosen or usual, in the playbook's order. An option named "none" is something that was not agreed: no term."""
    for kind, option in options_of(ask, rules):
        if kind.key == "billing" and ask.prepaid and ask.term_years > 1:
            yield Term(kind.label, f"All {words.years(ask.term_years)} in advance")
        elif option.key != "none":
            yield Term(kind.label, option.label)
    if ask.locked_year is not None:
        yield Term("Price of a unit", f"That of year {ask.locked_year} in every year")


def _of_its_kind(ask: Ask, rules: PriceRules) -> Iterator[str]:
    """What a programme or a way of selling with us brings along."""
    for programme in rules.discounts.programmes:
        if programme.key == ask.programme:
            yield from (f"{programme.label}: {text}." for text in programme.terms)
    for way in rules.discounts.partner_models:
        if ask.partner is not None and way.key == ask.partner.model:
            yield from (f"{way.label}: {text}." for text in way.terms)


def long_date(text: str | None) -> str:
    """``15 July 2026``; "" for none."""
    if not text:
        return ""
    day = dt.date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
