"""What a report is: said once, then drawn as a page, printed, exported and sent by the API, always from this object.

A chart names columns of a table of the same report, so no form of a report can show a figure another does not have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["text", "money", "count", "percent", "chance", "days", "number", "date"]
"""`money` is in the report's currency, exact to the cent; `percent` 0 to 100 and beyond; `chance` 0 to 1; `days` whole."""

Value = str | int | Decimal | dt.date | None
"""None is not known, or not to be said (see the table's note); never nought."""

Tone = Literal["", "good", "warn", "bad", "quiet"]

ChartKind = Literal["bars", "stacked", "steps", "lines", "fan", "reliability"]
"""bars: a bar a row, one series beside the other. stacked: series upon each other. steps: a waterfall, the first and the last
row stand on the ground. lines: x is a date or a label in order. fan: series are low, middle, high over x. reliability: x is
what was said, the first series what came, both chances; the diagonal is drawn along."""


@dataclass(frozen=True, slots=True)
class Column:
    """`help` says how the figure is made, for a tooltip and the API's readers."""

    key: str
    label: str
    kind: Kind = "text"
    help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Values in the order of the table's columns. `level` indents what lies beneath the row before (team, person).

    `opens`, by a column's key: the query string of the page of rows behind that figure; "" as key is the row's first cell.
    """

    values: tuple[Value, ...]
    level: int = 0
    is_sum: bool = False
    tone: Tone = ""
    opens: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    """The address of the record the row is about (a deal, a card); for a page only."""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "Nothing to show for these filters."

    def column(self, key: str) -> tuple[Value, ...]:
        """The values of one column, sums left out. KeyError for a column it does not have."""
        place = self.place(key)
        return tuple(row.values[place] for row in self.rows if not row.is_sum)

    def place(self, key: str) -> int:
        for place, column in enumerate(self.columns):
            if column.key == key:
                return place
        raise KeyError(f"{self.key} has no column {key}.")


@dataclass(frozen=True, slots=True)
class Chart:
    """`table`, `x` and `series` are keys of a table and its columns; rows that are sums are not drawn.

    `top`: at most so many rows, from the first; the table has them all. `says` is the chart in a sentence, for who does not
    see it.
    """

    key: str
    title: str
    kind: ChartKind
    table: str
    x: str
    series: tuple[str, ...]
    says: str = ""
    target: str = ""
    """A column drawn as a mark on each bar, such as a target."""
    top: int = 40

    @property
    def figure_id(self) -> str:
        """Of what a page's script draws it from."""
        return f"figure-{self.key}"


@dataclass(frozen=True, slots=True)
class Stated:
    """What every figure of a report rests on.

    `as_of` is a day and means its end in `zone`, or `made_at` where that day is not over. `filters` in words, by label.
    `whole_from`: the first day the history is whole from, None where it always was. `rates` and `notes` are sentences.
    """

    as_of: dt.date
    zone: str
    made_at: dt.datetime
    currency: str
    playbook: int
    filters: tuple[tuple[str, str], ...] = ()
    whole_from: dt.date | None = None
    rates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def made_there(self) -> dt.datetime:
        """`made_at` on the clocks of `zone`."""
        return self.made_at.astimezone(ZoneInfo(self.zone))

    @property
    def is_past(self) -> bool:
        """Whether the day was over where the company is."""
        return self.as_of < self.made_there.date()


@dataclass(frozen=True, slots=True)
class Report:
    """`says` are the sentences a hurried reader needs, the weightiest first."""

    key: str
    title: str
    stated: Stated
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()

    def __post_init__(self) -> None:
        keys = [table.key for table in self.tables]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{self.key}: two tables of one key.")
        for table in self.tables:
            for row in table.rows:
                if len(row.values) != len(table.columns):
                    raise ValueError(
                        f"{self.key}.{table.key}: a row of {len(row.values)} in {len(table.columns)} columns."
                    )
        for chart in self.charts:
            drawn = self.table(chart.table)
            for key in (chart.x, *chart.series, *filter(None, [chart.target])):
                drawn.place(key)

    def table(self, key: str) -> Table:
        """KeyError for a table it does not have."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(f"{self.key} has no table {key}.")
