"""What past looks teach the next one. A look teaches only once its window is over: `Memory.by` leaves out all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from reports.rules.forecast.arrays import DAY, Bools, Floats, logit, within
from reports.rules.forecast.combining import simplex, size_ratio
from reports.rules.forecast.looking import CHANCES, TOTALS, USUAL, Ground, Look

CHANCE_START = np.array([0.45, 0.45, 0.1, 0.0, 0.0])
"""Where the mix of chances starts, by `CHANCES`."""
OWN = 3
"""The first so many of `CHANCES` know the window."""
CHANCE_HOLD = 0.02
TOTAL_START = np.array([0.85, 0.1, 0.0, 0.05, 0.0, 0.0, 0.0])
"""Where the mix of totals starts, by `TOTALS`."""
TOTAL_HOLD = 8.0
"""Windows' worth of errors that hold the mix where it starts."""
SIZE_SPREAD = 0.07
"""How far from 1 the ratio of what comes true to what a method says may well lie."""
LEAST_HOLD, MOST_HOLD = 2.0, 100.0
WINDOWED = 5
"""The first so many of `TOTALS` know the window."""
SHARED_START = 0.1
INTERVAL_HOLD = 2.0
HELD = np.array([0.1, 0.3, 0.6, 0.9, 1.1])
"""Errors over half widths of an interval that is right: one in five is above 1."""
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
            hold = size_hold(said[rows, column], actual[rows], share[rows]) if column < WINDOWED else 0.05
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
    """What errors are more than single deals explain. By the error that two of three stay below, so that one wild window
    doesn't make all intervals wide."""
    shown = np.array([each.shown for each in lessons])
    usable = shown > 0
    if not usable.any():
        return SHARED_START
    error = np.abs(np.array([each.actual for each in lessons])[usable] / shown[usable] - 1)
    own = np.array([each.own for each in lessons])[usable] / shown[usable]
    weights = share[usable]
    excess = max(_quantile(error, weights, 0.683) ** 2 - _quantile(own, weights, 0.5) ** 2, 0.0)
    total = float(weights.sum()) * min(excess, 1.0) + INTERVAL_HOLD * SHARED_START**2
    return float(np.sqrt(max(total / (float(weights.sum()) + INTERVAL_HOLD), 0.02**2)))


def _quantile(values: Floats, weights: Floats, part: float) -> float:
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(part * float(weights.sum()), middle, values[order]))


def _widening(lessons: Sequence[Lesson], share: Floats) -> float:
    """By how much intervals had to be wider for four of five to hold what came true; `INTERVAL_HOLD` windows say: not at
    all."""
    error = np.array([each.actual - each.shown for each in lessons])
    half = np.array(
        [each.high - each.shown if e > 0 else each.shown - each.low for each, e in zip(lessons, error, strict=True)]
    )
    needed = np.clip(np.divide(np.abs(error), half, out=np.full(len(half), 2.0), where=half > 0), 0, 4)
    needed = np.append(needed, HELD)
    weights = np.append(share, np.full(len(HELD), INTERVAL_HOLD / len(HELD)))
    return float(np.clip(_quantile(needed, weights, 0.8), 0.4, 3.0))


def size_hold(said: Floats, actual: Floats, share: Floats) -> float:
    """How many windows that came true exactly a method's size is held by: few where its errors are always alike, many where
    they are mostly noise. (A normal prior of spread `SIZE_SPREAD` around 1, in windows.)"""
    usable = said > 0
    if not usable.any():
        return LEAST_HOLD
    ratios = actual[usable] / said[usable]
    off = np.abs(ratios - _quantile(ratios, share[usable], 0.5))
    noise = 1.25 * float(np.average(off, weights=share[usable]))
    return float(np.clip((noise / SIZE_SPREAD) ** 2, LEAST_HOLD, MOST_HOLD))


def mixed_chances(look: Look, mix: Mix) -> Floats:
    """The mix, brought to the level of what was learnt from rows: rivals that know no window help to tell deals apart, but
    say too much of all of them."""
    own = mix.chances[:OWN]
    found = within(look.chances @ mix.chances)
    if not len(found) or own.sum() > 0.999:
        return found
    learnt = own if own.sum() > 0.05 else CHANCE_START[:OWN]
    level = float((look.chances[:, :OWN] @ learnt).sum() / learnt.sum())
    base, shift = logit(found), 0.0
    for _ in range(20):
        shifted = 1 / (1 + np.exp(-(base + shift)))
        shift += float(np.clip((level - shifted.sum()) / max(float((shifted * (1 - shifted)).sum()), 1e-9), -1, 1))
    return within(1 / (1 + np.exp(-(base + shift))))


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
