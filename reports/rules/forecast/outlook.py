"""What is forecast now: the chance of each open deal with its reasons, the total, groups, and deals not open yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from crm.rules import formatting
from reports.rules.forecast import rivals
from reports.rules.forecast.arrays import Floats, Ints
from reports.rules.forecast.backtest import MODEL, THIN, BackTest, Said, backtest, say
from reports.rules.forecast.chances import cells
from reports.rules.forecast.events import Events
from reports.rules.forecast.horizons import Horizon
from reports.rules.forecast.learning import Memory
from reports.rules.forecast.looking import TOTALS, Ground, ground
from reports.rules.forecast.rows import EDGES, UNKNOWN
from reports.rules.forecast.simulating import Spread, spread_of
from reports.rules.forecast.stages import StageBook

NEW = "Not open yet"
MATTERS = 0.03
"""A difference of chances that is worth a sentence."""


@dataclass(frozen=True, slots=True)
class DealChance:
    """`chance` to be won within the window, never 0 or 1; `value` if it is won; `expected` their product. `by_stage` is the
    chance by stage and days in it alone, `seen` and `seen_won` the past deals that stood alike. `reasons` are sentences."""

    case_id: str
    stage: str
    days_in_stage: float | None
    age_days: float
    amount: float | None
    chance: float
    by_stage: float
    value: float
    expected: float
    seen: int
    seen_won: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """`expected` is what the model's deals of a group come to; the spread is of the number shown. Spreads of groups don't
    sum to the total's."""

    name: str
    deals: int
    expected: float
    spread: Spread


@dataclass(frozen=True)
class Outlook:
    """A forecast. `total` = (`from_deals` + `not_open_yet`) + `correction`: what past errors and the mix with other methods
    change. `shown` names the method whose number is the product's own; `shown_total` is that number: the model's `total`,
    or a rival's where the back-test says that it does better. The spread is around `total`. `warnings` are sentences."""

    at: int
    days: float
    deals: tuple[DealChance, ...]
    from_deals: float
    not_open_yet: float
    not_open_yet_wins: float
    openings_per_day: float
    correction: float
    total: float
    spread: Spread
    groups: tuple[GroupTotal, ...]
    shown: str
    shown_total: float
    rivals: Mapping[str, float]
    closed: int
    won: int
    lessons: int
    thin: bool
    warnings: tuple[str, ...]
    more_groups: tuple[GroupTotal, ...] = ()


def forecast(
    events: Events,
    book: StageBook,
    at: int,
    horizon: Horizon,
    *,
    every_days: int = 7,
    groups: Mapping[str, str] | None = None,
) -> tuple[Outlook, BackTest]:
    """What is to be expected from a moment, and how that would have fared before. Rows after `at` change nothing but the
    back-test's later origins. `groups` gives a name by case_id."""
    base = ground(events, book)
    past = backtest(base, horizon, every_days)
    return outlook(base, past, at, groups=groups), past


def outlook(
    base: Ground,
    past: BackTest,
    at: int,
    *,
    groups: Mapping[str, str] | None = None,
    groupings: Sequence[Mapping[str, str]] = (),
) -> Outlook:
    """As `forecast`, with a back-test that is there already. `groupings` are more ways of grouping the same deals, one after
    the other; of each the named groups are given."""
    said = say(base, Memory(list(past.lessons)), at, past.horizon.of(at))
    found = said.look
    known = len(Memory(list(past.lessons)).by(at))
    shown = past.shown if past.shown == MODEL or np.isfinite(_rival(said, past.shown)) else MODEL
    from_deals = float(said.chances @ found.worth)
    return Outlook(
        at=at,
        days=found.days,
        deals=_deals(base, said),
        from_deals=from_deals,
        not_open_yet=found.arrivals.value,
        not_open_yet_wins=found.arrivals.wins,
        openings_per_day=found.arrivals.openings_per_day,
        correction=said.total - from_deals - found.arrivals.value,
        total=said.total,
        spread=said.spread,
        groups=_groups(base, said, groups) if groups else (),
        more_groups=tuple(one for each in groupings for one in _groups(base, said, each) if one.name not in ("", NEW)),
        shown=shown,
        shown_total=said.total if shown == MODEL else _rival(said, shown),
        rivals={name: _rival(said, name) for name in rivals.RIVALS},
        closed=found.closed,
        won=found.won,
        lessons=known,
        thin=found.closed < THIN,
        warnings=_warnings(found.closed, known),
    )


