"""Lead scores of many deals at once: the array twin of `deals.rules.bant.assess` and `scoring.rules.lead_score.score`.

Totals are whole numbers of the smallest unit the weights need, so they are as exact as the decimals of the scalar
rule. A property test holds both to the same results.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from deals.rules.bant import anchors_from_top, counts, verdicts_for
from playbook.schema import Playbook
from playbook.schema.qualification import Bant, Criterion
from scoring.rules.columns import Coded, FactColumns, facts_of
from scoring.rules.columnwise import Days, Evaluator
from scoring.rules.lead_score import Score, ranked_classes, score

Scores = NDArray[np.int8]
"""A score for each criterion (first axis, in the playbook's order) and deal (second axis); 0 is not scored."""

Units = NDArray[np.int64]
"""Totals in units of 10^-places."""


@dataclass(frozen=True)
class BulkScores:
    """Scores of many deals, in the order they were given. `low_rank` and `high_rank` count classes from the worst,
    0."""

    bant: Bant
    suggested: Scores
    effective: Scores
    places: int
    low: Units
    high: Units
    low_rank: NDArray[np.int8]
    high_rank: NDArray[np.int8]
    disqualified: NDArray[np.int16]

    @property
    def rows(self) -> int:
        return len(self.low)

    @property
    def complete(self) -> NDArray[np.bool_]:
        return np.asarray((self.effective != 0).all(axis=0))

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Whether the whole range lies in one class."""
        return np.asarray(self.low_rank == self.high_rank)

    @property
    def class_keys(self) -> tuple[str, ...]:
        """The classes' keys by rank, from the worst."""
        return tuple(lead_class.key for lead_class in ranked_classes(self.bant))

    def in_minor_units(self, totals: Units, places: int = 4) -> Units:
        """Totals as a database column with `places` decimals keeps them. Raises ValueError where that would lose
        any."""
        if places >= self.places:
            return np.asarray(totals * 10 ** (places - self.places))
        fewer, lost = np.divmod(totals, 10 ** (self.places - places))
        if lost.any():
            raise ValueError(f"the weights need {self.places} decimals; {places} would round")
        return np.asarray(fewer)

    def total_of(self, units: int) -> Decimal:
        return Decimal(int(units)).scaleb(-self.places)

    @cached_property
    def sets(self) -> tuple[NDArray[np.int64], list[tuple[int, ...]]]:
        """The different sets of scores (0 is not scored), and which of them each row has."""
        base = self.bant.highest + 1
        packed = np.zeros(self.rows, dtype=np.int64)
        for row in self.effective:
            packed = packed * base + row
        _, first, index = np.unique(packed, return_index=True, return_inverse=True)
        return index, [tuple(scores) for scores in self.effective[:, first].T.tolist()]

    @cached_property
    def patterns(self) -> Patterns:
        """The different sets of scores, explained. There are few, so what is written per score is worked out once per
        set."""
        index, sets = self.sets
        return Patterns(index, tuple(score_of(self.bant, scores) for scores in sets))


@dataclass(frozen=True)
class Patterns:
    """`scores[index[i]]` is the explained score of row i."""

    index: NDArray[np.int64]
    scores: tuple[Score, ...]


def score_of(bant: Bant, scores: tuple[int, ...]) -> Score:
    """The explained score of a set of scores in the playbook's order, 0 for not scored."""
    return score(bant, {criterion.key: given or None for criterion, given in zip(bant.criteria, scores, strict=True)})


def score_bulk(
    playbook: Playbook,
    facts: FactColumns,
    overrides: Scores,
    segments: Coded | None,
    today: dt.date | Days,
) -> BulkScores:
    """Score every deal. Without `segments` the verdicts are not looked at, and nothing counts as disqualified.

    Raises ValueError when the weights need more decimals than 64-bit totals can hold.
    """
    bant, evaluator = playbook.bant, Evaluator(facts, today)
    suggested = np.stack([suggestions(criterion, evaluator, facts.rows) for criterion in bant.criteria])
    effective = np.where(overrides != 0, overrides, suggested)
    return totals(bant, suggested, effective, disqualifications(bant, evaluator, segments, facts.rows))


def totals(bant: Bant, suggested: Scores, effective: Scores, disqualified: NDArray[np.int16]) -> BulkScores:
    """What follows from the scores alone. Raises ValueError when the weights need more decimals than 64-bit totals can
    hold."""
    places, weights = unit_weights(bant)
    missing = effective == 0
    low = _sum(np.where(missing, np.int8(bant.lowest), effective), weights)
    high = _sum(np.where(missing, np.int8(bant.highest), effective), weights)
    floors = _floors(bant, places)
    return BulkScores(
        bant=bant,
        suggested=suggested,
        effective=effective,
        places=places,
        low=low,
        high=high,
        low_rank=np.searchsorted(floors, low, side="right").astype(np.int8),
        high_rank=np.searchsorted(floors, high, side="right").astype(np.int8),
        disqualified=disqualified,
    )


def judges_alike(one: Playbook, other: Playbook) -> bool:
    """Whether both give every deal the same scores and disqualifications on the same day: they may differ in weights,
    classes and words."""
    return _judging(one) == _judging(other)


def _judging(playbook: Playbook) -> tuple[object, ...]:
    bant = playbook.bant
    used = facts_of(bant)
    return (
        (bant.lowest, bant.highest),
        [(criterion.key, _conditions(criterion)) for criterion in bant.criteria],
        [fact for fact in playbook.facts if fact.key in used],
    )


def _conditions(criterion: Criterion) -> tuple[object, ...]:
    return (
        [(anchor.score, anchor.when) for anchor in anchors_from_top(criterion)],
        criterion.verdicts.disqualified,
        {segment: found.disqualified for segment, found in criterion.segments.items()},
    )


def suggestions(criterion: Criterion, evaluator: Evaluator, rows: int) -> NDArray[np.int8]:
    """For each deal the score of the first anchor met from the top, 0 where none is."""
    found = np.zeros(rows, dtype=np.int8)
    for anchor in reversed(anchors_from_top(criterion)):
        found = np.where(evaluator.evaluate(anchor.when) == 1, np.int8(anchor.score), found)
    return found


def disqualifications(bant: Bant, evaluator: Evaluator, segments: Coded | None, rows: int) -> NDArray[np.int16]:
    """For each deal how many criteria disqualify it, by the verdicts of its segment."""
    found = np.zeros(rows, dtype=np.int16)
    if segments is None:
        return found
    for criterion in bant.criteria:
        for code, segment in enumerate(segments.values):
            condition = verdicts_for(criterion, str(segment or "")).disqualified
            if condition is not None:
                found += (evaluator.evaluate(condition) == 1) & (segments.codes == code)
    return found


def overrides_from_dicts(bant: Bant, rows: Sequence[Mapping[str, object]]) -> Scores:
    """The reps' own scores; what does not count (see `deals.rules.bant.counts`) is left out."""
    found = np.zeros((len(bant.criteria), len(rows)), dtype=np.int8)
    position = {criterion.key: number for number, criterion in enumerate(bant.criteria)}
    for row, given in enumerate(rows):
        for key, value in given.items():
            if key in position and counts(bant, value):
                found[position[key], row] = cast(int, value)
    return found


def overrides_from_coded(bant: Bant, rows: Coded) -> Scores:
    """As `overrides_from_dicts`, each different set read once."""
    empty: dict[str, object] = {}
    different = [value if isinstance(value, dict) else empty for value in rows.values]
    return np.ascontiguousarray(overrides_from_dicts(bant, different)[:, rows.codes])


def unit_weights(bant: Bant) -> tuple[int, list[int]]:
    """How many decimals exact totals need, and each weight in units of the last of them (20 % is 20 units of 0.01)."""
    exponents = [criterion.weight.normalize().as_tuple().exponent for criterion in bant.criteria]
    extra = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    places = 2 + max(extra, 0)
    weights = [int(criterion.weight.scaleb(places - 2)) for criterion in bant.criteria]
    if sum(weights) * bant.highest >= 2**62:
        raise ValueError("the weights have too many decimals for totals of 64 bits")
    return places, weights


def _sum(scores: Scores, weights: Sequence[int]) -> Units:
    total = np.zeros(scores.shape[1], dtype=np.int64)
    for row, weight in zip(scores, weights, strict=True):
        total += row.astype(np.int64) * weight
    return total


def _floors(bant: Bant, places: int) -> Units:
    """The floors of all classes but the worst, in units; rounded up, which for whole units changes nothing."""
    floors = [lead_class.at_least.scaleb(places) for lead_class in ranked_classes(bant)[1:]]
    return np.array([int(floor.to_integral_value(ROUND_CEILING)) for floor in floors], dtype=np.int64)
