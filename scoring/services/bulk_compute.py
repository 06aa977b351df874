"""Many deals' new scores from what was read of them: arrays in, arrays out, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from playbook.schema import Playbook
from scoring.rules.attribution import CAUSES
from scoring.rules.bulk import BulkScores, overrides_from_dicts, score_bulk
from scoring.rules.bulk_attribution import Side, Split, split
from scoring.rules.columns import FactColumns
from scoring.rules.lead_score import Score, format_exact, score
from scoring.rules.stored import FIRST, contributions_json

PLACES = 4
"""Decimals of a stored total; totals here are whole numbers of that unit."""
NO_CAUSE, FIRST_CODE = "", FIRST
Objects = list[dict[str, Any]]


@dataclass(frozen=True)
class Staged:
    """Deals as read for scoring: one entry a deal in every list. `last_*` tell of the last stored score and are None without one;
    `last_scores` is the JSON list of its criteria's scores, `last_numbers` its playbook. `lights_numbers` is the playbook the MEDDPICC
    lights were last judged by, 0 for never."""

    deal_ids: Sequence[int]
    segments: Sequence[str]
    facts: Objects
    overrides: Objects
    last_ids: Sequence[int | None]
    last_low: Sequence[int | None]
    last_high: Sequence[int | None]
    last_as_of: Sequence[str | None]
    last_numbers: Sequence[int | None]
    last_scores: Sequence[str | None]
    same_facts: Sequence[bool | None]
    same_overrides: Sequence[bool | None]
    lights_numbers: Sequence[int]

    def __len__(self) -> int:
        return len(self.deal_ids)


@dataclass(frozen=True)
class Pattern:
    """One of the few different results: all that follows from a set of scores under one playbook, as stored."""

    low: int
    high: int
    total: int | None
    lead_class: str
    possible_classes: str
    contributions: list[list[object]]

    @classmethod
    def of(cls, found: Score) -> Pattern:
        return cls(
            low=units(found.low),
            high=units(found.high),
            total=None if found.total is None else units(found.total),
            lead_class=found.lead_class or "",
            possible_classes="".join(found.possible_classes),
            contributions=contributions_json(found),
        )


@dataclass(frozen=True)
class Cause:
    """What `LeadScore` keeps of a move."""

    causes: Mapping[str, list[str]]
    cause: str

    @cached_property
    def key(self) -> bytes:
        return orjson.dumps([self.causes, self.cause], option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True)
class Results:
    """New scores in the order of the staged deals: `patterns[pattern[i]]`. History grows where `changed`, by `causes[cause[i]]`."""

    pattern: NDArray[np.intp]
    patterns: Sequence[Pattern]
    disqualified: NDArray[np.int16]
    changed: NDArray[np.bool_]
    cause: NDArray[np.intp]
    causes: Sequence[Cause] = field(default_factory=list)


OldInputs = Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]
"""From ids of stored scores to their inputs. Asked only for those whose facts or overrides are no longer the same."""


def units(total: Any) -> int:
    """A total as a whole number of the stored unit. Raises ValueError where it needs more decimals than are stored."""
    scaled = total.scaleb(PLACES)
    if scaled != int(scaled):
        raise ValueError(f"the weights of this playbook need more than {PLACES} decimals")
    return int(scaled)


def compute_many(
    staged: Staged, playbook: Playbook, today: dt.date, *, by_number: Callable[[int], Playbook], old_inputs: OldInputs
) -> Results:
    """Score the staged deals under `playbook` and say why those moved that did."""
    columns = FactColumns.from_dicts(playbook, staged.facts)
    overrides = overrides_from_dicts(playbook.bant, staged.overrides)
    found = score_bulk(playbook, columns, overrides, staged.segments, today)
    patterns = [Pattern.of(one) for one in found.patterns.scores]
    index = np.asarray(found.patterns.index, dtype=np.intp)
    moved = _changed(staged, index, patterns, by_number)
    return Results(
        pattern=index,
        patterns=patterns,
        disqualified=found.disqualified,
        changed=moved,
        **_causes(staged, found, moved, playbook, today, by_number, old_inputs),
    )


def _changed(
    staged: Staged, index: NDArray[np.intp], patterns: Sequence[Pattern], by_number: Callable[[int], Playbook]
) -> NDArray[np.bool_]:
    """Whether the result differs from the last stored one. Worked out once per pair of old and new."""
    before: dict[tuple[int | None, str | None], Pattern | None] = {}
    known: dict[tuple[Any, int], bool] = {}
    changed = np.ones(len(staged), dtype=np.bool_)
    for row, (old, new) in enumerate(
        zip(zip(staged.last_numbers, staged.last_scores, strict=True), index.tolist(), strict=True)
    ):
        differs = known.get((old, new))
        if differs is None:
            if old not in before:
                before[old] = _stored_pattern(*old, by_number)
            differs = known[old, new] = before[old] != patterns[new]
        changed[row] = differs
    return changed


def _stored_pattern(number: int | None, scores: str | None, by_number: Callable[[int], Playbook]) -> Pattern | None:
    if number is None or scores is None:
        return None
    bant = by_number(number).bant
    given = orjson.loads(scores)
    return Pattern.of(
        score(bant, {criterion.key: value for criterion, value in zip(bant.criteria, given, strict=True)})
    )


def _causes(
    staged: Staged,
    found: BulkScores,
    changed: NDArray[np.bool_],
    playbook: Playbook,
    today: dt.date,
    by_number: Callable[[int], Playbook],
    old_inputs: OldInputs,
) -> dict[str, Any]:
    """`cause` and `causes` of the results. Rows that did not change point at an empty cause nobody reads."""
    codes = _Codes()
    index = np.full(len(staged), codes.of(Cause({}, NO_CAUSE)), dtype=np.intp)
    has_last = np.array([last is not None for last in staged.last_ids], dtype=np.bool_)
    index[changed & ~has_last] = codes.of(Cause({}, FIRST_CODE))
    ends = found.in_minor_units(found.low, PLACES), found.in_minor_units(found.high, PLACES)
    numbers = np.array([number or 0 for number in staged.last_numbers], dtype=np.int64)
    for number in np.unique(numbers[changed & has_last]):
        rows = np.flatnonzero(changed & has_last & (numbers == number))
        before, after = _sides(staged, rows, by_number(int(number)), playbook, today, old_inputs)
        old_ends = _column(staged.last_low, rows), _column(staged.last_high, rows)
        moves = split(before, after, old_ends, (ends[0][rows], ends[1][rows]), PLACES)
        index[rows] = _coded(codes, moves, before, after, staged, rows)
    return {"cause": index, "causes": codes.kept}


def _sides(
    staged: Staged, rows: NDArray[np.intp], old: Playbook, new: Playbook, today: dt.date, old_inputs: OldInputs
) -> tuple[Side, Side]:
    facts = [staged.facts[row] for row in rows]
    overrides = [staged.overrides[row] for row in rows]
    # The same list where nothing differs: what is computed per side is then computed once.
    days = np.array([dt.date.fromisoformat(staged.last_as_of[row] or "").toordinal() for row in rows], dtype=np.int64)
    old_facts, old_overrides = facts, overrides
    other = [place for place, row in enumerate(rows) if not (staged.same_facts[row] and staged.same_overrides[row])]
    if other:
        old_facts, old_overrides = list(facts), list(overrides)
        inputs = old_inputs([staged.last_ids[rows[place]] or 0 for place in other])
        for place in other:
            stored = inputs[staged.last_ids[rows[place]] or 0]
            old_facts[place], old_overrides[place] = stored["facts"], stored["overrides"]
    before = Side(old, old_facts, old_overrides, days)
    return before, Side(new, facts, overrides, np.full(len(rows), today.toordinal(), dtype=np.int64))


def _coded(
    codes: _Codes, moves: Split, before: Side, after: Side, staged: Staged, rows: NDArray[np.intp]
) -> NDArray[np.intp]:
    """A code per move; equal moves share one, since a change of weights moves many deals by the same steps."""
    other_playbook = before.playbook.bant != after.playbook.bant
    fallback = np.array(
        [
            _unmoved_cause(staged, row, other_playbook) if main < 0 else -1
            for row, main in zip(rows, moves.main, strict=True)
        ]
    )
    stacked = np.concatenate([moves.low, moves.high, moves.main[None, :], fallback[None, :]])
    different, index = np.unique(stacked, axis=1, return_inverse=True)
    many = len(CAUSES)
    named = []
    for column in different.T.tolist():
        low, high, (main, other) = column[:many], column[many : 2 * many], column[2 * many :]
        split_json: dict[str, list[str]] = {
            cause: [_exact(low[place]), _exact(high[place])]
            for place, cause in enumerate(CAUSES)
            if low[place] or high[place]
        }
        named.append(codes.of(Cause(split_json, CAUSES[main if main >= 0 else other])))
    return np.array(named, dtype=np.intp)[index.reshape(-1)]


def _unmoved_cause(staged: Staged, row: int, other_playbook: bool) -> int:
    """As `scoring.rules.stored.main_cause`: what to name where criteria moved against each other and the range stayed."""
    if not staged.same_overrides[row]:
        return CAUSES.index("override")
    if other_playbook:
        return CAUSES.index("playbook")
    return CAUSES.index("dates" if staged.same_facts[row] else "facts")


def _column(values: Sequence[int | None], rows: NDArray[np.intp]) -> NDArray[np.int64]:
    return np.array([values[row] for row in rows], dtype=np.int64)


def _exact(value: int) -> str:
    return format_exact(Decimal(value).scaleb(-PLACES))


class _Codes:
    """Numbers the different causes in the order they are met."""

    def __init__(self) -> None:
        self.kept: list[Cause] = []
        self._codes: dict[bytes, int] = {}

    def of(self, cause: Cause) -> int:
        if cause.key not in self._codes:
            self._codes[cause.key] = len(self.kept)
            self.kept.append(cause)
        return self._codes[cause.key]
