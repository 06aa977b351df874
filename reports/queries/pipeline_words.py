"""A pipeline in the sentences a manager reads first."""

from __future__ import annotations

from collections.abc import Sequence

from crm.rules import formatting
from crm.rules.formatting import NBSP, count, listing, money_short
from reports.queries.asked import Asked
from reports.queries.coverage import Coverage, times
from reports.queries.sums import Cell
from reports.rules.report import Table

ENOUGH = 3
"""Times what is still to win: the usual rule of thumb, of which about every third deal is won."""


def sentences(asked: Asked, total: Cell, covered: Coverage, changed: str, tables: Sequence[Table]) -> tuple[str, ...]:
    """On target? What is open? What changed? Which deals come first?"""
    return (*_on_target(asked, covered), _open(asked, total), changed, *_need(tables))


def _on_target(asked: Asked, covered: Coverage) -> list[str]:
    if not asked.sees_money:
        return []
    code = asked.company.reporting_currency
    if covered.target is None or covered.reached is None:
        if not covered.won.count:
            return [f"In {covered.quarter.label} nothing was won{' yet' if covered.gone < 100 else ''}."]
        won = count(covered.won.count, "deal")
        return [f"In {covered.quarter.label} {won} won for {money_short(covered.won.amount, code)}."]
    place = "On target" if covered.reached >= covered.gone else "Behind target"
    if not covered.left:
        place = "Target reached"
    said = [
        f"{place}: {money_short(covered.won.amount)} of {money_short(covered.target, code)} won in {covered.quarter.label}, "
        f"{formatting.percent(covered.reached)}, with {formatting.percent(covered.gone)} of the quarter gone."
    ]
    if covered.cover is not None and not covered.open.amount:
        said.append(f"Nothing with an amount is open to close in it, for {money_short(covered.left)} still to win.")
    elif covered.cover is not None:
        enough = "" if covered.cover >= ENOUGH else f"; under {ENOUGH}{NBSP}times is thin"
        said.append(
            f"{money_short(covered.open.amount)} is open to close in it for {money_short(covered.left)} still to win, "
            f"{times(covered.cover)}{enough}."
        )
    return said


def _open(asked: Asked, total: Cell) -> str:
    verb = "is" if total.count == 1 else "are"
    when = "was" if asked.as_of < asked.today and total.count == 1 else "were" if asked.as_of < asked.today else verb
    said = f"{count(total.count, 'deal')} {when} open".capitalize()
    if total.count and total.unknown == total.count:
        return f"{said}, {'without an amount' if total.count == 1 else 'none of them with an amount'}."
    if asked.sees_money:
        code = asked.company.reporting_currency
        said += f" for {money_short(total.amount, code)}, {money_short(total.weighted)} weighted"
    return f"{said}, {total.unknown:,} without an amount." if total.unknown else f"{said}."


def _need(tables: Sequence[Table]) -> list[str]:
    need = next((table for table in tables if table.key == "need"), None)
    if need is None or not need.rows:
        return []
    names = [f"{row.values[0]}" for row in need.rows]
    names = [
        f"{name} ({row.values[1]})" if names.count(name) > 1 else name
        for name, row in zip(names, need.rows, strict=True)
    ]
    return [f"{listing(names)} {'needs' if len(names) == 1 else 'need'} you first."]
