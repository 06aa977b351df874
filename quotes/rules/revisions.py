"""What a revision says, in words, and what another says differently: field by field, by the playbook's labels.

Works from an ask as stored or from inputs as typed, which have one shape; what can't be read is said as it was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.rules.formatting import listing, money
from playbook.numbers import ungrouped
from playbook.schema.base import Named
from quotes.rules import words
from quotes.rules.book import PriceRules

Raw = Mapping[str, Any]
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Said:
    """`key` is stable between revisions. `group`: "lines" for what is sold, "price" for what moves its price, "terms" for the
    contract."""

    key: str
    group: str
    label: str
    text: str
    is_standard: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


def changes(before: Iterable[Said], after: Iterable[Said]) -> tuple[Change, ...]:
    """In the order of the newer revision; what only the older one has comes last of all."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    found = [
        Change(one.label, old[key].text if key in old else NOTHING, one.text)
        for key, one in new.items()
        if key not in old or old[key].text != one.text
    ]
    return (*found, *(Change(one.label, one.text, NOTHING) for key, one in old.items() if key not in new))


def described(raw: Raw, rules: PriceRules) -> tuple[Said, ...]:
    return tuple(_described(raw, rules))


def _described(raw: Raw, rules: PriceRules) -> Iterator[Said]:
    yield from _lines(raw, rules)
    years = _number(raw.get("term_years"))
    yield Said("term_years", "price", "Term", words.years(int(years)) if years else _typed(raw.get("term_years")))
    yield Said("prepaid", "price", "Prepaid", "yes" if raw.get("prepaid") else "no", not raw.get("prepaid"))
    yield from _strategic(raw, rules)
    yield _named("partner_tier", "price", "Partner", raw.get("partner_tier"), rules.discounts.partner_tiers)
    yield _partner(raw, rules)
    registered = bool(raw.get("deal_registered"))
    yield Said("deal_registered", "price", "Deal registration", "yes" if registered else "no", not registered)
    yield _named("programme", "price", "Programme", raw.get("programme"), rules.discounts.programmes)
    locked = _typed(raw.get("locked_year"))
    text = NOTHING if locked == NOTHING else f"year {locked}'s price for all years"
    yield Said("locked_year", "price", "Price lock", text, locked == NOTHING)
    for kind in rules.terms.kinds:
        standard = rules.standard[kind.key]
        chosen = raw.get(kind.key) or standard
        yield _named(kind.key, "terms", kind.label, chosen, kind.options, is_standard=chosen == standard)
    review = _typed(raw.get("legal_review"))
    yield Said("legal_review", "terms", "Legal review", review, review == NOTHING)


def _lines(raw: Raw, rules: PriceRules) -> Iterator[Said]:
    entries = [one for one in raw.get("lines") or () if isinstance(one, Mapping)]
    if raw.get("price_model") not in (None, ""):
        entries.insert(0, {name: raw.get(name) for name in ("price_model", "quantity", "rate", "product")})
    seen: Counter[str] = Counter()
    for entry in entries:
        said = _licence(entry, rules) if entry.get("kind", "licence") == "licence" else _item(entry, rules)
        seen[said.key] += 1
        yield Said(f"{said.key}:{seen[said.key]}", said.group, said.label, said.text)


def _licence(entry: Raw, rules: PriceRules) -> Said:
    key = _typed(entry.get("price_model"))
    model = rules.models.get(key)
    units = model.units if model else ""
    quantity = entry.get("quantity")
    if isinstance(quantity, list):
        many = ", ".join(f"year {year}: {_count(one)}" for year, one in enumerate(quantity, start=1)) + f" {units}"
    else:
        many = f"{_count(quantity)} {units}"
    rate = "" if entry.get("rate") in (None, "") else f" at {_typed(entry['rate'])} {rules.currency}"
    product = _typed(entry.get("product"))
    return Said(f"licence:{key}:{product}", "lines", model.label if model else key, f"{many.strip()}{rate}")


def _item(entry: Raw, rules: PriceRules) -> Said:
    known = next((one for one in rules.pricing.catalogue if one.key == entry.get("key")), None)
    label = _typed(entry.get("label") or (known.label if known else None))
    price = _number(entry.get("unit_price"))
    each = money(price, rules.currency) if price is not None else _typed(entry.get("unit_price"))
    many = _count(entry.get("quantity") or 1)
    charged = entry.get("charged") or (known.charged if known else "once")
    times = "" if many == "1" else f"{many} × "
    return Said(f"item:{label}", "lines", label, f"{times}{each}, {'every year' if charged == 'yearly' else 'once'}")


def _strategic(raw: Raw, rules: PriceRules) -> Iterator[Said]:
    given = raw.get("strategic")
    entries: Sequence[Any] = given if isinstance(given, list) else [given] if given else []
    taken = [one for one in entries if isinstance(one, Mapping)]
    labels = {one.key: one.label for one in rules.discounts.trades}
    text = listing([_reason(one, rules) for one in taken]) or NOTHING
    yield Said("strategic", "price", "Strategic discount", text, not taken)
    got = [labels.get(key, str(key)) for one in taken for key in one.get("got") or ()]
    notes = [str(one["note"]) for one in taken if one.get("note")]
    for key, label, found in (("got", "What was got for it", listing(got)), ("note", "What exactly", " ".join(notes))):
        yield Said(f"strategic.{key}", "price", label, found or NOTHING, not found)


def _reason(entry: Raw, rules: PriceRules) -> str:
    key = _typed(entry.get("reason"))
    label = rules.reasons[key].label if key in rules.reasons else key
    return f"{label}, {_percent(entry.get('percent'))}"


def _partner(raw: Raw, rules: PriceRules) -> Said:
    partner = raw.get("partner")
    if not isinstance(partner, Mapping):
        return Said("partner", "price", "Sold with", NOTHING, True)
    labels = {one.key: one.label for one in rules.discounts.partner_models}
    key = _typed(partner.get("model"))
    percent = "" if partner.get("percent") in (None, "") else f", {_percent(partner['percent'])}"
    return Said("partner", "price", "Sold with", f"{labels.get(key, key)}{percent}")


def _named(
    key: str, group: str, label: str, value: Any, parts: Iterable[Named], *, is_standard: bool | None = None
) -> Said:
    labels = {part.key: part.label for part in parts}
    text = labels.get(str(value), _typed(value))
    return Said(key, group, label, text, text == NOTHING if is_standard is None else is_standard)


def _percent(value: Any) -> str:
    number = _number(value)
    return words.percent(number) if number is not None else _typed(value)


def _count(value: Any) -> str:
    number = _number(value)
    return words.plain(number) if number is not None else _typed(value)


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(ungrouped(str(value)))
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 15 else None


def _typed(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    return text or NOTHING
