"""What a quote's form offers to choose from, all of it the playbook's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from crm.rules.formatting import money, percent
from playbook.schema.pricing import CatalogueItem, PriceModel, TermKind, TermOption
from quotes.rules import words
from quotes.rules.asking import ITEM_KINDS
from quotes.rules.book import PriceRules

KIND_LABELS = {"service": "Services", "add_on": "Add-ons", "pilot": "Pilots", "one_off": "One-off items"}
OTHER_LABELS = {
    "service": "Another service",
    "add_on": "Another add-on",
    "pilot": "Another pilot",
    "one_off": "Another one-off item",
}
PERIODS = {"once": "once", "year": "a year", "month": "a month", "hour": "an hour"}
CHARGED = (("", "As usual"), ("once", "Once"), ("yearly", "Every year"))


class Select(forms.Select):
    """A select whose options carry marks for the page's scripts and styles: data attributes by value."""

    def __init__(self, *args: Any, marks: Mapping[str, Mapping[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = marks or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        option["attrs"] |= {f"data-{name}": text for name, text in self.marks.get(str(option["value"]), {}).items()}
        return option


class Choice(forms.ChoiceField):
    """A choice that keeps whatever it is given: the price rules refuse what the playbook no longer has, at the field."""

    def __init__(self, *, marks: Mapping[str, Mapping[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(required=False, widget=Select(marks=marks), **kwargs)

    def valid_value(self, value: Any) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Offered:
    """A price model or an entry of the catalogue, as a row offers it. `units` stand after a quantity, `rate` after a rate."""

    key: str
    label: str
    units: str = ""
    rate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    offered: tuple[Offered, ...]


def models(rules: PriceRules) -> tuple[Group, ...]:
    """By price book."""
    return tuple(
        Group(book.label, tuple(_model(model, rules) for model in rules.pricing.models if model.book == book.key))
        for book in rules.pricing.books
    )


def _model(model: PriceModel, rules: PriceRules) -> Offered:
    rate = ""
    if model.rate is not None:
        span = f"{words.plain(model.rate.low)} to {words.plain(model.rate.high)}"
        rate = f"{span} {rules.currency} {PERIODS[model.period]}"
    return Offered(model.key, model.label, model.units, rate, _from(model))


def _from(model: PriceModel) -> str:
    return f"from {model.minimum:,}" if model.minimum > 1 else ""


def catalogue(rules: PriceRules) -> tuple[Group, ...]:
    """By kind, and something else of that kind at the end of each."""
    found = []
    for kind in ITEM_KINDS:
        known = [_item(item, rules) for item in rules.pricing.catalogue if item.kind == kind]
        found.append(Group(KIND_LABELS[kind], (*known, Offered(f"other:{kind}", OTHER_LABELS[kind]))))
    return tuple(found)


def _item(item: CatalogueItem, rules: PriceRules) -> Offered:
    ends = [end for end in (item.price_low, item.price_high) if end is not None]
    span = " to ".join(money(end) for end in ends)
    note = f"{span} {rules.currency} a {item.unit}" if ends else f"a {item.unit}"
    return Offered(item.key, item.label, item.unit, note, ", ".join(item.includes))


def terms(rules: PriceRules) -> list[tuple[str, str]]:
    return [(str(years), words.years(years)) for years in rules.years]


def locks(rules: PriceRules) -> list[tuple[str, str]]:
    years = [(str(year), f"Year {year}'s for all years") for year in range(1, rules.years[-1] + 1)]
    return [("", "Each year its own"), *years]


def reasons(rules: PriceRules) -> list[tuple[str, str]]:
    labels = levels(rules)
    found = [
        (one.key, f"{one.label}: up to {words.percent(one.cap_percent)}, {labels[one.approval]} decides")
        for one in rules.discounts.strategic
    ]
    return [("", "None"), *found]


def levels(rules: PriceRules) -> dict[str, str]:
    return {level.key: level.label for level in rules.approvals.levels}


def tiers(rules: PriceRules) -> list[tuple[str, str]]:
    return [("", "None"), *((one.key, f"{one.label}: {percent(one.percent)}") for one in rules.discounts.partner_tiers)]


def partner_models(rules: PriceRules) -> list[tuple[str, str]]:
    found = []
    for one in rules.discounts.partner_models:
        low, high = one.percent_low, one.percent_high
        span = f": {words.plain(low)} to {words.percent(high)}" if low is not None and high is not None else ""
        found.append((one.key, f"{one.label}{span}"))
    return [("", "None"), *found]


def programmes(rules: PriceRules) -> list[tuple[str, str]]:
    return [
        ("", "None"),
        *((one.key, f"{one.label}: {words.percent(one.percent)}") for one in rules.discounts.programmes),
    ]


def options(kind: TermKind, rules: PriceRules) -> list[tuple[str, str]]:
    return [(option.key, _option(option, rules)) for option in kind.options]


def _option(option: TermOption, rules: PriceRules) -> str:
    said = []
    if option.uplift_percent:
        said.append(f"+{words.percent(option.uplift_percent)}")
    if option.years_at_least:
        said.append(f"from {words.years(option.years_at_least)}")
    if option.approval:
        said.append(f"{levels(rules)[option.approval]} decides")
    if option.red_line:
        said.append("a red line")
    return f"{option.label} ({', '.join(said)})" if said else option.label


def with_legal_review(kind: TermKind) -> dict[str, dict[str, str]]:
    """Marks of the options that need one."""
    return {option.key: {"legal": ""} for option in kind.options if option.legal_review}


def standing_first(found: Iterable[tuple[str, str]], value: str) -> Sequence[tuple[str, str]]:
    """The choices, and what is chosen though the playbook no longer has it."""
    known = list(found)
    return known if not value or value in dict(known) else [*known, (value, f"{value} (not in the playbook)")]
