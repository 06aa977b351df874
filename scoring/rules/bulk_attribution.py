"""Why many scores moved: the array twin of `scoring.rules.attribution`.

The split is the same Shapley value, in whole numbers. A cause that can't have moved a score has no share and leaves the
others' shares as they are, so it is left out before anything is evaluated; most moves have one cause then, and cost
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from playbook.schema import Playbook
from playbook.schema.conditions import All, AnyOf, FactTest, Not, facts_named
from playbook.schema.qualification import Bant
from scoring.rules.attribution import CAUSES, Cause
from scoring.rules.bulk import Units, overrides_from_coded, score_bulk
from scoring.rules.columns import Coded, FactTable
from scoring.rules.columnwise import Days, Evaluator

Ends = tuple[Units, Units]
"""The lowest and the highest possible totals, in the smallest unit that is stored."""

DATED = ("within_months", "passed", "older_than_days")


@dataclass(frozen=True)
class Side:
    """What many scores were computed from, one entry a deal; `days` are day numbers."""

    playbook: Playbook
    facts: FactTable
    overrides: Coded
    days: Days

    def take(self, rows: NDArray[np.intp]) -> Side:
        return Side(self.playbook, self.facts.take(rows), self.overrides.take(rows), self.days[rows])


@dataclass(frozen=True)
class Split:
    """Per cause (first axis, in the order of CAUSES) and deal the change of low and high; `main` is the cause that
    moved most, -1 where neither end moved."""

    low: Units
    high: Units
    main: NDArray[np.int8]


def anchored_facts(bant: Bant) -> frozenset[str]:
    """The facts a total can depend on."""
    return frozenset().union(*(facts_named(anchor.when) for criterion in bant.criteria for anchor in criterion.anchors))


def anchored_dates(bant: Bant) -> tuple[FactTest, ...]:
    """The tests by which a total can depend on the day."""
    anchors = [anchor.when for criterion in bant.criteria for anchor in criterion.anchors]
    return tuple(dict.fromkeys(test for when in anchors for test in tests_in(when) if test.comparison in DATED))


def dated_tests(bant: Bant) -> frozenset[FactTest]:
    """The tests by which a total or a disqualification can depend on the day."""
    verdicts = [found for criterion in bant.criteria for found in (criterion.verdicts, *criterion.segments.values())]
    disqualifying = [found.disqualified for found in verdicts if found.disqualified is not None]
    tests = {test for when in disqualifying for test in tests_in(when) if test.comparison in DATED}
    return frozenset(tests.union(anchored_dates(bant)))


def tests_in(condition: All | AnyOf | Not | FactTest) -> list[FactTest]:
    """Every single test of a condition."""
    if isinstance(condition, FactTest):
        return [condition]
    parts = (
        (condition.not_,)
        if isinstance(condition, Not)
        else condition.all
        if isinstance(condition, All)
        else condition.any
    )
    return [test for part in parts for test in tests_in(part)]


def dates_matter(before: Side, after: Side) -> NDArray[np.bool_]:
    """Whether the day between the two scores made a difference to any test, in either playbook and with either
    facts."""
    found = np.zeros(len(before.days), dtype=np.bool_)
    if (before.days == after.days).all():
        return found
    for playbook in {id(side.playbook): side.playbook for side in (before, after)}.values():
        tests = anchored_dates(playbook.bant)
        for facts in {id(side.facts): side.facts for side in (before, after)}.values():
            columns = facts.fitting(playbook)
            then, now = Evaluator(columns, before.days), Evaluator(columns, after.days)
            for test in tests:
                found |= then.evaluate(test) != now.evaluate(test)
    return found


def days_matter(playbook: Playbook, facts: FactTable, before: Days, after: Days) -> NDArray[np.bool_]:
    """For which deals the day between makes a difference to a score or a disqualification, all else being the same."""
    found = np.zeros(len(before), dtype=np.bool_)
    columns = facts.fitting(playbook)
    then, now = Evaluator(columns, before), Evaluator(columns, after)
    for test in dated_tests(playbook.bant):
        found |= then.evaluate(test) != now.evaluate(test)
    return found


def by_playbook_alone(low: Units, high: Units) -> Split:
    """Moves that nothing else can have caused."""
    cause = CAUSES.index("playbook")
    lows, highs = np.zeros((len(CAUSES), len(low)), np.int64), np.zeros((len(CAUSES), len(low)), np.int64)
    lows[cause], highs[cause] = low, high
    return Split(lows, highs, np.where((low != 0) | (high != 0), cause, -1).astype(np.int8))


def facts_matter(before: Side, after: Side) -> NDArray[np.bool_]:
    """Whether any fact differs that a total can depend on, in either playbook."""
    if before.facts is after.facts:
        return np.zeros(len(before.days), dtype=np.bool_)
    looked_at = anchored_facts(before.playbook.bant) | anchored_facts(after.playbook.bant)
    return before.facts.differs(after.facts, looked_at)


def split(before: Side, after: Side, ends_before: Ends, ends_after: Ends, places: int) -> Split:
    """Split each move exactly. `ends_*` are the totals in units of 10^-places, as stored."""
    rows = len(before.days)
    low, high = np.zeros((len(CAUSES), rows), np.int64), np.zeros((len(CAUSES), rows), np.int64)
    main = np.full(rows, -1, np.int8)
    for changed, picked in _groups(before, after):
        one, other = before.take(picked), after.take(picked)
        first = (ends_before[0][picked], ends_before[1][picked])
        last = (ends_after[0][picked], ends_after[1][picked])
        shares = _shares(changed, _evaluator(one, other, changed, first, last, places))
        sizes = np.abs(shares).sum(axis=2)
        positions = np.array([CAUSES.index(cause) for cause in changed], dtype=np.intp)
        low[np.ix_(positions, picked)] = _whole(shares[:, :, 0], factorial(len(changed)))
        high[np.ix_(positions, picked)] = _whole(shares[:, :, 1], factorial(len(changed)))
        best = positions.astype(np.int8)[np.argmax(sizes, axis=0)]
        main[picked] = np.where(sizes.any(axis=0), best, -1)
    return Split(low, high, main)


def _groups(before: Side, after: Side) -> list[tuple[tuple[Cause, ...], NDArray[np.intp]]]:
    """Deals by the set of causes that can have moved them."""
    old, new = before.playbook, after.playbook
    overridden = before.overrides.differs(after.overrides)
    can: dict[Cause, NDArray[np.bool_]] = {
        "facts": facts_matter(before, after),
        "dates": dates_matter(before, after),
        "playbook": np.full(len(overridden), old.bant != new.bant or old.facts != new.facts),
        "override": overridden,
    }
    packed = sum(can[cause].astype(np.int8) << position for position, cause in enumerate(CAUSES))
    different, index = np.unique(packed, return_inverse=True)
    return [
        (tuple(cause for position, cause in enumerate(CAUSES) if code >> position & 1), np.flatnonzero(index == number))
        for number, code in enumerate(map(int, different))
        if code
    ]


def _evaluator(
    before: Side, after: Side, changed: tuple[Cause, ...], first: Ends, last: Ends, places: int
) -> Callable[[frozenset[Cause]], Ends]:
    """The totals with some causes already as after, the others still as before. Both ends of the way are known
    already."""

    @cache
    def ends(switched: frozenset[Cause]) -> Ends:
        if not switched:
            return first
        if switched == frozenset(changed):
            return last

        def side(cause: Cause) -> Side:
            # What is not among the changed causes is the same on both sides, as far as totals go.
            return after if cause in switched else before

        playbook = side("playbook").playbook
        overrides = overrides_from_coded(playbook.bant, side("override").overrides)
        facts = side("facts").facts.fitting(playbook)
        found = score_bulk(playbook, facts, overrides, None, side("dates").days)
        return found.in_minor_units(found.low, places), found.in_minor_units(found.high, places)

    return ends


def _shares(changed: tuple[Cause, ...], ends: Callable[[frozenset[Cause]], Ends]) -> NDArray[np.int64]:
    """Each cause's effect over all orders, summed (so n! times its share): [cause, deal, low or high]."""
    found = []
    for cause in changed:
        others = [other for other in changed if other != cause]
        summed: NDArray[np.int64] | int = 0
        for size in range(len(changed)):
            orders = factorial(size) * factorial(len(changed) - size - 1)
            for earlier in map(frozenset, combinations(others, size)):
                without, with_it = ends(earlier), ends(earlier | {cause})
                summed = summed + orders * np.stack([with_it[0] - without[0], with_it[1] - without[1]], axis=-1)
        found.append(np.asarray(summed))
    return np.stack(found)


def _whole(shares: NDArray[np.int64], orders: int) -> NDArray[np.int64]:
    """The shares in whole units that still add up: what rounding leaves over goes to the largest remainders."""
    floors, remainders = np.divmod(shares, orders)
    left = shares.sum(axis=0) // orders - floors.sum(axis=0)
    by_remainder = np.argsort(-remainders, axis=0, kind="stable")
    place = np.argsort(by_remainder, axis=0, kind="stable")
    return np.asarray(floors + (place < left))
