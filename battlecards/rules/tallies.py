"""Who wins how many rows. Computed from the rows that are not retired, never typed (domain: part 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from playbook.schema.cards import Row, Tally

SIDES = ("us", "them", "tie")


def tally(rows: Sequence[Row]) -> Tally:
    """Rows won by us, won by them, tied. An expired row still counts; a retired one does not."""
    standing: list[str] = [row.winner for row in rows if not row.retired]
    return Tally(**{side: standing.count(side) for side in SIDES})


@dataclass(frozen=True, slots=True)
class Weight:
    """A criterion of the deal: its weight in percent, its rows by winner, and what of the weight each side has of them."""

    criterion: str
    percent: Decimal
    rows: Tally
    us: Decimal
    them: Decimal
    tie: Decimal


@dataclass(frozen=True, slots=True)
class WeightedTally:
    """What a deal's own weights make of the rows, in percent: `us + them + tie + unweighed` is the sum of the weights. `unweighed` is
    the weight of the criteria that no row bears on."""

    us: Decimal
    them: Decimal
    tie: Decimal
    unweighed: Decimal
    criteria: tuple[Weight, ...]

    @property
    def rounded(self) -> dict[str, int]:
        """The four parts in whole percents that still add up to what they did: what is lost by rounding down goes to those who lost
        most by it."""
        parts = {"us": self.us, "tie": self.tie, "them": self.them, "unweighed": self.unweighed}
        down = {name: int(part) for name, part in parts.items()}
        left = round(sum(parts.values(), Decimal(0))) - sum(down.values())
        for name in sorted(parts, key=lambda name: down[name] - parts[name])[: max(left, 0)]:
            down[name] += 1
        return down


def weighted_tally(rows: Sequence[Row], weights: Mapping[str, Decimal]) -> WeightedTally:
    """Each criterion's weight divided among the rows that bear on it, equally; a row's part goes to its winner. Criteria are the same
    whatever their case."""
    found = []
    for criterion, percent in weights.items():
        mine = [row for row in rows if criterion.casefold() in {name.casefold() for name in row.criteria}]
        count = tally(mine)
        whole = count.us + count.them + count.tie
        share = {side: percent * getattr(count, side) / whole if whole else Decimal(0) for side in SIDES}
        found.append(Weight(criterion, percent, count, **share))
    sums = {side: sum((getattr(one, side) for one in found), Decimal(0)) for side in SIDES}
    bare = sum((one.percent for one in found if one.rows == Tally(us=0, them=0, tie=0)), Decimal(0))
    return WeightedTally(**sums, unweighed=bare, criteria=tuple(found))
