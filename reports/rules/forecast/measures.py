"""How good forecasts were. WAPE: all absolute errors over all that was won. Bias: all errors, with their sign, over the same
(above 0: too much was forecast). Brier: the mean squared error of chances. None where there is nothing to divide by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.rules.forecast.arrays import Bools, Floats, ratio

BINS = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
RESAMPLES = 2_000
SEED = 7
LEAST_BLOCKS = 4
"""Windows that don't overlap, below which no difference is told from chance."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Deals whose chance lay between two bounds: how many, what was said of them on average and how many came true; the same
    by value, where each deal weighs what it was thought to bring."""

    low: float
    high: float
    deals: int
    said: float
    came_true: float
    value: float
    said_by_value: float | None
    came_true_by_value: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """`open_wape` and `open_bias` compare with what deals already open brought, leaving out those opened later."""

    wape: float | None
    bias: float | None
    brier: float | None
    open_wape: float | None = None
    open_bias: float | None = None
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The model beside a rival, origin by origin. `by` is how much lower the rival's error is (below 0: the model's is),
    between `low` and `high` in nine of ten resamplings; both None where there are too few windows to say."""

    rival: str
    measure: str
    by: float
    low: float | None
    high: float | None

    @property
    def rival_is_better(self) -> bool:
        return self.by > 0

    @property
    def beyond_chance(self) -> bool:
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def wape(forecast: Floats, actual: Floats) -> float | None:
    return ratio(float(np.abs(forecast - actual).sum()), float(actual.sum()))


def bias(forecast: Floats, actual: Floats) -> float | None:
    return ratio(float((forecast - actual).sum()), float(actual.sum()))


def reliability(chances: Floats, won: Bools, worth: Floats) -> tuple[Bin, ...]:
    """Bins that hold any deal."""
    place = np.clip(np.searchsorted(BINS, chances, side="right") - 1, 0, len(BINS) - 2)
    size = len(BINS) - 1

    def total(weights: Floats) -> Floats:
        return np.bincount(place, weights, size).astype(np.float64)

    deals, said, came = np.bincount(place, minlength=size), total(chances), total(won.astype(np.float64))
    value, value_said, value_came = total(worth), total(worth * chances), total(worth * won)
    return tuple(
        Bin(
            low=float(BINS[each]),
            high=float(BINS[each + 1]),
            deals=int(deals[each]),
            said=float(said[each] / deals[each]),
            came_true=float(came[each] / deals[each]),
            value=float(value[each]),
            said_by_value=ratio(float(value_said[each]), float(value[each])),
            came_true_by_value=ratio(float(value_came[each]), float(value[each])),
        )
        for each in np.flatnonzero(deals)
    )


def compare(rival: str, measure: str, model: Floats, other: Floats, under: Floats, block: int) -> Comparison | None:
    """`model` and `other` are errors by origin, `under` what they are divided by in all; `block` is how many origins in a
    row have windows that overlap, which are drawn together. None where there is nothing to divide by."""
    gain = model - other
    total = float(under.sum())
    if total <= 0:
        return None
    by = float(gain.sum()) / total
    count = len(gain)
    if count < block * LEAST_BLOCKS:
        return Comparison(rival, measure, by, None, None)
    random = np.random.default_rng(SEED)
    starts = random.integers(0, count, (RESAMPLES, -(-count // block)))
    index = ((starts[:, :, None] + np.arange(block)) % count).reshape(RESAMPLES, -1)[:, :count]
    found = gain[index].sum(axis=1) / total
    low, high = np.quantile(found, [0.05, 0.95])
    return Comparison(rival, measure, by, float(low), float(high))
