"""Quarters, in UTC."""

from __future__ import annotations

import datetime as dt

import numpy as np

from reports.rules.forecast.arrays import DAY, Floats, Ints, moment, seconds


def quarter_end(at: int, first_month: int = 1) -> int:
    """The midnight after the last day of the quarter a moment lies in, for years that begin on the first of a month."""
    day = moment(at)
    month = day.month + 3 - (day.month - first_month) % 3
    year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
    return seconds(dt.datetime(year, month, 1, tzinfo=dt.UTC))


def shares(at: Ints, days: float) -> list[Floats]:
    """How much of each window lies in the first and last month of a quarter and in its last ten days, less what is usual."""
    moments, place = np.unique(at, return_inverse=True)
    offsets = np.arange(1, max(int(days), 1) + 1)
    found = np.zeros((len(moments), 3))
    dates = (moments[:, None] // DAY + offsets[None, :]).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    within = months % 3
    next_month = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    left = (next_month - dates).astype(np.int64)
    found[:, 0] = (within == 0).mean(axis=1) - 1 / 3
    found[:, 1] = (within == 2).mean(axis=1) - 1 / 3
    found[:, 2] = ((within == 2) & (left <= 10)).mean(axis=1) - 1 / 9
    return [found[place, column] for column in range(3)]
