"""What the total could be: each deal won or not, values around what is expected, deals not open yet, and a shared effect of
the period that moves all of them. Always the same numbers for the same input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.rules.forecast.arrays import Floats, Ints
from reports.rules.forecast.values import Arrivals, Values

SEED = 20_260_101
DRAWS = 2_000
SINGLE = 250
"""Deals that are drawn one by one, those that move the total most; the others move it together, as one normal amount."""


@dataclass(frozen=True)
class Spread:
    low: float
    middle: float
    high: float


def own_spread(chances: Floats, worth: Floats, values: Values, arrivals: Arrivals) -> float:
    """The standard deviation of the total were there no shared effect."""
    deals = chances * worth**2 * (1 + values.spread**2) - (chances * worth) ** 2
    new = arrivals.wins * arrivals.value_each**2 * (1 + values.spread_won**2)
    return float(np.sqrt(max(float(deals.sum()) + new, 0.0)))


def draws(
    chances: Floats,
    worth: Floats,
    values: Values,
    arrivals: Arrivals,
    shared: float,
    at: int,
    groups: Ints | None = None,
) -> Floats:
    """Totals drawn: a row a group (one where there are none, and the last row is of deals not open yet), a column a draw.
    `shared` is the relative standard deviation of the period's effect."""
    random = np.random.default_rng([SEED, max(at, 0) // 86_400])
    effect = np.exp(shared * random.standard_normal(DRAWS) - shared**2 / 2)
    codes = np.zeros(len(chances), dtype=np.int64) if groups is None else groups
    found = np.zeros((int(codes.max(initial=0)) + 2, DRAWS))
    heavy = np.argsort(-(chances * (1 - chances) * worth**2), kind="stable")
    spread = np.sqrt(np.log1p(values.spread**2))
    for deal in heavy[:SINGLE]:
        won = random.random(DRAWS) < np.minimum(chances[deal] * effect, 0.999)
        noise = np.exp(spread * random.standard_normal(DRAWS) - spread**2 / 2)
        found[codes[deal]] += won * worth[deal] * noise
    rest = heavy[SINGLE:]
    mean = np.bincount(codes[rest], chances[rest] * worth[rest], len(found))
    variance = chances * worth**2 * (1 + values.spread**2) - (chances * worth) ** 2
    noise = np.sqrt(np.bincount(codes[rest], variance[rest], len(found)))
    found += mean[:, None] * effect + noise[:, None] * random.standard_normal((len(found), DRAWS))
    found[-1] += _new(arrivals, values, effect, random)
    return np.maximum(found, 0.0)


def _new(arrivals: Arrivals, values: Values, effect: Floats, random: np.random.Generator) -> Floats:
    wins = random.poisson(np.minimum(arrivals.wins * effect, 1e9))
    shape = 1 / max(values.spread_won, 0.05) ** 2
    return np.asarray(random.gamma(np.maximum(wins * shape, 1e-9)) / shape * arrivals.value_each * (wins > 0))


def spread_of(total: Floats, shown: float, widening: float) -> Spread:
    """P10, P50 and P90 around the number shown: the draws are moved to it by their ratio, and widened by what past
    intervals were too narrow (or too wide). Nothing is less than 0."""
    middle = float(np.median(total))
    centre = middle if middle > 0 else float(total.mean())
    moved = total * (shown / centre) if centre > 0 else np.full(len(total), shown)
    low, half, high = np.quantile(moved, [0.1, 0.5, 0.9])
    base = shown if middle > 0 else float(half)
    return Spread(
        max(base + (float(low) - base) * widening, 0.0), float(half), max(base + (float(high) - base) * widening, 0.0)
    )
