"""What would have been said in the past, and what came true: at each origin everything is learnt from what was known then.

The first third of the origins only teaches how methods are mixed and is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.rules.forecast import rivals
from reports.rules.forecast.arrays import DAY, NEVER, Bools, Floats, Ints, ratio
from reports.rules.forecast.horizons import SHORTEST, Horizon
from reports.rules.forecast.learning import Lesson, Memory, lesson, mixed_chances
from reports.rules.forecast.looking import CHANCES, TOTALS, Ground, Look, look, raw_totals
from reports.rules.forecast.measures import Comparison, Scores, bias, compare, reliability, wape
from reports.rules.forecast.simulating import Spread, draws, own_spread, spread_of

MODEL, WAPE, BRIER = "model", "wape", "brier"
METHODS = (MODEL, *rivals.RIVALS)
WARM_UP = 26
"""Origins that only teach, at most."""
THIN = 50
"""Closed deals below which it is said that there is too little history."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One look back: what each method said of the window, and what came true. `closed` is how many deals were closed by
    then, `open_deals` how many were open."""

    at: int
    days: float
    said: Mapping[str, float]
    said_open: float
    """The model's, without the line for deals not open yet."""
    spread: Spread
    actual: float
    actual_open: float
    open_deals: int
    closed: int


@dataclass(frozen=True)
class BackTest:
    """`methods` by name, the model first. `yields_to` is where the model does worse than a rival, worst first; `shown` the
    method whose number is shown as the product's own: the model, unless a rival was better by more than chance.
    `lessons` are what a forecast from now learns from."""

    horizon: Horizon
    every_days: int
    origins: tuple[Origin, ...]
    warm_up: int
    methods: Mapping[str, Scores]
    coverage: float | None
    comparisons: tuple[Comparison, ...]
    shown: str
    closed: int
    won: int
    lessons: tuple[Lesson, ...]

    @property
    def yields_to(self) -> tuple[Comparison, ...]:
        worse = [each for each in self.comparisons if each.rival_is_better]
        return tuple(sorted(worse, key=lambda each: (not each.beyond_chance, each.measure != WAPE, -each.by)))


@dataclass(frozen=True)
class Judged:
    """A look and its truth: squared errors by method, and what was said of each deal."""

    origin: Origin
    squared: Mapping[str, float]
    chances: NDArray[np.float32]
    won: Bools
    worth: NDArray[np.float32]


