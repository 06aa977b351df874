"""What became of deals, as rows over time, and what follows from their order: runs, stages since when, outcomes.

A *run* is a deal from its opening to its outcome; a deal that is reopened has a second run. All arrays have one row an
event, sorted by run and time, so that what stood at any moment is found by a binary search and nothing later is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.rules.forecast.arrays import DAY, NEVER, OPEN, WON, Bools, Floats, Ints


@dataclass(frozen=True)
class Raw:
    """Rows as they were read. `stage`, `amount` and `group` say -1, NaN and -1 where a row says nothing; `row` is the
    number people see in their file."""

    case: Ints
    at: Ints
    stage: Ints
    amount: Floats
    outcome: NDArray[np.int8]
    cases: tuple[str, ...]
    stages: tuple[str, ...]
    group: Ints | None = None
    groups: tuple[str, ...] = ()
    row: Ints | None = None


@dataclass(frozen=True)
class Dropped:
    """Rows that were left out, or read in a way one should know of: how many, the first one's number, and why."""

    count: int
    row: int
    why: str


@dataclass(frozen=True)
class Events:
    """See the module. `entered` is when the stage of a row began, `moves` how often it changed before in its run."""

    run: Ints
    at: Ints
    stage: Ints
    amount: Floats
    entered: Ints
    moves: Ints
    group: Ints
    first: Ints
    """Each run's first row; the other arrays of runs have the same order."""
    case: Ints
    opened: Ints
    closed: Ints
    """NEVER while it is open."""
    won: Bools
    value: Floats
    """Of a won run, as its last row knows it; 0 where no amount ever was given."""
    cases: tuple[str, ...]
    stages: tuple[str, ...]
    groups: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    counted: bool = False
    """No row has an amount: every deal counts 1."""

    @property
    def runs(self) -> int:
        return len(self.first)

    @cached_property
    def start(self) -> int:
        """Midnight before the first row."""
        return int(self.at.min() // DAY * DAY) if len(self.at) else 0

    @cached_property
    def until(self) -> int:
        """The last row: what comes after is not known."""
        return int(self.at.max()) if len(self.at) else 0

    @cached_property
    def first_close(self) -> int:
        """The first outcome in the file; before it closed deals are missing, and those open then are survivors."""
        return int(self.closed.min()) if self.runs else NEVER

    @cached_property
    def truncated(self) -> Bools:
        """Runs that stand in the file from its first day: when they really began is not known."""
        return np.asarray(self.opened < self.start + DAY)

    @cached_property
    def keys(self) -> Ints:
        """Run and time in one ascending number."""
        return self.run * self._span + (self.at - self.start)

    @property
    def _span(self) -> int:
        return self.until - self.start + 2

    @cached_property
    def closings(self) -> tuple[Ints, Floats]:
        """When deals were won, ascending, and the value won up to and with each."""
        order = np.argsort(self.closed[self.won], kind="stable")
        return self.closed[self.won][order], np.cumsum(self.value[self.won][order])

    def value_won(self, after: int, until: int) -> float:
        """What was won after one moment, up to and including another."""
        at, total = self.closings
        low, high = np.searchsorted(at, [after, until], side="right")
        return float((total[high - 1] if high else 0.0) - (total[low - 1] if low else 0.0))

    def closed_by(self, at: int) -> tuple[int, int]:
        """How many runs were closed by a moment, and how many of them won."""
        done = self.closed <= at
        return int(done.sum()), int((done & self.won).sum())

    def at_moment(self, moment: int) -> tuple[Ints, Ints]:
        """The runs open at a moment, and the row of each that says how it stood then."""
        runs = np.flatnonzero((self.opened <= moment) & (self.closed > moment))
        sought = runs * self._span + min(moment - self.start, self._span - 1)
        return runs, np.searchsorted(self.keys, sought, side="right") - 1


@dataclass
class _Table:
    """Columns of rows while they are put in order; `number` is what people see in their file."""

    case: Ints
    at: Ints
    stage: Ints
    amount: Floats
    outcome: NDArray[np.int8]
    group: Ints
    number: Ints
    dropped: list[Dropped]

    def select(self, which: Ints | Bools) -> None:
        for name in ("case", "at", "stage", "amount", "outcome", "group", "number"):
            setattr(self, name, getattr(self, name)[which])

    def note(self, which: Bools, why: str) -> None:
        if which.any():
            self.dropped.append(Dropped(int(which.sum()), int(self.number[which].min()), why))

    def drop(self, which: Bools, why: str) -> None:
        if which.any():
            self.note(which, why)
            self.select(~which)

    @property
    def follows(self) -> Bools:
        """Rows whose case the row before has too."""
        return np.concatenate([np.zeros(min(len(self.case), 1), dtype=np.bool_), self.case[1:] == self.case[:-1]])

    @property
    def after_close(self) -> Bools:
        """Rows that follow an outcome of their case."""
        before = np.concatenate([np.zeros(min(len(self.case), 1), dtype=np.bool_), self.outcome[:-1] != OPEN])
        return np.asarray(self.follows & before)


def events_of(raw: Raw) -> Events:
    """Puts rows in order, whatever order they came in. Rows of one case and moment: outcomes last, else as the file has them
    (the other way round where it has the newest first): nothing else tells which came first."""
    nobody = np.full(len(raw.at), -1, dtype=np.int64)
    numbers = raw.row if raw.row is not None else np.arange(2, len(raw.at) + 2, dtype=np.int64)
    group = raw.group if raw.group is not None else nobody
    table = _Table(raw.case, raw.at, raw.stage, raw.amount, raw.outcome, group, numbers, [])
    table.drop(_repeats(table), "exact repetition of another row, left out")
    backwards = _newest_first(table)
    table.select(
        np.lexsort((-table.number if backwards else table.number, table.outcome != OPEN, table.at, table.case))
    )
    again = table.after_close & (table.outcome != OPEN)
    table.drop(again, "another outcome of a closed case, left out; the first one stands")
    return _runs(table, raw)


def _runs(table: _Table, raw: Raw) -> Events:
    size = len(table.case)
    names, stage_codes = _by_name(raw.stages, table.stage)
    groups, group_codes = _by_name(raw.groups, table.group)
    table.note(table.after_close, "after the outcome of its case, which counts as opened anew from there")
    begins = ~table.follows | table.after_close
    first = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    counted = bool(size) and bool(np.isnan(table.amount).all())
    amount = np.ones(size) if counted else _last_known(table.amount, first, run)
    stage, group = _last_known(stage_codes, first, run), _last_known(group_codes, first, run)
    changed = begins | np.concatenate([begins[:1], stage[1:] != stage[:-1]])
    moves = np.cumsum(changed)
    last = np.append(first[1:], size) - 1 if size else first
    won = table.outcome[last] == WON
    worthless = np.zeros(size, dtype=np.bool_)
    worthless[last] = won & np.isnan(amount[last])
    table.note(worthless, "won without an amount ever given, counts as 0")
    return Events(
        run=run,
        at=table.at,
        stage=stage,
        amount=amount,
        entered=table.at[np.maximum.accumulate(np.where(changed, np.arange(size), 0))] if size else table.at,
        moves=moves - moves[first][run] if size else moves,
        group=group,
        first=first,
        case=table.case[first],
        opened=table.at[first],
        closed=np.where(table.outcome[last] != OPEN, table.at[last], NEVER),
        won=won,
        value=np.where(won, np.nan_to_num(amount[last]), 0.0),
        cases=raw.cases,
        stages=names,
        groups=groups,
        dropped=tuple(table.dropped),
        counted=counted,
    )


def _repeats(table: _Table) -> Bools:
    parts = {name: getattr(table, name) for name in ("case", "at", "stage", "amount", "outcome", "group")}
    return pd.DataFrame(parts).duplicated().to_numpy(dtype=np.bool_)


def _newest_first(table: _Table) -> bool:
    together = table.case[1:] == table.case[:-1]
    step = np.sign(table.at[1:] - table.at[:-1])[together]
    return bool(step.sum() < 0)


def _by_name(stages: tuple[str, ...], codes: Ints) -> tuple[tuple[str, ...], Ints]:
    """Codes in the order of names, so that they don't depend on which name came first."""
    order = sorted(range(len(stages)), key=lambda code: stages[code])
    place = np.full(len(stages) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(stages))
    return tuple(stages[code] for code in order), place[codes]


def _last_known(column: NDArray[Any], first: Ints, run: Ints) -> NDArray[Any]:
    """Each row says what was last said in its run; before anything was said, -1 or NaN stays."""
    if not len(column):
        return column
    said = ~np.isnan(column) if column.dtype.kind == "f" else column != -1
    index = np.maximum.accumulate(np.where(said, np.arange(len(column)), -1))
    before = index < first[run]
    return np.where(before, column, column[np.maximum(index, 0)])
