"""What past looks teach the next one. A look teaches only once its window is over: `Memory.by` leaves out all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from reports.rules.forecast.arrays import DAY, Bools, Floats, within
from reports.rules.forecast.combining import simplex, size_ratio
from reports.rules.forecast.looking import CHANCES, TOTALS, USUAL, Ground, Look

CHANCE_START = np.array([0.45, 0.45, 0.1, 0.0, 0.0])
"""Where the mix of chances starts, by `CHANCES`."""
CHANCE_HOLD = 0.02
TOTAL_START = np.array([0.7, 0.1, 0.05, 0.15, 0.0, 0.0, 0.0])
"""Where the mix of totals starts, by `TOTALS`."""
TOTAL_HOLD = 2.0
"""Windows' worth of errors that hold the mix where it starts."""
SIZE_HOLD = 8.0
SHARED_START = 0.15
INTERVAL_HOLD = 3.0
HALF_LIFE = 240.0
"""Days after which a past error counts half."""


@dataclass(frozen=True)
class Lesson:
    """What came true of a look: sums of squared errors by variant, their cross products by method, and the totals."""

    at: int
    days: float
    variant_errors: Floats
    gram: Floats
    deals: int
    totals: Floats
    shown: float
    actual: float
    own: float
    """The standard deviation the total would have without a shared effect."""
    low: float
    high: float
    """The 80 % interval before it was widened."""

    @property
    def over(self) -> int:
        return self.at + int(self.days * DAY)


@dataclass(frozen=True)
class Mix:
    """How a look's methods are put together: `ratios` and `totals` by `TOTALS`, `chances` by `CHANCES`."""

    chances: Floats
    variant: int
    ratios: Floats
    totals: Floats
    shared: float
    """The relative standard deviation of what moves all deals of a period."""
    widening: float
    lessons: int

    def total(self, raw: Floats) -> float:
        there = np.isfinite(raw)
        weights = np.where(there, self.totals, 0.0)
        if weights.sum() <= 0:
            return float(raw[0])
        return float((np.where(there, raw, 0.0) * self.ratios) @ weights / weights.sum())


@dataclass
class Memory:
    lessons: list[Lesson] = field(default_factory=list)

    def by(self, at: int) -> Sequence[Lesson]:
        """Those whose windows are over."""
        return [each for each in self.lessons if each.over <= at]

    def mix(self, at: int) -> Mix:
        lessons = self.by(at)
        if not lessons:
            return Mix(CHANCE_START, USUAL, np.ones(len(TOTALS)), TOTAL_START, SHARED_START, 1.0, 0)
        weights = np.array([0.5 ** ((at - each.over) / (DAY * HALF_LIFE)) for each in lessons])
        windows = _windows(lessons, weights)
        variants = np.einsum("i,ij->j", weights, np.array([each.variant_errors for each in lessons]))
        gram = np.einsum("i,ijk->jk", weights, np.array([each.gram for each in lessons]))
        hold = CHANCE_HOLD * len(CHANCES) / max(windows, 0.5)
        share = weights / weights.sum() * windows
        ratios, totals = _totals(lessons, share, windows)
        return Mix(
            chances=simplex(gram, CHANCE_START, hold),
            variant=int(np.argmin(variants)),
            ratios=ratios,
            totals=totals,
            shared=_shared(lessons, share),
            widening=_widening(lessons, share),
            lessons=len(lessons),
        )


def _windows(lessons: Sequence[Lesson], weights: Floats) -> float:
    """How many windows that don't overlap these come to."""
    first, last = lessons[0].at, lessons[-1].over
    apart = max((last - first) / DAY / max(lessons[-1].days, 1.0), 1.0)
    return float(min(apart, len(lessons)) * weights.mean())


def _totals(lessons: Sequence[Lesson], share: Floats, windows: float) -> tuple[Floats, Floats]:
    said = np.array([each.totals for each in lessons])
    actual = np.array([each.actual for each in lessons])
    usable = np.isfinite(said)
    ratios, scaled = np.ones(len(TOTALS)), np.full(said.shape, np.nan)
    for column in range(len(TOTALS)):
        rows = usable[:, column]
        if rows.any():
            hold = SIZE_HOLD if column < 5 else 0.05
            ratios[column] = size_ratio(said[rows, column], actual[rows], share[rows], hold)
            scaled[:, column] = said[:, column] * ratios[column]
    level = float(share @ actual / share.sum())
    if level <= 0:
        return ratios, TOTAL_START
    scaled = np.where(np.isfinite(scaled), scaled, scaled[:, :1])
    errors = (scaled - actual[:, None]) / level
    gram = (errors * share[:, None]).T @ errors
    return ratios, simplex(gram, TOTAL_START, TOTAL_HOLD / max(windows, 0.5))


def _shared(lessons: Sequence[Lesson], share: Floats) -> float:
    """What errors are more than single deals explain."""
    shown = np.array([each.shown for each in lessons])
    usable = shown > 0
    error = np.array([each.actual for each in lessons])[usable] / shown[usable] - 1
    own = np.array([each.own for each in lessons])[usable] / shown[usable]
    excess = np.clip(error**2, 0, 4) - np.minimum(own**2, 4)
    total = float((share[usable] * excess).sum()) + INTERVAL_HOLD * SHARED_START**2
    return float(np.sqrt(np.clip(total / (float(share[usable].sum()) + INTERVAL_HOLD), 0.02**2, 1.0)))


def _widening(lessons: Sequence[Lesson], share: Floats) -> float:
    """By how much intervals had to be wider for four of five to hold what came true; `INTERVAL_HOLD` windows say: not at
    all."""
    error = np.array([each.actual - each.shown for each in lessons])
    half = np.array(
        [each.high - each.shown if e > 0 else each.shown - each.low for each, e in zip(lessons, error, strict=True)]
    )
    needed = np.clip(np.divide(np.abs(error), half, out=np.full(len(half), 2.0), where=half > 0), 0, 4)
    needed = np.append(needed, [0.5, 1.0, 1.5])
    weights = np.append(share, np.full(3, INTERVAL_HOLD / 3))
    order = np.argsort(needed, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.clip(np.interp(0.8 * float(weights.sum()), middle, needed[order]), 0.5, 3.0))


def mixed_chances(look: Look, mix: Mix) -> Floats:
    return within(look.chances @ mix.chances)


def lesson(
    ground: Ground, look: Look, totals: Floats, shown: float, own: float, interval: tuple[float, float]
) -> Lesson:
    """What a look teaches once its window is over."""
    end = look.at + int(look.days * DAY)
    won: Bools = ground.wins_at[look.deals.run] <= end
    errors = look.chances - won[:, None]
    return Lesson(
        at=look.at,
        days=look.days,
        variant_errors=((look.variants - won[:, None]) ** 2).sum(axis=0),
        gram=errors.T @ errors,
        deals=len(look.deals),
        totals=totals,
        shown=shown,
        actual=ground.events.value_won(look.at, end),
        own=own,
        low=interval[0],
        high=interval[1],
    )
