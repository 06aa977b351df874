"""What the product lines of a deal have to add up to.

Either no line has an amount (one knows what they buy, not yet for how much each), or every line has one and they sum to
the deal's yearly amount to the cent. Nothing is ever scaled: whoever changes one side says what becomes of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.rules.formatting import listing, money_exact

MOST_LINES = 40
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A product with its part of the deal's amount; None where nobody has said yet."""

    product: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Rest:
    """What a line would have if it took the whole difference. `place` counts from 0."""

    place: int
    product: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """Lines against the deal's amount. `difference` is what is on no line yet; under zero, how much the lines are over.
    None while no line has an amount."""

    amount: Decimal | None
    total: Decimal
    blank: tuple[str, ...]
    """Products without an amount while others have one."""
    stated: bool
    """Some line has an amount."""

    @property
    def difference(self) -> Decimal | None:
        return (self.amount or ZERO) - self.total if self.stated else None

    @property
    def holds(self) -> bool:
        return not self.stated or (not self.blank and self.amount is not None and self.amount == self.total)


def balance(amount: Decimal | None, lines: Sequence[Line]) -> Balance:
    known = [line.amount for line in lines if line.amount is not None]
    blank = tuple(line.product for line in lines if line.amount is None) if known else ()
    return Balance(amount, sum(known, ZERO), blank, bool(known))


def in_words(found: Balance, currency: str) -> str:
    """What is wrong, in a sentence; "" where the rule holds."""
    if found.holds:
        return ""
    total, said = money_exact(found.total, currency), []
    if found.amount is None:
        said.append(f"The lines add up to {total}, and the deal has no amount yet.")
    elif by := abs(found.amount - found.total):
        way = "more" if found.total > found.amount else "less"
        amount = money_exact(found.amount, currency)
        said.append(f"The lines add up to {total}, {money_exact(by, currency)} {way} than the deal's {amount}.")
    if found.blank:
        have = "has no amount" if len(found.blank) == 1 else "have no amount"
        said.append(f"{listing(found.blank)} {have}. Give every line one, zero if it comes free, or none at all.")
    return " ".join(said)


def may_take_sum(found: Balance) -> bool:
    """Whether the sum could become the deal's amount."""
    return found.stated and not found.blank and found.total != found.amount


def rests(found: Balance, lines: Sequence[Line]) -> tuple[Rest, ...]:
    """The lines that could take the whole difference, those without an amount first; none would go below zero. Empty
    where taking it would still leave a line without an amount."""
    if found.amount is None or not found.difference:
        return ()
    able = [
        Rest(place, line.product, (line.amount or ZERO) + found.difference)
        for place, line in enumerate(lines)
        if (line.amount or ZERO) + found.difference >= 0 and all(other == line.product for other in found.blank)
    ]
    return tuple(sorted(able, key=lambda rest: lines[rest.place].amount is not None))


def followed(old: Decimal | None, new: Decimal | None, lines: Sequence[Line]) -> tuple[Line, ...] | None:
    """The lines once the deal's amount has become `new` without a word about them; None where somebody has to say.

    A single line that held the whole amount still does: there is nothing to distribute. Lines without amounts, and
    those that add up to the new amount, stay as they are.
    """
    if balance(new, lines).holds:
        return tuple(lines)
    if len(lines) == 1 and lines[0].amount == old:
        return (Line(lines[0].product, new),)
    return None
