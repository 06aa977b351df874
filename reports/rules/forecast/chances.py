"""The chance of an open deal to be won within a window, from how deals stood in the past: by stage, and by stage and days in
it, each rate shrunk towards the one above it (stage and days -> stage -> the playbook's chance, or the rate of all rows for a
stage the playbook doesn't know), as a beta prior does that is worth so many deals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.rules.forecast.arrays import DAY, Bools, Floats, Ints, within
from reports.rules.forecast.rows import BANDS, Rows, Standing

STRENGTHS = (5.0, 20.0, 80.0)
"""How many deals of its own a prior may be worth. Which of them is chosen by past error."""

BLOCK = 200_000
"""Rows."""

HALF_LIVES = (None, 150.0)
"""Days after which a row counts half; None: never."""


@dataclass(frozen=True)
class Rates:
    """What past rows say, by code: `stage` (the last code is "no stage"), `cell` (stage and band), `age` (band)."""

    overall: float
    stage: Floats
    cell: Floats
    age: Floats

    def of(self, deals: Standing) -> Floats:
        return np.asarray(self.cell[cells(deals, len(self.stage))])


@dataclass(frozen=True)
class Counts:
    """Deals, each counted once where it was first seen in a cell, and those of them won within the window."""

    deals: Ints
    won: Ints


def cells(deals: Standing, stages: int) -> Ints:
    return (deals.stage.astype(np.int64) % stages) * BANDS + deals.stage_band


def _cells_of(rows: Rows, part: slice, stages: int) -> Ints:
    return (rows.deals.stage[part].astype(np.int64) % stages) * BANDS + rows.deals.stage_band[part]


@dataclass(frozen=True)
class Sums:
    """Weighted sums over past rows under one half-life; `deals` count each deal once."""

    stage_rows: Floats
    stage_won: Floats
    stage_deals: Floats
    cell_rows: Floats
    cell_won: Floats
    cell_deals: Floats
    age_rows: Floats
    age_won: Floats
    age_deals: Floats


def sums_of(rows: Rows, size: int, won: Bools, moment: int, half_life: float | None, stages: int) -> Sums:
    """Over the first `size` rows, a block at a time: of millions of rows the columns in between would be large."""
    found = np.zeros((3, stages * BANDS)), np.zeros(stages * BANDS), np.zeros((3, BANDS))
    for start in range(0, size, BLOCK):
        part = slice(start, min(start + BLOCK, size))
        every = np.ones(part.stop - start) if half_life is None else decay(rows.at[part], moment, half_life)
        cell, age = _cells_of(rows, part, stages), rows.deals.age_band[part]
        kinds = every, every * won[part], every * rows.fresh[part]
        for number, what in enumerate(kinds):
            found[0][number] += np.bincount(cell, what, stages * BANDS)
            found[2][number] += np.bincount(age, what, BANDS)
        found[1][:] += np.bincount(cell, every * rows.new[part], stages * BANDS)
    by_stage = [column.reshape(stages, BANDS).sum(axis=1) for column in (found[0][0], found[0][1], found[1])]
    return Sums(*by_stage, *found[0], *found[2])


def rates_of(sums: Sums, prior: Floats, start: float, strength: float) -> Rates:
    """`prior` is the playbook's chance within the window by stage, NaN where it knows none; `start` what all deals are
    thought to have before anything is known."""
    total, deals = sums.stage_rows.sum(), sums.stage_deals.sum()
    overall = _shrunk(sums.stage_won.sum(), total, deals, start, 2.0)
    above = np.where(np.isnan(prior), overall, prior)
    stage = _shrunk(sums.stage_won, sums.stage_rows, sums.stage_deals, above, strength)
    cell = _shrunk(sums.cell_won, sums.cell_rows, sums.cell_deals, np.repeat(stage, BANDS), strength)
    age = _shrunk(sums.age_won, sums.age_rows, sums.age_deals, overall, 1.0)
    return Rates(float(overall), within(stage), within(cell), within(age))


def _shrunk(won: Floats, rows: Floats, deals: Floats, towards: Floats | float, strength: float) -> Floats:
    """A rate over rows that is worth as many deals as were seen."""
    rate = np.divide(won, rows, out=np.zeros_like(np.asarray(won, dtype=np.float64)), where=np.asarray(rows) > 0)
    return np.asarray((deals * rate + strength * towards) / (deals + strength))


def variants(
    rows: Rows, size: int, won: Bools, moment: int, prior: Floats, start: float, stages: int
) -> Iterator[Rates]:
    """Rates for each strength and half-life, in the order of `STRENGTHS` within `HALF_LIVES`."""
    for half_life in HALF_LIVES:
        sums = sums_of(rows, size, won, moment, half_life, stages)
        for strength in STRENGTHS:
            yield rates_of(sums, prior, start, strength)


def decay(at: Ints, moment: int, half_life: float) -> Floats:
    return np.asarray(0.5 ** ((moment - at) / (DAY * half_life)))


def seen(rows: Rows, size: int, won: NDArray[np.bool_], stages: int) -> Counts:
    """What can be told in words: deals by cell and how many were won."""
    length = stages * BANDS
    deals, hits = np.zeros(length, dtype=np.int64), np.zeros(length, dtype=np.int64)
    for start in range(0, size, BLOCK):
        part = slice(start, min(start + BLOCK, size))
        cell, fresh = _cells_of(rows, part, stages), rows.fresh[part]
        deals += np.bincount(cell[fresh], minlength=length)
        hits += np.bincount(cell[fresh & won[part]], minlength=length)
    return Counts(deals, hits)
