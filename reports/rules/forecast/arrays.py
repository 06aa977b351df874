"""Array types and the units of the forecast: times are whole seconds since 1970 in UTC, spans are days, money is a float
(a forecast is an estimate; exact money stays where it is counted)."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY = 86_400
"""Seconds."""

NEVER = 2**60
"""A time after everything: not closed yet."""

OPEN, WON, LOST = 0, 1, 2
"""Outcomes."""

SURE = 0.0005
"""How near to 0 or 1 a chance of an open deal may come."""


def seconds(moment: dt.datetime) -> int:
    """Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone")
    return int(moment.timestamp())


def moment(at: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(at), dt.UTC)


def within(chances: Floats) -> Floats:
    """Chances, never 0 and never 1."""
    return np.clip(chances, SURE, 1 - SURE)


def logit(chances: Floats) -> Floats:
    held = within(chances)
    return np.asarray(np.log(held / (1 - held)))


def ratio(over: float, under: float) -> float | None:
    """None where there is nothing to divide by: JSON knows no NaN."""
    return float(over / under) if under > 0 and np.isfinite(over) else None
