"""As-of rows: how every open deal stood, one look a week, each knowing only what was known at its moment.

A look at a moment before the file's first outcome is not taken (left truncation: closed deals are missing there, and those
open are survivors), and for deals that stand in the file from its first day the time in their first stage is unknown, not
short. A row is a label only once its whole window is over (right truncation): see `Rows.usable`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

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
    amount: Floats
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
    look at which a deal stands in its band of its stage, `new` the first in its stage, so that deals can be counted."""

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
    looks = _looks(events)
    found = [standing(events, look) for look in looks]
    if not found:
        found, looks = [standing(events, events.start - DAY)], [events.start - DAY]
    deals = Standing(*(np.concatenate([getattr(each, part.name) for each in found]) for part in fields(Standing)))
    at = np.repeat(np.array(looks, dtype=np.int64), [len(each) for each in found])
    wins = np.where(events.won, events.closed, NEVER)[deals.run]
    to_win = np.where(wins == NEVER, np.inf, (wins - at) / DAY).astype(np.float32)
    return Rows(
        at=at,
        deals=deals,
        days_to_win=to_win,
        value=events.value[deals.run].astype(np.float32),
        fresh=_first_of(deals, deals.stage_band),
        new=_first_of(deals, None),
    )


def _looks(events: Events) -> list[int]:
    if not events.runs or events.first_close == NEVER:
        return []
    begin = events.start + -(-(events.first_close - events.start) // (EVERY * DAY)) * EVERY * DAY
    return list(range(begin, events.until + 1, EVERY * DAY))


def _first_of(deals: Standing, bands: NDArray[np.int8] | None) -> Bools:
    """Whether a row is a deal's first of its stage and band. A later row never changes what an earlier one is."""
    key = deals.run.astype(np.int64) * 2**16 + (deals.stage.astype(np.int64) + 1)
    if bands is not None:
        key = key * BANDS + bands
    found = np.zeros(len(key), dtype=bool)
    found[np.unique(key, return_index=True)[1]] = True
    return found
