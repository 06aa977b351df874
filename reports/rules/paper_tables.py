"""How a table gets onto a page: upright, lying, smaller, or its columns on several pages. No figure may fall off the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from crm.rules import formatting
from reports.rules.report import Column, Table, Value

Size = Literal["", "small", "smaller"]
UPRIGHT, LYING = 174, 242
"""Millimetres between the margins of the narrower of A4 and Letter, each way."""
SIZES: tuple[tuple[Size, float], ...] = (("", 9.5), ("small", 8), ("smaller", 7))
"""Points."""
LETTER = 0.6 * 0.3528
"""Width of a letter, a figure or a comma in millimetres for each point; tabular figures are among the widest."""
BETWEEN = 3.2
"""Millimetres between columns."""
SHORT = 16
"""Rows."""
LONGEST = 28
"""Letters of a text that are kept on a line; longer ones go on in another."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """What stands on one page, or goes on down several: `number` of `count`. `size` is a class of the style sheet."""

    table: Table
    is_lying: bool
    size: Size
    number: int = 1
    count: int = 1

    @property
    def is_short(self) -> bool:
        """It moves to the next page as a whole rather than break."""
        return len(self.table.rows) <= SHORT


def sheets_of(table: Table) -> tuple[TableSheet, ...]:
    """The whole table, as large as it fits; where nothing is small enough, as many columns a sheet as do."""
    widths = [_letters(column, [row.values[place] for row in table.rows]) for place, column in enumerate(table.columns)]
    for is_lying in (False, True):
        # Smaller print is for pages that lie already.
        for size, points in SIZES if is_lying else SIZES[:1]:
            if _fits(widths, points, LYING if is_lying else UPRIGHT):
                return (TableSheet(table, is_lying, size),)
    size, points = SIZES[1]
    groups: list[list[int]] = [[]]
    for place in range(1, len(widths)):
        taken = [widths[0], *(widths[one] for one in (*groups[-1], place))]
        if groups[-1] and not _fits(taken, points, LYING):
            groups.append([])
        groups[-1].append(place)
    return tuple(
        TableSheet(_of_columns(table, [0, *group]), True, size, number, len(groups))
        for number, group in enumerate(groups, start=1)
    )


def _fits(widths: Sequence[int], points: float, room: int) -> bool:
    return sum(width * LETTER * points + BETWEEN for width in widths) <= room


def _letters(column: Column, values: Sequence[Value]) -> int:
    """Letters of the longest thing in a column that stays on one line."""
    head = max((len(word) for word in column.label.split()), default=0)
    return max([head, *(min(len(_read(column, value)), LONGEST) for value in values)])


def _read(column: Column, value: Value) -> str:
    """A value about as long as it is printed."""
    if value is None:
        return formatting.DASH
    if column.kind == "money" and isinstance(value, (int, Decimal)):
        return formatting.money_exact(value)
    if column.kind in {"percent", "chance"}:
        return "100.0 %"
    if column.kind in {"count", "days", "number"} and isinstance(value, (int, Decimal)):
        return f"{value:,}"
    return "30 Sep 2026" if column.kind == "date" else str(value)


def _of_columns(table: Table, places: Sequence[int]) -> Table:
    rows = tuple(replace(row, values=tuple(row.values[place] for place in places)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in places), rows=rows)
