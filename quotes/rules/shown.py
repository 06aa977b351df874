"""A priced quote as a page draws it: for each kind of year one waterfall in money, each step with its name and percent.

Works from what is stored (`stored.priced_json`), so that a draft and a revision of long ago are drawn by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.rules.currencies import to_cents
from quotes.rules import words
from quotes.rules.book import PriceRules

Json = Mapping[str, Any]
TENTH = Decimal("0.1")
PLAIN_NAMES = {
    "uplift": "Uplift for contract terms",
    "programme": "Programme",
    "volume": "Volume",
    "multi_year": "Term",
    "prepayment": "Prepaid",
    "strategic": "Strategic",
    "partner": "Partner",
    "deal_registration": "Deal registration",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of a waterfall. `amount` is signed, in cents; `left` and `width` say where its bar stands, in percent of the
    longest of all years. `kind`: "whole" for what stands on the ground, "down", "up", or "added" for items."""

    label: str
    percent: str
    amount: Decimal
    kind: str
    left: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class YearShown:
    """Years that are alike are shown once: `label` "Year 1", "Years 2 and 3". `unit` says the price of one unit, where a
    quote has one line."""

    label: str
    bars: tuple[Bar, ...]
    amount: Decimal
    quantity: int | None
    list_unit: str
    net_unit: str


def years_shown(priced: Json, ask: Json, rules: PriceRules) -> tuple[YearShown, ...]:
    names = step_names(ask, rules)
    alike: list[tuple[list[int], Json]] = []
    for year in priced["years"]:
        same = next((one for one in alike if _body(one[1]) == _body(year)), None)
        if same:
            same[0].append(year["year"])
        else:
            alike.append(([year["year"]], year))
    longest = max((_highest(year) for _, year in alike), default=Decimal(0)) or Decimal(1)
    return tuple(_shown(numbers, year, names, longest, len(priced["years"])) for numbers, year in alike)


def step_names(ask: Json, rules: PriceRules) -> dict[str, str]:
    """What each kind of discount is called on this quote: the reason given, the partner's tier, the term."""
    names = dict(PLAIN_NAMES)
    given = ask.get("strategic")
    taken = next(iter(given), {}) if isinstance(given, Sequence) else given or {}
    if (reason := rules.reasons.get(taken.get("reason") or "")) is not None:
        names["strategic"] = reason.label
    tiers = {tier.key: tier.label for tier in rules.discounts.partner_tiers}
    ways = {way.key: way.label for way in rules.discounts.partner_models}
    if ask.get("partner_tier") in tiers:
        names["partner"] = f"{tiers[ask['partner_tier']]} partner"
    elif ask.get("partner") and ask["partner"].get("model") in ways:
        names["partner"] = ways[ask["partner"]["model"]]
    names["programme"] = next(
        (one.label for one in rules.discounts.programmes if one.key == ask.get("programme")), names["programme"]
    )
    years = ask.get("term_years")
    if isinstance(years, int):
        names["multi_year"] = words.years(years)
    return names


def _body(year: Json) -> dict[str, Any]:
    return {name: value for name, value in year.items() if name != "year"}


def _in_money(year: Json) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """(kind, percent, before, after) of each step, for the whole year; with one line they are stored of one unit."""
    many = Decimal(year["quantity"]) if year.get("quantity") is not None else Decimal(1)
    return [
        (step["discount"], Decimal(step["percent"]), Decimal(step["before"]) * many, Decimal(step["after"]) * many)
        for step in year["waterfall"]
    ]


def _list(year: Json) -> Decimal:
    """Of the lines; items have no list price."""
    items = sum((Decimal(item["amount"]) for item in year["items"]), Decimal(0))
    return Decimal(year["list_amount"]) - items


def _highest(year: Json) -> Decimal:
    return max(_list(year), Decimal(year["amount"]), *(after for *_, after in _in_money(year)), Decimal(0))


def _shown(numbers: list[int], year: Json, names: Mapping[str, str], longest: Decimal, term: int) -> YearShown:
    def bar(label: str, percent: str, amount: Decimal, kind: str, low: Decimal, high: Decimal) -> Bar:
        return Bar(label, percent, to_cents(amount), kind, _share(low, longest), _share(high - low, longest))

    zero, amount = Decimal(0), Decimal(year["amount"])
    listed = _list(year)
    bars = [bar("List", "", listed, "whole", zero, listed)] if listed or not year["items"] else []
    standing = listed
    for kind, percent, before, after in _in_money(year):
        low, high = min(before, after), max(before, after)
        way = "down" if after < before else "up"
        bars.append(bar(names[kind], words.percent(percent), after - before, way, low, high))
        standing = after
    for item in year["items"]:
        more = Decimal(item["amount"])
        bars.append(bar(item["label"], "", more, "added", standing, standing + more))
        standing += more
    bars.append(bar(_total_name(numbers, term), "", amount, "whole", zero, amount))
    return YearShown(
        label=_label(numbers, term),
        bars=tuple(bars),
        amount=amount,
        quantity=year.get("quantity"),
        list_unit=_plain(year.get("list_unit")),
        net_unit=_plain(year.get("net_unit")),
    )


def _plain(text: str | None) -> str:
    return words.plain(Decimal(text)) if text else ""


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(TENTH, rounding=ROUND_HALF_UP)


def _label(numbers: list[int], term: int) -> str:
    if len(numbers) == term:
        return "Each year" if term > 1 else "The year"
    if len(numbers) == 1:
        return f"Year {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2:
        return f"Years {numbers[0]} to {numbers[-1]}"
    return f"Years {', '.join(str(one) for one in numbers[:-1])} and {numbers[-1]}"


def _total_name(numbers: list[int], term: int) -> str:
    if term == 1:
        return "To pay"
    return "A year" if len(numbers) > 1 else f"Year {numbers[0]}"
