"""What a quote asks for: everything that prices it or binds, and nothing else. Equal asks have equal prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

ItemKind = Literal["service", "add_on", "pilot", "one_off"]
ITEM_KINDS: tuple[ItemKind, ...] = ("service", "add_on", "pilot", "one_off")


@dataclass(frozen=True, slots=True)
class Line:
    """Something priced by a model. `quantities`: one for every year, or one a year. `rate`: the agreed price of a unit and
    period, for models that are priced by agreement. `at` is where it was typed, for what is said of it: "", "lines.1."."""

    model: str
    quantities: tuple[int, ...]
    rate: Decimal | None = None
    product: str = ""
    at: str = field(default="", compare=False)

    def quantity(self, year: int) -> int:
        """Of a year, counted from 1."""
        return self.quantities[0] if len(self.quantities) == 1 else self.quantities[year - 1]


@dataclass(frozen=True, slots=True)
class Item:
    """Something with a price of its own, which no discount touches. `key` names the playbook's catalogue; "" is free text.
    `charged` once, with the first year, or every year."""

    kind: ItemKind
    label: str
    unit_price: Decimal
    quantity: int = 1
    charged: Literal["once", "yearly"] = "once"
    key: str = ""
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Strategic:
    """A discretionary discount, and what was got for it (keys of the playbook's trades, a note)."""

    reason: str
    percent: Decimal
    got: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """A cloud provider's way to sell with us, at the percentage agreed with them."""

    model: str
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """`options`: the contract terms that are not standard, (kind, option) in the playbook's order. `locked_year`: the year
    whose quantity sets tier and volume discount of all years. `legal_review`: who recorded it and what it says."""

    lines: tuple[Line, ...]
    term_years: int
    items: tuple[Item, ...] = ()
    prepaid: bool = False
    strategic: tuple[Strategic, ...] = ()
    partner_tier: str = ""
    partner: PartnerTerms | None = None
    deal_registered: bool = False
    programme: str = ""
    options: tuple[tuple[str, str], ...] = ()
    locked_year: int | None = None
    legal_review: str = ""

    def option(self, kind: str) -> str:
        """The chosen option of a contract term; "" is the standard one."""
        return next((chosen for name, chosen in self.options if name == kind), "")

    def basis(self, line: Line, year: int) -> int:
        """The quantity that sets tier and volume discount of a year: its own, unless the quote locks the price of one."""
        return line.quantity(self.locked_year or year)

    @property
    def years(self) -> range:
        return range(1, self.term_years + 1)

    @property
    def discretionary(self) -> Strategic | None:
        """The strategic discount that takes something off, if any."""
        return next((one for one in self.strategic if one.percent), None)