def backtest(
    ground: Ground, horizon: Horizon, every_days: int = 7, tell: Callable[[int, int], None] = lambda done, total: None
) -> BackTest:
    """Raises ValueError for spans below a day. `tell` is told (done, total) after each look."""
    if every_days < 1 or horizon.longest < 1:
        raise ValueError("Horizon and step are whole days, 1 or more.")
    memory = Memory()
    origins = origins_of(ground, horizon, every_days)
    warm_up = min(len(origins) // 3, WARM_UP)
    judged = []
    for number, at in enumerate(origins):
        found = _one(ground, memory, at, horizon.of(at))
        if number >= warm_up:
            judged.append(found)
        tell(number + 1, len(origins))
    return _summed(ground, horizon, every_days, judged, warm_up, tuple(memory.lessons))


def origins_of(ground: Ground, horizon: Horizon, every_days: int) -> list[int]:
    """Midnights, from the first at which a whole window lies behind the first outcome, to the last whose window is over.
    Counted from the file's beginning, so that a longer file has the same ones."""
    events = ground.events
    if not events.runs or events.first_close == NEVER:
        return []
    first = events.first_close + horizon.longest * DAY
    begin = events.start + -(-(first - events.start) // DAY) * DAY
    found = range(begin, events.until + 1, every_days * DAY)
    return [
        at
        for at in found
        if at + horizon.of(at) * DAY <= events.until and horizon.of(at) >= min(SHORTEST, horizon.longest)
    ]


@dataclass(frozen=True)
class Said:
    """A look put together: the chances shown, the total, and its spread."""

    look: Look
    chances: Floats
    raw: Floats
    total: float
    shared: float
    widening: float
    spread: Spread
    plain: Spread

    def draw(self, groups: Ints | None = None) -> Floats:
        found = self.look
        return draws(self.chances, found.worth, found.values, found.arrivals, self.shared, found.at, groups)


def say(ground: Ground, memory: Memory, at: int, days: float) -> Said:
    """What is forecast at a moment, from the lessons whose windows were over then."""
    mix = memory.mix(at)
    found = look(ground, at, days, mix.variant)
    chances = mixed_chances(found, mix)
    raw = raw_totals(ground, found, chances)
    total = mix.total(raw)
    drawn = draws(chances, found.worth, found.values, found.arrivals, mix.shared, at)
    plain, wide = (spread_of(drawn.sum(axis=0), total, widening) for widening in (1.0, mix.widening))
    return Said(found, chances, raw, total, mix.shared, mix.widening, wide, plain)


def _one(ground: Ground, memory: Memory, at: int, days: float) -> Judged:
    said = say(ground, memory, at, days)
    found = said.look
    own = own_spread(said.chances, found.worth, found.values, found.arrivals)
    memory.lessons.append(lesson(ground, found, said.raw, said.total, own, (said.plain.low, said.plain.high)))
    won: Bools = ground.wins_at[found.deals.run] <= at + days * DAY
    by_rival = {name: float(said.raw[TOTALS.index(name)]) for name in rivals.RIVALS}
    by_rival[rivals.AGE] = float(found.column(rivals.AGE) @ found.worth)
    origin = Origin(
        at=at,
        days=days,
        said={MODEL: said.total, **by_rival},
        said_open=float(said.chances @ found.worth),
        spread=said.spread,
        actual=memory.lessons[-1].actual,
        actual_open=float(ground.events.value[found.deals.run][won].sum()),
        open_deals=len(found.deals),
        closed=found.closed,
    )
    squared = {name: float(((found.column(name) - won) ** 2).sum()) for name in rivals.RIVALS if name in CHANCES}
    squared[MODEL] = float(((said.chances - won) ** 2).sum())
    return Judged(origin, squared, said.chances.astype(np.float32), won, found.worth.astype(np.float32))


def _summed(
    ground: Ground, horizon: Horizon, every_days: int, judged: list[Judged], warm_up: int, lessons: tuple[Lesson, ...]
) -> BackTest:
    origins = tuple(each.origin for each in judged)
    comparisons = _comparisons(judged, horizon, every_days)
    closed, won = ground.events.closed_by(ground.events.until)
    beaten = [each for each in comparisons if each.measure == WAPE and each.by > 0 and each.beyond_chance]
    inside = [each.spread.low <= each.actual <= each.spread.high for each in origins]
    return BackTest(
        horizon=horizon,
        every_days=every_days,
        origins=origins,
        warm_up=warm_up,
        methods={name: _scores(name, judged) for name in METHODS},
        coverage=sum(inside) / len(inside) if inside else None,
        comparisons=comparisons,
        shown=max(beaten, key=lambda each: each.by).rival if beaten else MODEL,
        closed=closed,
        won=won,
        lessons=lessons,
    )


def _scores(name: str, judged: list[Judged]) -> Scores:
    said, actual = _said(name, judged), _actual(judged)
    deals = sum(len(each.won) for each in judged)
    brier = ratio(sum(each.squared[name] for each in judged), deals) if judged and name in judged[0].squared else None
    if name == rivals.LAST:
        return Scores(wape(said, actual), bias(said, actual), brier)
    opened = np.array([each.origin.actual_open for each in judged])
    of_open = np.array([each.origin.said_open for each in judged]) if name == MODEL else said
    bins = reliability(*_deals(judged)) if name == MODEL and judged else ()
    return Scores(wape(said, actual), bias(said, actual), brier, wape(of_open, opened), bias(of_open, opened), bins)


def _deals(judged: list[Judged]) -> tuple[Floats, Bools, Floats]:
    chances = np.concatenate([each.chances for each in judged]).astype(np.float64)
    worth = np.concatenate([each.worth for each in judged]).astype(np.float64)
    return chances, np.concatenate([each.won for each in judged]), worth


def _said(name: str, judged: list[Judged]) -> Floats:
    return np.array([each.origin.said[name] for each in judged], dtype=np.float64)


def _actual(judged: list[Judged]) -> Floats:
    return np.array([each.origin.actual for each in judged], dtype=np.float64)


def _comparisons(judged: list[Judged], horizon: Horizon, every_days: int) -> tuple[Comparison, ...]:
    if not judged:
        return ()
    block = max(1, -(-horizon.longest // every_days))
    actual = _actual(judged)
    own = np.abs(_said(MODEL, judged) - actual)
    found = [compare(name, WAPE, own, np.abs(_said(name, judged) - actual), actual, block) for name in rivals.RIVALS]
    deals = np.array([float(len(each.won)) for each in judged])
    squared = {name: np.array([each.squared[name] for each in judged]) for name in judged[0].squared}
    found += [
        compare(name, BRIER, squared[MODEL], squared[name], deals, block) for name in rivals.RIVALS if name in squared
    ]
    return tuple(each for each in found if each is not None)
