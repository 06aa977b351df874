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
from scoring.rules.bulk import BulkScores, overrides_from_dicts, score_bulk, score_of
from scoring.rules.bulk_attribution import Side, Split, split
from scoring.rules.columns import FactColumns
from scoring.rules.lead_score import Score, format_exact
from scoring.rules.stored import FIRST, contributions_json

PLACES = 4
"""Decimals of a stored total; totals here are whole numbers of that unit."""
Objects = list[dict[str, Any]]


@dataclass(frozen=True)
class Staged:
    """Deals as read for scoring: one entry a deal in every list. `last_*` tell of the last stored score and are None without one;
    `last_numbers` is its playbook. `lights_numbers` is the playbook the MEDDPICC
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
    """New scores in the order of the staged deals: `patterns[pattern[i]]`. Where such a score differs from the last one, history grows,
    because of `causes[cause[i]]`; whoever writes it compares, since only he has the last contributions at hand."""

    pattern: NDArray[np.intp]
    patterns: Sequence[Pattern]
    disqualified: NDArray[np.int16]
    cause: NDArray[np.intp]
    causes: Sequence[Cause] = field(default_factory=list)


Known = dict[tuple[int, ...], Pattern]
"""Patterns by their scores, kept through a run under one playbook: explaining a score takes far longer than finding it again."""

OldInputs = Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]
"""From ids of stored scores to their inputs. Asked only for those whose facts or overrides are no longer the same."""


def units(total: Any) -> int:
    """A total as a whole number of the stored unit. Raises ValueError where it needs more decimals than are stored."""
    scaled = total.scaleb(PLACES)
    if scaled != int(scaled):
        raise ValueError(f"the weights of this playbook need more than {PLACES} decimals")
    return int(scaled)


def compute_many(
    staged: Staged,
    playbook: Playbook,
    today: dt.date,
    *,
    known: Known,
    by_number: Callable[[int], Playbook],
    old_inputs: OldInputs,
) -> Results:
    """Score the staged deals under `playbook` and say why those moved that did. Patterns not `known` yet are added."""
    columns = FactColumns.from_dicts(playbook, staged.facts)
    overrides = overrides_from_dicts(playbook.bant, staged.overrides)
    found = score_bulk(playbook, columns, overrides, staged.segments, today)
    index, sets = found.sets
    for scores in sets:
        if scores not in known:
            known[scores] = Pattern.of(score_of(playbook.bant, scores))
    return Results(
        pattern=np.asarray(index, dtype=np.intp),
        patterns=[known[scores] for scores in sets],
        disqualified=found.disqualified,
        **_causes(staged, found, playbook, today, by_number, old_inputs),
    )


def _causes(
    staged: Staged,
    found: BulkScores,
    playbook: Playbook,
    today: dt.date,
    by_number: Callable[[int], Playbook],
    old_inputs: OldInputs,
) -> dict[str, Any]:
    """`cause` and `causes` of the results, for every deal: as if its score had changed."""
    codes = _Codes()
    index = np.full(len(staged), codes.of(Cause({}, FIRST)), dtype=np.intp)
    ends = found.in_minor_units(found.low, PLACES), found.in_minor_units(found.high, PLACES)
    numbers = np.array([number or 0 for number in staged.last_numbers], dtype=np.int64)
    for number in np.unique(numbers[numbers > 0]):
        rows = np.flatnonzero(numbers == number)
        last = _column(staged.last_low, rows), _column(staged.last_high, rows)
        moved = (last[0] != ends[0][rows]) | (last[1] != ends[1][rows])
        other = by_number(int(number)).bant != playbook.bant
        index[rows[~moved]] = [codes.of(Cause({}, _unmoved_cause(staged, row, other))) for row in rows[~moved]]
        rows, last = rows[moved], (last[0][moved], last[1][moved])
        before, after = _sides(staged, rows, by_number(int(number)), playbook, today, old_inputs)
        index[rows] = _coded(codes, split(before, after, last, (ends[0][rows], ends[1][rows]), PLACES))
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


def _coded(codes: _Codes, moves: Split) -> NDArray[np.intp]:
    """A code per move; equal moves share one, since a change of weights moves many deals by the same steps."""
    many = len(CAUSES)
    stacked = np.concatenate([moves.low, moves.high, moves.main[None, :]]).T
    # Rows as single values of their bytes: sorting those is far faster than sorting rows.
    packed = np.ascontiguousarray(stacked).view(np.dtype((np.void, stacked.dtype.itemsize * stacked.shape[1]))).ravel()
    _, first, index = np.unique(packed, return_index=True, return_inverse=True)
    named = []
    for low_high_main in stacked[first].tolist():
        low, high, main = low_high_main[:many], low_high_main[many:-1], low_high_main[-1]
        shares: dict[str, list[str]] = {
            cause: [_exact(low[place]), _exact(high[place])]
            for place, cause in enumerate(CAUSES)
            if low[place] or high[place]
        }
        # Without a cause only a change of the rules themselves is left.
        named.append(codes.of(Cause(shares, CAUSES[main] if main >= 0 else "playbook")))
    return np.array(named, dtype=np.intp)[index]


def _unmoved_cause(staged: Staged, row: int, other_playbook: bool) -> str:
    """As `scoring.rules.stored.main_cause`: what to name where criteria moved against each other and the range stayed."""
    if not staged.same_overrides[row]:
        return "override"
    if other_playbook:
        return "playbook"
    return "dates" if staged.same_facts[row] else "facts"


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
