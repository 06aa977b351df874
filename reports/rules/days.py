"""What changed in the totals of a day that is over, and which known causes add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

SHOWN = 20
"""So many deals, or groups, are named in a difference; the number says how many there are."""
UNEXPLAINED = "unexplained"
REBUILT = "rebuilt"
CAUSES = {
    "deleted": "put in the bin",
    "restored": "restored from the bin",
    "imported": "imported with a past",
    "changed": "changed by an import, or by taking one back",
    "purged": "removed for good",
    REBUILT: "with a past that had to be put together again from its intervals",
    UNEXPLAINED: "not explained",
}


class Group(NamedTuple):
    """What totals are kept by. `path` is where the owners sat on that day."""

    path: str
    outcome: str
    stage: str
    forecast_category: str
    currency: str


class Total(NamedTuple):
    number: int
    amount: Decimal


NOTHING = Total(0, Decimal(0))
Totals = Mapping[Group, Total]


@dataclass(frozen=True, slots=True)
class Cause:
    """Something known to have happened to deals since the last look. `moved` is by how much they changed the totals; None where that
    can't be known any more, or not whether it was before the look: then they may be behind what the others leave over."""

    key: str
    deals: tuple[int, ...]
    moved: Totals | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """By how many deals and how much of each currency the day's totals changed, and why. `groups` are told of what nothing explains."""

    cause: str
    deals: tuple[int, ...]
    count: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    groups: tuple[tuple[Group, Total], ...] = ()

    def as_kept(self, at: str) -> dict[str, Any]:
        """As JSON; `at` is the day of the look."""
        return {
            "at": at,
            "cause": self.cause,
            "number": len(self.deals),
            "deals": list(self.deals[:SHOWN]),
            "count": self.count,
            "amounts": {currency: str(amount) for currency, amount in sorted(self.amounts.items())},
            "groups": [[*group, total.number, str(total.amount)] for group, total in self.groups[:SHOWN]],
        }


def minus(now: Totals, before: Totals) -> dict[Group, Total]:
    """What changed, by group; groups that did not are left out."""
    found = {}
    for group in now.keys() | before.keys():
        new, old = now.get(group, NOTHING), before.get(group, NOTHING)
        if new != old:
            found[group] = Total(new.number - old.number, new.amount - old.amount)
    return found


def explained(changed: Totals, causes: Iterable[Cause]) -> list[Difference]:
    """The differences that add up to what changed, cause by cause; what no cause explains comes last.

    Causes whose effect is known are taken off exactly. What is left over may be the doing of those whose effect is not, but of no
    more deals than they are: a deal leaves one group and comes into another at most.
    """
    found, rest, unsure = [], dict(changed), []
    for cause in causes:
        if cause.moved is None:
            unsure.append(cause)
        elif cause.moved:
            found.append(_difference(cause.key, cause.deals, cause.moved))
            rest = minus(rest, cause.moved)
    if not rest:
        return found
    able = sum(len(cause.deals) for cause in unsure)
    if len(rest) <= 2 * able and sum(abs(total.number) for total in rest.values()) <= 2 * able:
        deals = tuple(sorted({deal for cause in unsure for deal in cause.deals}))
        keys = {cause.key for cause in unsure}
        return [*found, _difference(keys.pop() if len(keys) == 1 else "changed", deals, rest)]
    left = _difference(UNEXPLAINED, (), rest)
    return [*found, Difference(left.cause, (), left.count, left.amounts, tuple(sorted(rest.items())))]


def _difference(cause: str, deals: tuple[int, ...], moved: Totals) -> Difference:
    amounts: dict[str, Decimal] = {}
    for group, total in moved.items():
        if total.amount:
            amounts[group.currency] = amounts.get(group.currency, Decimal(0)) + total.amount
    count = sum(total.number for total in moved.values())
    return Difference(cause, deals, count, {code: amount for code, amount in amounts.items() if amount})
