"""What happens to each deal of the demo, drawn before anything is written: pure, and the same for the same seed.

A plan is a life: when the deal was opened, how far it came, how it ended, how much was found out on the way, and what is wrong
with it. Times are days before today, so that the demo is as fresh on the day it is first run as on any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from demo.figures import LARGEST, LOST_FOR, OTHER_WIN_RATE, SEGMENTS, SMALLEST, WIN_RATES, WON_FOR

STAGES = ("prospect", "discovery", "qualified", "demo", "poc", "proposal", "negotiation", "contracting")
HISTORY_DAYS = 730

MESS = (
    "overdue",
    "no_next_step",
    "no_amount",
    "no_close_date",
    "stalled",
    "pushed",
    "reopened",
    "handed_over",
    "in_euro",
    "disqualified",
    "overridden",
)
"""What is wrong with a deal: one in three has something."""


@dataclass(frozen=True, slots=True)
class Plan:
    account: int
    segment: str
    title: str
    seller: str
    amount: int
    opened: int
    """Days before today."""
    moves: tuple[int, ...]
    """Days before today on which the deal entered the second stage, the third, and so on."""
    ended: int | None
    outcome: str
    reasons: tuple[str, ...]
    competitor: str
    known: float
    """0 to 1: how much was found out."""
    mess: str
    deal_type: str


def draw(
    random: Random,
    accounts: list[tuple[int, str]],
    sellers: tuple[str, ...],
    cycles: dict[str, tuple[int, int]],
    *,
    closed: int,
    live: int,
) -> list[Plan]:
    """Plans over accounts given as (id, segment), oldest first. `cycles` has each segment's low and high months."""
    plans = [_plan(random, accounts, sellers, cycles, is_closed=number < closed) for number in range(closed + live)]
    return sorted(_with_a_week(plans, sorted(set(sellers))), key=lambda plan: -plan.opened)


def _plan(
    random: Random,
    accounts: list[tuple[int, str]],
    sellers: tuple[str, ...],
    cycles: dict[str, tuple[int, int]],
    *,
    is_closed: bool,
) -> Plan:
    account, segment = random.choice(accounts)
    low, high = cycles[segment]
    cycle = random.randrange(low * 30, high * 30 + 1)
    competitor = random.choice((*SEGMENTS[segment].competitors, ""))
    won_of, of = WIN_RATES.get(competitor, OTHER_WIN_RATE)
    won = is_closed and random.random() < won_of / of
    if is_closed:
        opened = random.randrange(min(cycle + 5, HISTORY_DAYS - 5), HISTORY_DAYS)
        # What is lost is mostly lost on the way.
        reached = len(STAGES) if won else random.randrange(2, len(STAGES) + 1)
        ended = max(1, opened - (cycle if won else cycle * reached // len(STAGES)))
    else:
        reached = random.choices(range(1, len(STAGES) + 1), weights=(12, 18, 16, 14, 14, 12, 8, 6))[0]
        opened, ended = max(2, cycle * reached // (len(STAGES) + 2) + random.randrange(3, 20)), None
    mess = "" if random.random() < (0.93 if is_closed else 0.66) else random.choice(MESS)
    return Plan(
        account=account,
        segment=segment,
        title=random.choice(SEGMENTS[segment].titles),
        seller=random.choice(sellers),
        amount=round(SMALLEST * (LARGEST / SMALLEST) ** random.betavariate(1.6, 2.4) / 1_000) * 1_000,
        opened=opened,
        moves=_moves(random, opened, ended or 0, reached - 1),
        ended=ended,
        outcome="won" if won else "lost" if is_closed else "open",
        reasons=_reasons(random, competitor, won=won),
        competitor=competitor,
        known=min(1.0, reached / len(STAGES) + random.uniform(0.05, 0.3)),
        mess=mess,
        deal_type=random.choices(("new", "expansion", "renewal"), weights=(7, 2, 1))[0],
    )


def _with_a_week(plans: Sequence[Plan], sellers: Sequence[str]) -> list[Plan]:
    """The same lives, some of them shifted into the last days: lives drawn from two years say little of this week, and a
    manager's Today is about nothing else. Each seller has two such events of four, so that every team has all of them."""
    told = list(plans)
    for number, seller in enumerate(sellers):
        for event in (number, number + 1):
            whole = [place for place, plan in enumerate(told) if plan.seller == seller and not plan.mess]
            for place in whole:
                if fresh := _this_week(told[place], event % 4, day=number % 4):
                    told[place] = fresh
                    break
    return told


def _this_week(plan: Plan, event: int, *, day: int) -> Plan | None:
    """The plan with a win, a stage entered, an opening or a loss `day` days ago; None where it has none to shift."""
    match event:
        case 1 if plan.ended is None and len(plan.moves) > 1:
            return replace(plan, moves=(*plan.moves[:-1], min(day, plan.moves[-1])))
        case 2 if plan.ended is None and not plan.moves:
            return replace(plan, opened=day)
        case 0 | 3 if plan.outcome == ("won" if event == 0 else "lost") and plan.ended is not None:
            later = plan.ended - day
            return replace(
                plan, opened=plan.opened - later, moves=tuple(move - later for move in plan.moves), ended=day
            )
    return None


def _moves(random: Random, opened: int, end: int, count: int) -> tuple[int, ...]:
    """`count` days between opening and end, in order; two on one day happen and are kept apart by the hour."""
    return tuple(sorted((random.randint(end, opened) for _ in range(count)), reverse=True))


def _reasons(random: Random, competitor: str, *, won: bool) -> tuple[str, ...]:
    if won:
        return tuple(dict.fromkeys(random.choices(WON_FOR.get(competitor, ("performance", "relationship")), k=2)))
    return (random.choice(LOST_FOR.get(competitor, ("price", "no_decision", "budget_cut"))),)
