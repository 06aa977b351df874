"""What a deal is worth when it is won, and what deals bring that are not open yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.rules.forecast.arrays import DAY, Bools, Floats, Ints
from reports.rules.forecast.events import Events
from reports.rules.forecast.rows import Rows, Standing

PRIOR_WINS = 10.0
"""Wins at exactly the amount of before that the ratio is shrunk towards."""
YEAR = 365.0
OPENINGS = 60.0
"""Half-life, in days, of the pace at which deals are opened."""
SHORT = 20.0
"""Wins the value of quickly won deals is shrunk by, towards that of all."""


@dataclass(frozen=True)
class Values:
    """`ratio` is value won over the amount before; `usual` what a deal of unknown amount is taken for; `spread` the
    relative standard deviation of a value around what was expected of it, and of values won around their mean."""

    ratio: float
    usual: float
    mean_won: float
    spread: float
    spread_won: float
    wins: int

    def of(self, deals: Standing) -> Floats:
        return self.amounts(deals) * self.ratio

    def amounts(self, deals: Standing) -> Floats:
        """As they were known then; unknown ones are taken for the usual value over the ratio, so that they come out as
        the usual value."""
        unknown = self.usual / self.ratio if self.ratio > 0 else self.usual
        return np.where(np.isnan(deals.amount), unknown, deals.amount)


def values_of(events: Events, rows: Rows, size: int, won: Bools, deals: Standing, moment: int) -> Values:
    """From the wins known at a moment, and the first `size` rows for how amounts moved until then."""
    wins = np.flatnonzero(events.won & (events.closed <= moment))
    values = events.value[wins]
    weights = 0.5 ** ((moment - events.closed[wins]) / (DAY * YEAR))
    known = deals.amount[~np.isnan(deals.amount)]
    if not len(wins):
        usual = float(np.median(known)) if len(known) else (1.0 if events.counted else 0.0)
        return Values(1.0, usual, usual, 0.3, 1.0, 0)
    mean = float(np.average(values, weights=weights))
    spread_won = _relative(values, mean)
    shrink_to = float(known.mean()) if len(known) else mean
    usual = (float((weights * values).sum()) + 3 * shrink_to) / (float(weights.sum()) + 3)
    ratio, spread = _moved(rows, size, won)
    return Values(ratio, usual, mean, spread, spread_won, len(wins))


def _moved(rows: Rows, size: int, won: Bools) -> tuple[float, float]:
    """Ratio of value won to the amount before, and the spread around it; each deal counts once where it was first seen in
    its stage and band."""
    pick = np.flatnonzero(won & rows.fresh[:size])
    amount, value = rows.deals.amount[pick], rows.value[pick].astype(np.float64)
    usable = amount > 0
    amount, value = amount[usable], value[usable]
    if not len(amount):
        return 1.0, 0.3
    prior = PRIOR_WINS * float(amount.mean())
    ratio = float(np.clip((value.sum() + prior) / (amount.sum() + prior), 0.1, 10))
    off = np.clip(value / (amount * ratio) - 1, -1, 3)
    return ratio, float(np.sqrt((float((off**2).sum()) + 3 * 0.09) / (len(off) + 3)))


def _relative(values: Floats, mean: float) -> float:
    return float(min(values.std() / mean, 5.0)) if mean > 0 else 1.0


@dataclass(frozen=True)
class Arrivals:
    """Deals not open yet: how many are opened a day, how many of them are won within the window, and for how much each."""

    openings_per_day: float
    wins: float
    value_each: float

    @property
    def value(self) -> float:
        return self.wins * self.value_each


def arrivals_of(events: Events, values: Values, moment: int, days: float) -> Arrivals:
    """The pace of openings so far, times the part of deals that is won within what is left of the window (cumulative
    incidence of wins by age; deals still open count for as long as they were watched, those from before the file's first
    outcome from then on)."""
    fresh = (events.opened <= moment) & ~events.truncated
    opened = events.opened[fresh]
    if not len(opened):
        return Arrivals(0.0, 0.0, values.mean_won)
    ago = (moment - opened) / DAY
    watched = max((moment - events.start) / DAY - 1, 1.0)
    weight = OPENINGS / np.log(2) * (1 - 0.5 ** (watched / OPENINGS))
    pace = float((0.5 ** (ago / OPENINGS)).sum() / weight)
    whole = max(int(np.ceil(days)), 1)
    incidence = _incidence(events, np.flatnonzero(fresh), moment, whole)
    wins = pace * float(incidence[:whole].sum()) * days / whole
    return Arrivals(pace, wins, _quick_value(events, values, moment, days))


def _incidence(events: Events, runs: Ints, moment: int, days: int) -> Floats:
    """The part of deals won by each age, at half past each day from 0 to `days`."""
    opened, closed = events.opened[runs], np.minimum(events.closed[runs], moment)
    enter = np.maximum(np.minimum(events.first_close, moment) - opened, 0) // DAY
    leave = (closed - opened) // DAY
    over = events.closed[runs] <= moment
    seen = (leave >= enter) & (closed >= min(events.first_close, moment))
    won, length = over & events.won[runs], days + 1

    def by_day(at: Ints) -> Floats:
        return np.bincount(np.minimum(at, length), minlength=length + 1)[:length].astype(np.float64)

    risk = np.cumsum(by_day(enter[seen])) - np.concatenate([[0.0], np.cumsum(by_day(leave[seen]))[:-1]])
    wins, ends = by_day(leave[seen & won]), by_day(leave[seen & over])
    risk = np.maximum(risk, 1.0)
    left = np.concatenate([[1.0], np.cumprod(1 - np.minimum(ends / risk, 1))[:-1]])
    total = np.cumsum(left * wins / risk)
    return np.asarray(total - left * wins / risk / 2)


def _quick_value(events: Events, values: Values, moment: int, days: float) -> float:
    quick = events.won & (events.closed <= moment) & (events.closed - events.opened <= days * DAY) & ~events.truncated
    found = events.value[quick]
    return float((found.sum() + SHORT * values.mean_won) / (len(found) + SHORT))
