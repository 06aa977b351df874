"""What the rates by stage don't know: age, amount, moves, group, and where in the quarter the window lies.

A logistic regression on past rows that starts from the rates (their log-odds with weight 1) and is held there by a ridge:
with few rows it changes nothing. What belongs to a whole look rather than to a deal (the quarter's end) is held by as much as
few looks deserve, for a thousand rows of one week are still one week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.rules.forecast.arrays import DAY, Bools, Floats, Ints, logit, within
from reports.rules.forecast.calendar import shares
from reports.rules.forecast.chances import Rates
from reports.rules.forecast.rows import Rows, Standing

MOST = 8_000
"""Rows that are looked at, evenly over the newest."""
ENOUGH = 60
"""Deals won below which nothing is adjusted."""
ROUNDS = 8
GROUPS = 8


@dataclass(frozen=True)
class Adjustment:
    """`weights` are of `features`; None where there was too little to learn from."""

    weights: Floats | None
    usual_amount: float
    days: float

    def of(self, chances: Floats, deals: Standing, at: Ints) -> Floats:
        if self.weights is None or not len(chances):
            return chances
        base = logit(chances)
        found = base + _features(base, deals, at, self.days, self.usual_amount) @ self.weights
        return within(np.asarray(1 / (1 + np.exp(-np.clip(found, -30, 30)))))


def adjustment(rows: Rows, size: int, won: Bools, rates: Rates, days: float) -> Adjustment:
    """From the first `size` rows, their outcome and what the rates say of them."""
    step = max(1, -(-size // MOST))
    pick = np.arange(size - 1, -1, -step)
    hits = won[pick].astype(np.float64)
    amounts = rows.deals.amount[pick]
    known = amounts[amounts > 0]
    usual = float(np.median(known)) if len(known) else 1.0
    if hits.sum() * min(step, 1) < ENOUGH or (1 - hits).sum() < ENOUGH:
        return Adjustment(None, usual, days)
    looked_at = take(rows.deals, pick)
    base = logit(rates.of(looked_at))
    x = _features(base, looked_at, rows.at[pick], days, usual)
    looks = max(1.0, (int(rows.at[pick].max()) - int(rows.at[pick].min())) / DAY / max(days, 7))
    return Adjustment(_fit(x, base, hits, looks), usual, days)


def _fit(x: Floats, base: Floats, hits: Floats, looks: float) -> Floats:
    """Newton's steps on the penalised likelihood. A ridge of w times the information of a row is worth w rows."""
    rate = float(hits.mean())
    spread = x.std(axis=0)
    information = len(hits) * rate * (1 - rate)
    penalty = np.full(x.shape[1], 40 * rate * (1 - rate)) * np.maximum(spread, 0.05) ** 2
    penalty += 1e-6
    # Intercept and quarter: of looks, not of rows.
    penalty[:1] = information / looks
    penalty[-3:] = information / looks * np.maximum(spread[-3:], 0.05) ** 2 * 4
    weights = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(base + x @ weights, -30, 30)))
        slope = x.T @ (hits - chance) - penalty * weights
        curve = (x * np.maximum(chance * (1 - chance), 1e-6)[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-5:
            break
    return weights


def _features(base: Floats, deals: Standing, at: Ints, days: float, usual: float) -> Floats:
    age, stage = np.log1p(np.maximum(deals.age, 0.0)), np.log1p(np.maximum(deals.in_stage, 0.0))
    unknown = ~(deals.amount > 0)
    size = np.clip(np.log(np.where(unknown, usual, deals.amount) / usual), -4, 4)
    columns = [
        np.ones(len(base)),
        base + 1.0,
        age - 3.5,
        np.maximum(age - 3.5, 0),
        np.maximum(age - 4.5, 0),
        stage - 3.0,
        np.maximum(stage - 3.5, 0),
        size,
        np.maximum(size, 0),
        unknown.astype(np.float64),
        np.minimum(deals.moves, 6) / 3.0,
        *((deals.group == code).astype(np.float64) for code in range(GROUPS)),
        *shares(at, days),
    ]
    return np.column_stack(columns).astype(np.float64)


def take(deals: Standing, which: Ints) -> Standing:
    return Standing(**{name: column[which] for name, column in vars(deals).items()})
