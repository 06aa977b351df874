"""As-of rows: how every open deal stood, one look a week, each knowing only what was known at its moment.

A look at a moment before the file's first outcome is not taken (left truncation: closed deals are missing there, and those
open are survivors), and for deals that stand in the file from its first day the time in their first stage is unknown, not
short. A row is a label only once its whole window is over (right truncation): see `Rows.usable`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.rules.forecast.arrays import DAY, NEVER, Bools, Floats, Ints
from reports.rules.forecast.events import Events

EDGES = np.array([0.0, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365])
"""Where bands of days begin; the last has no end."""

UNKNOWN = len(EDGES)
"""The band of those of whom it isn't known since when they stand there."""

BANDS = len(EDGES) + 1
EVERY = 7


@dataclass(frozen=True)
class Standing:
    """How open deals stood at a moment. Days are since then; `amount` is NaN and `group` -1 where unknown; `stage` is -1
    where none was ever named."""

    run: NDArray[np.int32]
    stage: NDArray[np.int16]
    stage_band: NDArray[np.int8]
    age_band: NDArray[np.int8]
    in_stage: NDArray[np.float32]
    age: NDArray[np.float32]
    amount: NDArray[np.floating]
    moves: NDArray[np.int16]
    group: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.run)


def standing(events: Events, moment: int) -> Standing:
    """The deals open at a moment, as they stood then."""
    runs, rows = events.at_moment(moment)
    in_stage = (moment - events.entered[rows]) / DAY
    age = (moment - events.opened[runs]) / DAY
    since_unknown = events.truncated[runs] & (events.moves[rows] == 0)
    return Standing(
        run=runs.astype(np.int32),
        stage=events.stage[rows].astype(np.int16),
        stage_band=np.where(since_unknown, UNKNOWN, band(in_stage)).astype(np.int8),
        age_band=band(age).astype(np.int8),
        in_stage=in_stage.astype(np.float32),
        age=age.astype(np.float32),
        amount=events.amount[rows],
        moves=np.minimum(events.moves[rows], 1000).astype(np.int16),
        group=events.group[rows].astype(np.int16),
    )


def band(days: Floats) -> Ints:
    return np.searchsorted(EDGES, days, side="right") - 1


@dataclass(frozen=True)
class Rows:
    """Standings of all looks, ascending by `at`. `days_to_win` is infinite for those never won; `fresh` marks the first
    look at which a deal stands in its band of its stage, `new` the first in its stage, so that deals can be counted (one
    that comes back to a stage counts again)."""

    at: Ints
    deals: Standing
    days_to_win: NDArray[np.float32]
    value: NDArray[np.float32]
    fresh: Bools
    new: Bools

    def usable(self, moment: int, days: float) -> int:
        """How many rows, from the first, have a window that is over at a moment."""
        return int(np.searchsorted(self.at, moment - int(days * DAY), side="right"))


def rows_of(events: Events) -> Rows:
    """Filled look by look into arrays of the right length: of a million events there are two million rows."""
    looks = _looks(events)
    sizes = _open_at(events, looks)
    found = _Filling(events, int(sum(sizes)))
    for look in looks:
        found.add(look)
    return found.done(np.repeat(np.array(looks, dtype=np.int64), sizes))


@dataclass
class _Filling:
    events: Events
    size: int

    def __post_init__(self) -> None:
        empty = standing(self.events, self.events.start - DAY)
        kinds = {part.name: getattr(empty, part.name).dtype for part in fields(Standing)} | {
            "amount": np.dtype(np.float32)
        }
        self.parts: dict[str, NDArray[Any]] = {name: np.empty(self.size, dtype=kind) for name, kind in kinds.items()}
        self.fresh, self.new = np.empty(self.size, dtype=np.bool_), np.empty(self.size, dtype=np.bool_)
        self.last = np.full((2, self.events.runs), -2, dtype=np.int32)
        self.filled = 0

    def add(self, look: int) -> None:
        deals = standing(self.events, look)
        here = slice(self.filled, self.filled + len(deals))
        for name, column in self.parts.items():
            column[here] = getattr(deals, name)
        stage = deals.stage.astype(np.int32)
        cell = stage * BANDS + deals.stage_band
        self.new[here], self.fresh[here] = stage != self.last[0][deals.run], cell != self.last[1][deals.run]
        self.last[0][deals.run], self.last[1][deals.run] = stage, cell
        self.filled += len(deals)

    def done(self, at: Ints) -> Rows:
        run = self.parts["run"]
        wins = np.where(self.events.won, self.events.closed, NEVER)
        to_win = np.full(self.size, np.inf, dtype=np.float32)
        won = self.events.won[run]
        to_win[won] = (wins[run[won]] - at[won]) / DAY
        value = self.events.value.astype(np.float32)[run]
        return Rows(at, Standing(**self.parts), to_win, value, self.fresh, self.new)


def _open_at(events: Events, looks: list[int]) -> Ints:
    """How many deals are open at each moment."""
    moments = np.array(looks, dtype=np.int64)
    opened = np.searchsorted(np.sort(events.opened), moments, side="right")
    return np.asarray(opened - np.searchsorted(np.sort(events.closed), moments, side="right"), dtype=np.int64)


def _looks(events: Events) -> list[int]:
    if not events.runs or events.first_close == NEVER:
        return []
    begin = events.start + -(-(events.first_close - events.start) // (EVERY * DAY)) * EVERY * DAY
    return list(range(begin, events.until + 1, EVERY * DAY))
