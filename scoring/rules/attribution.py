"""Why a score moved: the change split exactly into facts, dates, playbook and the rep's override.

When several causes changed at once, no order between them is right: a budget that was raised and overridden moved the
score by whichever is looked at first. So each cause gets its average share over all orders (the Shapley value). The
shares add up to the change exactly, a cause that did not change has none, and which cause is named first makes no
difference. Both ends of the range are split; for complete scores they are the same.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any, Literal, NamedTuple, get_args

from playbook.schema import Playbook
from scoring.rules.lead_score import Score, format_exact
from scoring.rules.recompute import ScoreInputs, compute

Cause = Literal["facts", "dates", "playbook", "override"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


class Change(NamedTuple):
    """An exact change of the lowest and the highest possible total."""

    low: Fraction
    high: Fraction

    @property
    def nothing(self) -> bool:
        return self.low == 0 == self.high


@dataclass(frozen=True, slots=True)
class Basis:
    """What one score was computed from."""

    inputs: ScoreInputs
    playbook: Playbook


@dataclass(frozen=True, slots=True)
class CriterionMove:
    """A criterion whose part in the total changed, from one effective score to another (None is not scored)."""

    criterion: str
    label: str
    before: int | None
    after: int | None
    change: Change


@dataclass(frozen=True, slots=True)
class Attribution:
    """A move, split. `causes` always names all four and sums exactly to `change`; `moves` says which criteria moved."""

    before: Score
    after: Score
    change: Change
    causes: Mapping[Cause, Change]
    moves: tuple[CriterionMove, ...]

    @property
    def main_cause(self) -> Cause | None:
        """The cause that moved most, by both ends together; None when nothing moved."""
        moved = [cause for cause in CAUSES if not self.causes[cause].nothing]
        return max(moved, key=lambda cause: sum(map(abs, self.causes[cause])), default=None)

    def in_decimals(self, places: int = 4) -> dict[Cause, tuple[Decimal, Decimal]]:
        """The split in decimals that still add up: what rounding leaves over goes to the largest remainders."""
        lows = _rounded([self.causes[cause].low for cause in CAUSES], places)
        highs = _rounded([self.causes[cause].high for cause in CAUSES], places)
        return {cause: (low, high) for cause, low, high in zip(CAUSES, lows, highs, strict=True)}

    def as_json(self, places: int = 4) -> dict[str, list[str]]:
        """{cause: [change of low, change of high]} as stored with the later score; causes that moved nothing left
        out."""
        split = self.in_decimals(places)
        return {
            cause: [format_exact(low), format_exact(high)]
            for cause, (low, high) in split.items()
            if low != 0 or high != 0
        }


def attribute(before: Basis, after: Basis) -> Attribution:
    """Split the move from one score to the next. Sixteen evaluations at most, fewer when causes stayed the same."""
    changed = frozenset(cause for cause in CAUSES if _differs(cause, before, after))

    @cache
    def scored(switched: frozenset[Cause]) -> Score:
        return _score_with(before, after, switched)

    first, last = scored(frozenset()), scored(changed)
    causes: dict[Cause, Change] = {
        cause: _share(cause, changed, scored) if cause in changed else Change(Fraction(0), Fraction(0))
        for cause in CAUSES
    }
    return Attribution(first, last, _change(first, last), causes, tuple(_moves(first, last)))


def _differs(cause: Cause, before: Basis, after: Basis) -> bool:
    match cause:
        case "facts":
            return _typed(before.inputs.facts) != _typed(after.inputs.facts)
        case "override":
            return _typed(before.inputs.overrides) != _typed(after.inputs.overrides)
        case "dates":
            return before.inputs.as_of != after.inputs.as_of
        case "playbook":
            return before.playbook.bant != after.playbook.bant or before.playbook.facts != after.playbook.facts


def _typed(values: Mapping[str, Any]) -> str:
    """Values told apart as the rules do, at any depth: True is no 1, and 1.0 is neither."""
    return json.dumps(values, sort_keys=True, default=repr)


def _score_with(before: Basis, after: Basis, switched: frozenset[Cause]) -> Score:
    """The score with some causes already as after, the others still as before."""

    def side(cause: Cause) -> Basis:
        return after if cause in switched else before

    as_of: dt.date = side("dates").inputs.as_of
    inputs = ScoreInputs(side("facts").inputs.facts, side("override").inputs.overrides, after.inputs.segment, as_of)
    return compute(side("playbook").playbook, inputs).score


def _share(cause: Cause, changed: frozenset[Cause], scored: Callable[[frozenset[Cause]], Score]) -> Change:
    """The cause's average effect over all orders in which the changed causes could have come."""
    others, count = sorted(changed - {cause}), len(changed)
    low = high = Fraction(0)
    for size in range(count):
        weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
        for earlier in combinations(others, size):
            effect = _change(scored(frozenset(earlier)), scored(frozenset(earlier) | {cause}))
            low, high = low + weight * effect.low, high + weight * effect.high
    return Change(low, high)


def _change(before: Score, after: Score) -> Change:
    return Change(Fraction(after.low) - Fraction(before.low), Fraction(after.high) - Fraction(before.high))


def _moves(before: Score, after: Score) -> Iterator[CriterionMove]:
    """Criteria in the later playbook's order, then those it dropped. Their changes add up to the whole change too."""
    old = {part.criterion: part for part in before.contributions}
    new = {part.criterion: part for part in after.contributions}
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        low = Fraction(now.low if now else 0) - Fraction(was.low if was else 0)
        high = Fraction(now.high if now else 0) - Fraction(was.high if was else 0)
        if low or high:
            label = now.label if now else was.label if was else key
            yield CriterionMove(key, label, was.score if was else None, now.score if now else None, Change(low, high))


def _rounded(shares: list[Fraction], places: int) -> list[Decimal]:
    """The shares to `places` decimals (more where their sum needs more), still adding up to that sum exactly."""
    total = sum(shares, Fraction(0))
    while (total * 10**places).denominator != 1:
        places += 1
    scaled = [share * 10**places for share in shares]
    units = [share.numerator // share.denominator for share in scaled]
    left = int(total * 10**places) - sum(units)
    by_remainder = sorted(range(len(shares)), key=lambda index: units[index] - scaled[index])
    for index in by_remainder[:left]:
        units[index] += 1
    return [Decimal(share).scaleb(-places) for share in units]
