"""One number out of several, with weights learnt from past errors alone.

Chances: the mix of methods with the least squared error so far (weights not negative, summing to 1). Totals: each method is
first held to the size of what came true so far (the ratio with the least absolute error), then they are mixed by the least
squared relative error. Both are held towards where they start by as much as a few windows weigh, and windows that overlap
count as the one they nearly are.
"""

from __future__ import annotations

import numpy as np

from reports.rules.forecast.arrays import Floats

STEPS = 300


def simplex(gram: Floats, start: Floats, hold: float) -> Floats:
    """Weights w >= 0, sum 1, with the least w'Gw + hold * trace/m * |w - start|^2. By projected gradients."""
    size = len(start)
    scale = float(np.trace(gram)) / size
    if not np.isfinite(scale) or scale <= 0:
        return start
    matrix = gram / scale + hold * np.eye(size)
    pull = hold * start
    rate = 1 / float(np.linalg.eigvalsh(matrix)[-1])
    weights = start.copy()
    for _ in range(STEPS):
        weights = _project(weights - rate * (matrix @ weights - pull))
    return weights


def _project(point: Floats) -> Floats:
    """The nearest weights that are not negative and sum to 1."""
    falling = np.sort(point)[::-1]
    sums = np.cumsum(falling) - 1
    rank = np.flatnonzero(falling - sums / np.arange(1, len(point) + 1) > 0)[-1]
    return np.asarray(np.maximum(point - sums[rank] / (rank + 1), 0.0))


def size_ratio(forecast: Floats, actual: Floats, weights: Floats, hold: float) -> float:
    """The factor c with the least sum of |c F - A| (a weighted median of A / F), brought towards 1 as if `hold` further
    windows had come true exactly."""
    usable = forecast > 0
    forecast, actual, weights = forecast[usable], actual[usable], weights[usable]
    if not len(forecast):
        return 1.0
    ratios = actual / forecast
    heavy = weights * forecast
    order = np.argsort(ratios, kind="stable")
    ratios, heavy = ratios[order], heavy[order]
    middle = float(np.interp(float(heavy.sum()) / 2, np.cumsum(heavy) - heavy / 2, ratios))
    windows = float(weights.sum())
    return 1 + (middle - 1) * windows / (windows + hold)
