"""One look ahead from one moment: every method's chances and totals, from what was known then and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reports.rules.forecast import rivals
from reports.rules.forecast.adjusting import adjustment
from reports.rules.forecast.arrays import DAY, NEVER, Bools, Floats
from reports.rules.forecast.chances import HALF_LIVES, STRENGTHS, Counts, Rates, seen, variants
from reports.rules.forecast.events import Events
from reports.rules.forecast.rows import Rows, Standing, rows_of, standing
from reports.rules.forecast.stages import SPEED, StageBook, within_window
from reports.rules.forecast.values import Arrivals, Values, arrivals_of, values_of

RATES, FITTED = "rates", "fitted"
CHANCES = (RATES, FITTED, rivals.AGE, rivals.HISTORY, rivals.PLAYBOOK)
"""Methods that give a chance for each deal, in the order of the columns of `Look.chances`."""

STEADY, LAST_YEAR = "steady", "last_year"
TOTALS = ("deals", rivals.AGE, rivals.LAST, STEADY, LAST_YEAR, rivals.HISTORY, rivals.PLAYBOOK)
"""What totals are mixed of. `deals` are the chances times the values and the deals not open yet; `age` has that line too;
`steady` is what a window brought on average so far; `last_year` the same window a year before."""

VARIANTS = len(STRENGTHS) * len(HALF_LIVES)
USUAL = 1
"""The variant taken before there are errors to choose by."""


@dataclass(frozen=True)
class Look:
    """`chances` has a column for each of `CHANCES`, `variants` one for each way of shrinking the rates. `size` is how many
    as-of rows were learnt from."""

    at: int
    days: float
    deals: Standing
    chances: Floats
    variants: Floats
    values: Values
    arrivals: Arrivals
    rates: Rates
    counts: Counts
    prior: Floats
    size: int
    closed: int
    won: int

    @cached_property
    def worth(self) -> Floats:
        return self.values.of(self.deals)

    def column(self, method: str) -> Floats:
        return self.chances[:, CHANCES.index(method)]


@dataclass(frozen=True)
class Ground:
    """What looks at one file share."""

    events: Events
    rows: Rows
    book: StageBook

    @cached_property
    def stages(self) -> int:
        """One more than there are names: the last is no stage."""
        return len(self.events.stages) + 1

    @cached_property
    def whole_chances(self) -> Floats:
        return np.append(self.book.chances(self.events.stages), np.nan)

    @cached_property
    def days_ahead(self) -> Floats:
        return np.append(self.book.ahead(self.events.stages), SPEED)

    @cached_property
    def wins_at(self) -> Floats:
        return np.where(self.events.won, self.events.closed, NEVER)


def ground(events: Events, book: StageBook) -> Ground:
    return Ground(events, rows_of(events), book)


def look(ground: Ground, at: int, days: float, variant: int = USUAL) -> Look:
    """A look from a moment at the window of so many days after it."""
    events, rows = ground.events, ground.rows
    size = rows.usable(at, days)
    won: Bools = rows.days_to_win[:size] <= days
    deals = standing(events, at)
    closed, wins = events.closed_by(at)
    rate = rivals.win_rate(events, at)
    prior = within_window(ground.whole_chances, ground.days_ahead, days)
    start = float(within_window(np.array([rate]), np.array([SPEED]), days)[0])
    tried = list(variants(rows, size, won, at, prior, start, ground.stages))
    chosen = tried[variant]
    found = chosen.of(deals)
    fitted = adjustment(rows, size, won, chosen, days)
    values = values_of(events, rows, size, won, deals, at)
    columns = [
        found,
        fitted.of(found, deals, np.full(len(deals), at)),
        chosen.age[deals.age_band],
        np.full(len(deals), rate),
        rivals.flat(ground.whole_chances[:-1], deals.stage, rate),
    ]
    return Look(
        at=at,
        days=days,
        deals=deals,
        chances=np.column_stack(columns),
        variants=np.column_stack([each.of(deals) for each in tried]),
        values=values,
        arrivals=arrivals_of(events, values, at, days),
        rates=chosen,
        counts=seen(rows, size, won, ground.stages),
        prior=prior,
        size=size,
        closed=closed,
        won=wins,
    )


def raw_totals(ground: Ground, look: Look, mixed: Floats) -> Floats:
    """What each of `TOTALS` says; NaN where it can't say anything yet. `mixed` is the chance of each deal as shown."""
    worth, amounts, events = look.worth, look.values.amounts(look.deals), ground.events
    new, days = look.arrivals.value, look.days
    since = max(events.first_close, look.at - 365 * DAY)
    span = (look.at - since) / DAY
    year_ago = look.at - 364 * DAY
    return np.array(
        [
            float(mixed @ worth) + new,
            float(look.column(rivals.AGE) @ worth) + new,
            rivals.last_period(events, look.at, days),
            events.value_won(since, look.at) * days / span if span >= days else np.nan,
            events.value_won(year_ago, year_ago + int(days * DAY)) if year_ago > events.first_close else np.nan,
            float(look.column(rivals.HISTORY) @ amounts),
            float(look.column(rivals.PLAYBOOK) @ amounts),
        ]
    )
