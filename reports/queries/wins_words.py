"""What the win and loss report says in sentences, and the parts of it that need no money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from crm.rules import formatting
from crm.rules.fact_words import show_date
from crm.rules.formatting import count
from crm.rules.rates import rate
from reports.queries.asked import Asked
from reports.queries.closed import Sides
from reports.rules.homogeneity import Finding, longer, quartile
from reports.rules.report import Column, Row, Table
from reports.rules.shares import percent_of
from reports.rules.wins import MINIMUM, between, few, percent, told

CYCLE = (
    Column("outcome", "Outcome"),
    Column("deals", "Deals", "count"),
    Column("first", "A quarter within", "days", "A quarter of them took no longer, in days from opening to closing."),
    Column("median", "Half within", "days", "The median."),
    Column("third", "Three quarters within", "days"),
    Column("said", "Remark"),
)
TESTS = (
    "Differences are findings only where chance would make them less than once in twenty reports: each cut is tested as a whole, "
    "corrected by Holm for how many there are, and only within one that stands each group against the others."
)


def cycle_table(days: Mapping[str, Mapping[int, int]]) -> Table:
    rows = []
    for outcome, label in (("won", "Won"), ("lost", "Lost")):
        deals = sum(days[outcome].values())
        points = [quartile(days[outcome], n) if deals >= MINIMUM else None for n in (1, 2, 3)]
        rows.append(Row((label, deals, *points, few(deals))))
    shown = tuple(rows) if any(any(found.values()) for found in days.values()) else ()
    return Table("cycle", "How long from opening to closing?", CYCLE, shown, _cycle_says(days))


def _cycle_says(days: Mapping[str, Mapping[int, int]]) -> str:
    won, lost = days["won"], days["lost"]
    if min(sum(won.values()), sum(lost.values())) < 2 * MINIMUM:
        return "Too few to say whether lost deals take longer than won ones."
    if longer(won, lost) > 0.05:
        return "Won and lost deals take no different time that chance would not explain."
    first, second = quartile(won, 2) or 0, quartile(lost, 2) or 0
    if first == second:
        return "Won and lost deals differ in time by more than chance would explain, though not in their medians."
    return f"{'Won' if first > second else 'Lost'} deals take longer, by more than chance would explain."


def notes(undated: int, asked: Asked) -> tuple[str, ...]:
    found = [f"A win rate of fewer than {MINIMUM} decided deals is not shown.", TESTS]
    if asked.as_of < asked.today:
        found.append("Accounts, competitors, reasons and lines of a deal are as they are today.")
    if undated:
        found.append(f"{count(undated, 'decided deal')} without a day of closing: in none of these figures.")
    return tuple(found)


def sentences(
    asked: Asked,
    whole: Sides,
    period: str,
    findings: Sequence[Finding],
    documents: Sequence[str],
    last: dt.date | None = None,
) -> tuple[str, ...]:
    """`last` is the day something was decided before, where nothing was in the period."""
    if not whole.of:
        before = f" The last deal before was decided on {show_date(last)}." if last else ""
        return (f"Nothing was decided from {period}.{before}",)
    found = rate(whole.won, whole.of, MINIMUM)
    decided = f"{whole.won:,} won of {count(whole.of, 'deal')} decided from {period}"
    if found.hidden:
        first = f"{decided}: too few for a rate."
    else:
        first = f"{decided}: {percent(whole.won, whole.of)}. By chance alone it may lie anywhere from {between(found)}."
        value = percent_of(whole.won_amount, whole.amount)
        if asked.sees_money and value is not None and not (whole.lost and not whole.lost_amount):
            first += f" By value it is {formatting.percent(value)}."
    if whole.of < 2 * MINIMUM:
        return (first, *documents)
    differences = [told(one) for one in findings]
    return (first, *(differences or ["There is no difference here that chance would not explain."]), *documents)
