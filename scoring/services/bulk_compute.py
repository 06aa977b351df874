"""Many deals' new scores from what was read of them: arrays in, arrays out, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import orjson

from playbook.schema import RULE_VERSION, Playbook
from playbook.schema.qualification import Bant
from scoring.rules.attribution import CAUSES
from scoring.rules.bulk import BulkScores, judges_alike, overrides_from_coded, score_bulk, score_of, totals
from scoring.rules.bulk_attribution import Side, Split, by_playbook_alone, days_matter, split
from scoring.rules.columns import FactTable
from scoring.rules.lead_score import format_exact
from scoring.rules.stored import FIRST
from scoring.services.bulk_shapes import (
    NONE,
    PLACES,
    Before,
    Cause,
    Flags,
    Known,
    Last,
    Numbers,
    Pattern,
    Results,
    Rows,
    Staged,
)


def compute_many(staged: Staged, playbook: Playbook, today: dt.date, *, known: Known, before: Before) -> Results:
    """Score the staged deals under `playbook` and say why those moved that did. Patterns not `known` yet are added.

    Most deals need not be judged for that: where neither facts nor rules nor the day can have moved a criterion's score,
    the scores stand, and only what follows from them is worked out anew.
    """
    last = _stored(staged.last, before)
    stands = _stands(staged, playbook, today, before)
    judged = np.flatnonzero(~stands)
    facts = before.facts(judged)
    found = _totals(staged, playbook, today, last, stands, judged, facts)
    index, sets = found.sets
    for scores in sets:
        if scores not in known:
            known[scores] = Pattern.of(score_of(playbook.bant, scores))
    patterns = [known[scores] for scores in sets]
    cause, causes = _causes(staged, found, playbook, today, before, stands, judged, facts)
    return Results(
        pattern=np.asarray(index, dtype=np.intp),
        patterns=patterns,
        disqualified=found.disqualified,
        differs=_differs(staged.last, last, patterns, index),
        cause=cause,
        causes=causes,
    )


@dataclass(frozen=True)
class _Stored:
    """The last results: for each deal the place of its contributions, the last place being none."""

    place: Rows
    contributions: Sequence[list[list[Any]] | None]


def _stored(last: Last, before: Before) -> _Stored:
    ids, place = np.unique(last.results, return_inverse=True)
    found = before.contributions([one for one in ids.tolist() if one != NONE])
    return _Stored(place.astype(np.intp), [found.get(one) for one in ids.tolist()])


def _stands(staged: Staged, playbook: Playbook, today: dt.date, before: Before) -> Flags:
    """Where every criterion's score, and with it each disqualification, is still what it was when the last score was stored."""
    last = staged.last
    found = last.same_inputs & (last.rules == RULE_VERSION) & (last.disqualified != NONE)
    for number in np.unique(last.numbers).tolist():
        if number == 0 or not judges_alike(before.by_number(number), playbook):
            found = found & (last.numbers != number)
    now = np.full(len(staged), today.toordinal(), dtype=np.int64)
    # A deal without a score has no day either; any will do.
    then = np.where(found, last.days, now)
    return np.asarray(found & ~days_matter(playbook, staged.dated, then, now))


def _totals(
    staged: Staged, playbook: Playbook, today: dt.date, last: _Stored, stands: Flags, judged: Rows, facts: FactTable
) -> BulkScores:
    bant = playbook.bant
    effective = np.zeros((len(bant.criteria), len(staged)), dtype=np.int8)
    disqualified = staged.last.disqualified.astype(np.int16)
    stored = np.array([_scores(bant, parts) for parts in last.contributions], dtype=np.int8).reshape(-1, len(effective))
    effective[:, stands] = stored[last.place[stands]].T
    if len(judged):
        overrides = overrides_from_coded(bant, staged.overrides.take(judged))
        found = score_bulk(playbook, facts.fitting(playbook), overrides, staged.segments.take(judged), today)
        effective[:, judged], disqualified[judged] = found.effective, found.disqualified
    return totals(bant, effective, effective, disqualified)


def _scores(bant: Bant, contributions: list[list[Any]] | None) -> list[int]:
    """The scores of a stored result in the playbook's order; 0 is not scored."""
    given = {part[0]: part[1] or 0 for part in contributions or []}
    return [given.get(criterion.key, 0) for criterion in bant.criteria]