def _rival(said: Said, name: str) -> float:
    if name == rivals.AGE:
        return float(said.look.column(rivals.AGE) @ said.look.worth)
    return float(said.raw[TOTALS.index(name)])


def _warnings(closed: int, lessons: int) -> tuple[str, ...]:
    found = []
    if closed < THIN:
        found.append(
            f"Too little history: {closed} closed deals. Chances lean on the playbook's until there are {THIN} and more."
        )
    if not lessons:
        found.append("No past window is over yet, so nothing is corrected by past errors, and the interval is a guess.")
    return tuple(found)


def _deals(base: Ground, said: Said) -> tuple[DealChance, ...]:
    found, events = said.look, base.events
    deals = found.deals
    place = cells(deals, base.stages)
    by_stage = found.rates.of(deals)
    whole = base.whole_chances
    rows = []
    for each in range(len(deals)):
        stage = int(deals.stage[each])
        seen, won = int(found.counts.deals[place[each]]), int(found.counts.won[place[each]])
        name = events.stages[stage] if stage >= 0 else "no stage"
        band, chance = int(deals.stage_band[each]), float(said.chances[each])
        reasons = [_seen(seen, won, band, name, found.days)]
        reasons += _playbook(float(whole[stage]), float(found.prior[stage]), found.days)
        reasons += _mixed(chance, float(by_stage[each]))
        rows.append(
            DealChance(
                case_id=events.cases[events.case[deals.run[each]]],
                stage=name,
                days_in_stage=None if band == UNKNOWN else float(deals.in_stage[each]),
                age_days=float(deals.age[each]),
                amount=None if np.isnan(deals.amount[each]) else float(deals.amount[each]),
                chance=chance,
                by_stage=float(by_stage[each]),
                value=float(found.worth[each]),
                expected=chance * float(found.worth[each]),
                seen=seen,
                seen_won=won,
                reasons=tuple(reasons),
            )
        )
    return tuple(rows)


def _seen(seen: int, won: int, band: int, stage: str, days: float) -> str:
    if band == UNKNOWN:
        where = f"stood in {stage} since before the history begins"
    elif band == UNKNOWN - 1:
        where = f"stood more than {EDGES[band]:.0f} days in {stage}"
    else:
        where = f"stood {EDGES[band]:.0f} to {EDGES[band + 1]:.0f} days in {stage}"
    if not seen:
        return f"No deal whose window is over {where}."
    verb = "was" if won == 1 else "were"
    return f"{won} of {seen} deals that {where} {verb} won within {days:.0f} days."


def _playbook(whole: float, prior: float, days: float) -> list[str]:
    if np.isnan(whole):
        return ["The playbook doesn't know this stage; it starts at the rate of all deals."]
    return [f"The playbook says {_share(whole)} in the end, which is {_share(prior)} within {days:.0f} days."]


def _share(value: float) -> str:
    return formatting.share(Decimal(str(value)))


def _mixed(chance: float, by_stage: float) -> list[str]:
    if abs(chance - by_stage) < MATTERS:
        return []
    way = "more" if chance > by_stage else "less"
    return [
        f"Age, amount, moves and past errors make it {_share(chance)}, {way} than the {_share(by_stage)} by stage alone."
    ]


def _groups(base: Ground, said: Said, groups: Mapping[str, str]) -> tuple[GroupTotal, ...]:
    events, deals = base.events, said.look.deals
    names = [groups.get(events.cases[case], "") for case in events.case[deals.run]]
    different = sorted(set(names))
    place = {name: code for code, name in enumerate(different)}
    codes: Ints = np.array([place[name] for name in names], dtype=np.int64)
    drawn, expected = said.draw(codes), said.chances * said.look.worth
    factor = (
        said.total / expected_total if (expected_total := float(expected.sum()) + said.look.arrivals.value) > 0 else 1.0
    )
    found = [
        _group(
            name, int((codes == code).sum()), float(expected[codes == code].sum()), drawn[code], factor, said.widening
        )
        for code, name in enumerate(different)
    ]
    return (*found, _group(NEW, 0, said.look.arrivals.value, drawn[-1], factor, said.widening))


def _group(name: str, deals: int, expected: float, drawn: Floats, factor: float, widening: float) -> GroupTotal:
    return GroupTotal(name, deals, expected, spread_of(drawn, float(np.median(drawn)) * factor, widening))


def by_value(deals: Sequence[DealChance]) -> list[DealChance]:
    """The deals that bring most first."""
    return sorted(deals, key=lambda deal: (-deal.expected, deal.case_id))
