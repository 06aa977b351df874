"""What was typed or sent, as an Ask: the one way in for the API, the builder, a stored revision and an import.

The shape is that of ``POST /api/quotes/preview/``: `price_model` and `quantity` are the first line, `lines` are further ones
and whatever has a price of its own. Every value that can't be read is refused at its field, all at once; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.lib.texts import storable
from playbook.numbers import ungrouped
from playbook.schema.base import Named
from quotes.rules import words
from quotes.rules.asking import ITEM_KINDS, Ask, Item, Line, PartnerTerms, Strategic
from quotes.rules.book import PriceRules
from quotes.rules.refusals import Refusal, Refused

MOST_LINES = 40
MOST_UNITS = 10_000_000
MOST_MONEY = Decimal(10) ** 12
MOST_TEXT = 2_000
BLANK = (None, "")
TOP = "price_model, quantity, rate, product, lines, term_years, prepaid, strategic, partner_tier, partner, deal_registered"
MORE = "programme, locked_year, legal_review"


def read(raw: Mapping[str, Any], rules: PriceRules) -> Ask:
    """Raises Refused with every field that can't be read. Fields are named as they were sent."""
    return _Reading(raw, rules).ask()


class _Reading:
    """One reading, which gathers what it can't read."""

    def __init__(self, raw: Mapping[str, Any], rules: PriceRules) -> None:
        self.raw, self.rules = raw, rules
        self.refusals: list[Refusal] = []

    def ask(self) -> Ask:
        known = {*TOP.split(", "), *MORE.split(", "), *self.rules.options}
        for name in self.raw:
            if name not in known:
                self.refuse(str(name), "unknown", f"{name} is not a field of a quote.")
        lines, items = self.lines()
        found = Ask(
            lines=tuple(lines),
            items=tuple(items),
            term_years=self.whole("term_years", self.raw.get("term_years"), "a term in years") or 0,
            prepaid=self.flag("prepaid"),
            strategic=self.strategic(),
            partner_tier=self.key("partner_tier", self.raw.get("partner_tier"), self.rules.discounts.partner_tiers),
            partner=self.partner(),
            deal_registered=self.flag("deal_registered"),
            programme=self.key("programme", self.raw.get("programme"), self.rules.discounts.programmes),
            options=self.options(),
            locked_year=self.whole("locked_year", self.raw.get("locked_year"), "a year", needed=False),
            legal_review=self.text("legal_review", self.raw.get("legal_review")),
        )
        if self.refusals:
            raise Refused(self.refusals)
        return found

    def refuse(self, field: str, rule: str, text: str, instead: str = "") -> None:
        self.refusals.append(Refusal(field, rule, text, instead))

    # Lines

    def lines(self) -> tuple[list[Line], list[Item]]:
        lines: list[Line] = []
        items: list[Item] = []
        if any(self.raw.get(name) not in BLANK for name in ("price_model", "quantity")):
            lines.append(self.line("", self.raw))
        for place, entry in enumerate(self.listed("lines")):
            at = f"lines.{place}."
            if not isinstance(entry, Mapping):
                self.refuse(at[:-1], "shape", "A line is a mapping of fields to values.")
            elif entry.get("kind", "licence") == "licence":
                self.only(at, entry, ("kind", "price_model", "quantity", "rate", "product"))
                lines.append(self.line(at, entry))
            else:
                self.only(at, entry, ("kind", "key", "label", "unit_price", "quantity", "charged"))
                items.append(self.item(at, entry))
        return lines, items

    def listed(self, name: str) -> list[Any]:
        value = self.raw.get(name)
        if value in BLANK:
            return []
        if not isinstance(value, list) or len(value) > MOST_LINES:
            self.refuse(name, "shape", f"This is a list of at most {MOST_LINES}.")
            return []
        return value

    def only(self, at: str, entry: Mapping[str, Any], allowed: Iterable[str]) -> None:
        for name in entry:
            if name not in allowed:
                self.refuse(f"{at}{name}", "unknown", f"{name} is not a field of such a line.")

    def line(self, at: str, entry: Mapping[str, Any]) -> Line:
        model = self.key(f"{at}price_model", entry.get("price_model"), self.rules.pricing.models, needed=True)
        rate = None if entry.get("rate") in BLANK else self.number(f"{at}rate", entry["rate"])
        product = self.text(f"{at}product", entry.get("product"), most=60)
        return Line(model, self.quantities(f"{at}quantity", entry.get("quantity"), model), rate, product, at)

    def quantities(self, field: str, value: Any, model: str) -> tuple[int, ...]:
        given = value if isinstance(value, list) else [value]
        units = next((one.units for one in self.rules.pricing.models if one.key == model), "units")
        if not 1 <= len(given) <= MOST_LINES:
            self.refuse(field, "ramp", "A ramp has one quantity for each year of the term.")
            return (1,)
        found = (self.whole(field, one, f"a number of {units}") for one in given)
        return tuple(1 if one is None else one for one in found)

    def item(self, at: str, entry: Mapping[str, Any]) -> Item:
        catalogue = self.rules.pricing.catalogue
        key = self.key(f"{at}key", entry.get("key"), catalogue)
        known = next((one for one in catalogue if one.key == key), None)
        kind = known.kind if known else next((one for one in ITEM_KINDS if one == entry.get("kind")), None)
        if kind is None:
            self.refuse(f"{at}kind", "kind", f"A line is a licence, or {words.either(ITEM_KINDS)}.")
        label = self.text(f"{at}label", entry.get("label"), most=200) or (known.label if known else "")
        if not label:
            self.refuse(f"{at}label", "label", "Say what this is.")
        charged = entry.get("charged") or (known.charged if known else "once")
        if charged not in ("once", "yearly"):
            self.refuse(f"{at}charged", "charged", "Charged once or yearly.")
        price = self.money(f"{at}unit_price", entry.get("unit_price"))
        quantity = 1 if entry.get("quantity") in BLANK else self.whole(f"{at}quantity", entry["quantity"], "a number")
        if quantity is not None and quantity < 1:
            self.refuse(f"{at}quantity", "minimum", "At least 1.", "1")
        return Item(
            kind or "one_off", label, price, quantity or 1, "yearly" if charged == "yearly" else "once", key, at
        )

    # The rest

    def strategic(self) -> tuple[Strategic, ...]:
        value = self.raw.get("strategic")
        entries = value if isinstance(value, list) else [] if value in BLANK else [value]
        found = []
        for entry in entries[:MOST_LINES]:
            if not isinstance(entry, Mapping):
                self.refuse("strategic", "shape", "A strategic discount has a reason and a percent.")
                continue
            self.only("strategic.", entry, ("reason", "percent", "got", "note"))
            reason = self.key("strategic.reason", entry.get("reason"), self.rules.discounts.strategic, needed=True)
            percent = self.percent("strategic.percent", entry.get("percent"))
            note = self.text("strategic.note", entry.get("note"))
            found.append(Strategic(reason, percent or Decimal(0), self.got(entry.get("got")), note))
        return tuple(found)

    def got(self, value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [] if value in BLANK else [value]
        trades = self.rules.discounts.trades
        found = {self.key("strategic.got", one, trades, needed=True) for one in given[:MOST_LINES]}
        return tuple(one.key for one in trades if one.key in found)

    def partner(self) -> PartnerTerms | None:
        value = self.raw.get("partner")
        if value in BLANK:
            return None
        if not isinstance(value, Mapping):
            self.refuse("partner", "shape", "A partner has a model and, where it has a range, a percent.")
            return None
        self.only("partner.", value, ("model", "percent"))
        model = self.key("partner.model", value.get("model"), self.rules.discounts.partner_models, needed=True)
        given = value.get("percent")
        return PartnerTerms(model, None if given in BLANK else self.percent("partner.percent", given))

    def options(self) -> tuple[tuple[str, str], ...]:
        found = []
        for kind in self.rules.terms.kinds:
            chosen = self.key(kind.key, self.raw.get(kind.key), kind.options)
            if chosen and chosen != self.rules.standard[kind.key]:
                found.append((kind.key, chosen))
        return tuple(found)

    # Values

    def key(self, field: str, value: Any, parts: Iterable[Named], *, needed: bool = False) -> str:
        if value in BLANK and not needed:
            return ""
        known = [part.key for part in parts]
        if isinstance(value, str) and value in known:
            return value
        self.refuse(field, "choice", f"Choose one of {', '.join(known)}.")
        return ""

    def flag(self, field: str) -> bool:
        value = self.raw.get(field)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.refuse(field, "flag", "This is true or false.")
        return False

    def text(self, field: str, value: Any, most: int = MOST_TEXT) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or not storable(value):
            self.refuse(field, "text", "This is text.")
            return ""
        if len(value) > most:
            self.refuse(field, "text", f"At most {most:,} characters; this has {len(value):,}.")
        return value.strip()

    def whole(self, field: str, value: Any, what: str, *, needed: bool = True) -> int | None:
        if value in BLANK and not needed:
            return None
        number = self.number(field, value, what)
        if number is None:
            return None
        if abs(number) > MOST_UNITS:
            self.refuse(field, "maximum", f"At most {MOST_UNITS:,}.", str(MOST_UNITS))
            return None
        if number != number.to_integral_value():
            above = max(int(number) + 1, 1)
            would = f"{above - 1:,} or {above:,}" if above > 1 else "1"
            self.refuse(field, "whole", f"{words.plain(number)} is not whole; {would} would do.", str(above))
            return None
        return int(number)

    def percent(self, field: str, value: Any) -> Decimal | None:
        number = self.number(field, value, "a percentage")
        if number is not None and not 0 <= number <= 100:
            self.refuse(field, "percent", "A percentage is 0 to 100.", "0" if number < 0 else "100")
            return None
        return number

    def money(self, field: str, value: Any) -> Decimal:
        number = self.number(field, value, "an amount")
        if number is None:
            return Decimal(0)
        if not 0 <= number <= MOST_MONEY or number.as_tuple().exponent < -2:  # type: ignore[operator]  # a finite number's is an int
            self.refuse(field, "amount", "An amount is 0 or more, in whole cents.")
            return Decimal(0)
        return number

    def number(self, field: str, value: Any, what: str = "a number") -> Decimal | None:
        """Exactly what was written, with at most six decimals."""
        try:
            if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
                raise ValueError
            number = Decimal(ungrouped(str(value)))
            if not number.is_finite() or abs(number) > MOST_MONEY * 1000 or len(str(value)) > 60:
                raise ValueError
            if number != round(number, 6):
                self.refuse(field, "digits", "At most six decimals.")
                return None
        except (InvalidOperation, ValueError):
            self.refuse(field, "number", f"Give {what}.")
            return None
        return number.normalize() + 0