def _differs(last: Last, stored: _Stored, patterns: Sequence[Pattern], index: Numbers) -> Flags:
    """Where the new score is not the last one: in its range, its classes, or what any criterion adds."""
    low, high = (np.array([getattr(one, end) for one in patterns], dtype=np.int64) for end in ("low", "high"))
    found = np.asarray((last.numbers == 0) | (last.low != low[index]) | (last.high != high[index]))
    codes = _Codes()
    classes = np.array([codes.of(one.possible_classes) for one in patterns], dtype=np.intp)
    last_classes = np.array([codes.of(one or "") for one in last.classes.values], dtype=np.intp)
    found |= last_classes[last.classes.codes] != classes[index]
    parts = np.array([codes.of(_text(one.contributions)) for one in patterns], dtype=np.intp)
    last_parts = np.array([codes.of(_text(one)) for one in stored.contributions], dtype=np.intp)
    return np.asarray(found | (last_parts[stored.place] != parts[index]))


def _causes(
    staged: Staged,
    found: BulkScores,
    playbook: Playbook,
    today: dt.date,
    before: Before,
    stands: Flags,
    judged: Rows,
    facts: FactTable,
) -> tuple[Rows, list[Cause]]:
    """A cause for every deal, as if its score had changed: places in a list of the different ones."""
    causes, last = _Causes(), staged.last
    index = np.full(len(staged), causes.of(Cause({}, FIRST)), dtype=np.intp)
    low, high = found.in_minor_units(found.low, PLACES), found.in_minor_units(found.high, PLACES)
    moved = (last.low != low) | (last.high != high)
    for number in np.unique(last.numbers[last.numbers > 0]).tolist():
        old, of_number = before.by_number(number), last.numbers == number
        still = np.flatnonzero(of_number & ~moved)
        index[still] = _unmoved(causes, last, still, old.bant != playbook.bant)
        rows = np.flatnonzero(of_number & moved & stands)
        alone = by_playbook_alone(low[rows] - last.low[rows], high[rows] - last.high[rows])
        index[rows] = _coded(causes, alone)
        rows = np.flatnonzero(of_number & moved & ~stands)
        if len(rows):
            known = facts.take(np.searchsorted(judged, rows))
            sides = _sides(staged, rows, known, old, playbook, today, before)
            ends = (last.low[rows], last.high[rows]), (low[rows], high[rows])
            index[rows] = _coded(causes, split(*sides, *ends, PLACES))
    return index, causes.kept


def _sides(
    staged: Staged, rows: Rows, facts: FactTable, old: Playbook, new: Playbook, today: dt.date, before: Before
) -> tuple[Side, Side]:
    """Both ends of the moves of some rows. Where nothing differs both have the same facts, which are then judged once."""
    overrides, last = staged.overrides.take(rows), staged.last
    old_facts, old_overrides = facts, overrides
    other = np.flatnonzero(~(last.same_facts[rows] & last.same_overrides[rows]))
    if len(other):
        stored_facts, stored_overrides = before.inputs(rows[other])
        place = np.arange(len(rows))
        place[other] = len(rows) + np.arange(len(other))
        all_facts, all_overrides = facts.then(stored_facts), overrides.then(stored_overrides)
        now = np.arange(len(rows))
        facts, overrides = all_facts.take(now), all_overrides.take(now)
        old_facts, old_overrides = all_facts.take(place), all_overrides.take(place)
    one = Side(old, old_facts, old_overrides, last.days[rows])
    return one, Side(new, facts, overrides, np.full(len(rows), today.toordinal(), dtype=np.int64))


def _coded(causes: _Causes, moves: Split) -> Rows:
    """A code per move; equal moves share one, since a change of weights moves many deals by the same steps."""
    if not len(moves.main):
        return np.zeros(0, dtype=np.intp)
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
        named.append(causes.of(Cause(shares, CAUSES[main] if main >= 0 else "playbook")))
    return np.array(named, dtype=np.intp)[index]


def _unmoved(causes: _Causes, last: Last, rows: Rows, other_playbook: bool) -> Rows:
    """As `scoring.rules.stored.main_cause`: what to name where criteria moved against each other and the range stayed."""
    override, playbook, dates, facts = (
        causes.of(Cause({}, name)) for name in ("override", "playbook", "dates", "facts")
    )
    by_facts = np.where(last.same_facts[rows], dates, facts)
    rest = np.full(len(rows), playbook) if other_playbook else by_facts
    return np.asarray(np.where(last.same_overrides[rows], rest, override), dtype=np.intp)


def _exact(value: int) -> str:
    return format_exact(Decimal(value).scaleb(-PLACES))


def _text(value: object) -> bytes:
    return orjson.dumps(value)


class _Codes:
    """Numbers different things in the order they are met."""

    def __init__(self) -> None:
        self._codes: dict[object, int] = {}

    def of(self, key: object) -> int:
        return self._codes.setdefault(key, len(self._codes))


class _Causes:
    """The different causes met, each with its place."""

    def __init__(self) -> None:
        self.kept: list[Cause] = []
        self._codes = _Codes()

    def of(self, cause: Cause) -> int:
        code = self._codes.of(cause.key)
        if code == len(self.kept):
            self.kept.append(cause)
        return code
