"""A chart's marks, worked out once: what is drawn on screen by Plotly and on paper as SVG is this and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crm.rules import formatting
from crm.rules.fact_words import show_date
from reports.rules.report import Chart, Column, Report, Value

Token = Literal["accent", "accent-2", "good", "warn", "bad", "ink-3"]
TOKENS: tuple[Token, ...] = ("accent", "good", "warn", "bad", "ink-3", "accent-2")
"""Colours of series in order, by the names of the style sheets; each pair differs by lightness too."""
TICKS = 5
STEP_TOKENS: dict[str, Token] = {"good": "good", "bad": "bad", "warn": "warn"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar from `low` to `high`, or a point at `high`; `value` is the figure it stands for, None a gap. `text` is written beside
    it, `exact` is what it says when one asks it."""

    value: Decimal | None
    low: Decimal
    high: Decimal
    text: str
    exact: str
    token: Token


@dataclass(frozen=True, slots=True)
class Series:
    key: str
    label: str
    token: Token
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """`labels` are the rows in words; `places` where they stand on the axis: their number, a day's ordinal, or a chance. `targets` are
    marks beside the bars. `ticks` are round values with their words, `floor` and `ceiling` hold all that is drawn."""

    key: str
    kind: str
    title: str
    says: str
    labels: tuple[str, ...]
    places: tuple[Decimal, ...]
    series: tuple[Series, ...]
    targets: tuple[Decimal | None, ...]
    floor: Decimal
    ceiling: Decimal
    ticks: tuple[tuple[Decimal, str], ...]
    left_out: int

    @property
    def is_lying(self) -> bool:
        """Bars lie, so that long names can be read; steps stand."""
        return self.kind in {"bars", "stacked"}

    @property
    def is_empty(self) -> bool:
        return not any(mark.value is not None for series in self.series for mark in series.marks)


def drawn(report: Report, chart: Chart) -> Drawn:
    """The marks of one of a report's charts. KeyError for a table or a column there is not."""
    table = report.table(chart.table)
    rows = [row for row in table.rows if not row.is_sum]
    shown = rows[: chart.top]
    x = table.place(chart.x)
    columns = [(table.place(key), table.columns[table.place(key)]) for key in chart.series]
    unit = columns[0][1]
    labels = tuple(_label(table.columns[x], row.values[x]) for row in shown)
    figures = [[_number(row.values[place]) for row in shown] for place, _ in columns]
    series = tuple(
        Series(
            column.key,
            column.label,
            TOKENS[number % len(TOKENS)],
            _marks(chart.kind, column, figures, number, labels, [row.tone for row in shown]),
        )
        for number, (_, column) in enumerate(columns)
    )
    target = table.place(chart.target) if chart.target else None
    targets = tuple(_number(row.values[target]) if target is not None else None for row in shown)
    ends = [end for one in series for mark in one.marks if mark.value is not None for end in (mark.low, mark.high)]
    floor, ceiling = _range(chart.kind, [*ends, *(value for value in targets if value is not None)])
    return Drawn(
        key=chart.key,
        kind=chart.kind,
        title=chart.title,
        says=chart.says,
        labels=labels,
        places=tuple(_place(chart.kind, row.values[x], number) for number, row in enumerate(shown)),
        series=series,
        targets=targets,
        floor=floor,
        ceiling=ceiling,
        ticks=tuple((tick, short(unit, tick)) for tick in _ticks(floor, ceiling)),
        left_out=len(rows) - len(shown),
    )


def short(column: Column, value: Decimal) -> str:
    """A figure as it is written beside its mark."""
    match column.kind:
        case "money":
            return formatting.money_short(value)
        case "percent":
            return f"{value:.0f}{formatting.NBSP}%".replace("-", formatting.MINUS)
        case "chance":
            return f"{value * 100:.0f}{formatting.NBSP}%"
    if value == value.to_integral_value():
        return f"{value:,.0f}".replace("-", formatting.MINUS)
    return f"{value:,.2f}".replace("-", formatting.MINUS)


def long(column: Column, value: Decimal) -> str:
    return formatting.money_exact(value) if column.kind == "money" else short(column, value)


def _marks(
    kind: str,
    column: Column,
    figures: Sequence[Sequence[Decimal | None]],
    number: int,
    labels: Sequence[str],
    tones: Sequence[str],
) -> tuple[Mark, ...]:
    """A step's colour is its row's tone where it has one: what is won leaves the pipeline, and is good."""
    found = []
    level = Decimal(0)
    last = len(labels) - 1
    for place, value in enumerate(figures[number]):
        token: Token = TOKENS[number % len(TOKENS)]
        low = Decimal(0)
        high = value if value is not None else Decimal(0)
        if kind == "stacked":
            low = sum((one[place] or Decimal(0) for one in figures[:number]), Decimal(0))
            high = low + high
        elif kind == "steps":
            if place in {0, last}:
                level = value or Decimal(0)
            else:
                low, high = level, level + (value or Decimal(0))
                level = high
                token = STEP_TOKENS.get(tones[place]) or ("good" if (value or 0) > 0 else "bad")
        text = "" if value is None else short(column, value)
        if kind == "steps" and value is not None and place not in {0, last} and value > 0:
            text = f"+{text}"
        said = "" if value is None else f"{labels[place]}, {column.label}: {long(column, value)}"
        found.append(Mark(value, low, high, text, said, token))
    return tuple(found)


def _number(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def _label(column: Column, value: Value) -> str:
    if value is None:
        return formatting.DASH
    if isinstance(value, dt.date):
        return show_date(value.isoformat())
    return short(column, Decimal(value)) if isinstance(value, (int, Decimal)) else value


def _place(kind: str, value: Value, number: int) -> Decimal:
    if kind == "reliability" and isinstance(value, (int, Decimal)):
        return Decimal(value)
    if kind in {"lines", "fan"} and isinstance(value, dt.date):
        return Decimal(value.toordinal())
    return Decimal(number)


def _range(kind: str, ends: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    if kind == "reliability":
        return Decimal(0), Decimal(1)
    low, high = min([*ends, Decimal(0)]), max([*ends, Decimal(0)])
    if low == high:
        return low, low + 1
    return low, high


def _ticks(floor: Decimal, ceiling: Decimal) -> list[Decimal]:
    """Round values within the range, some five of them: steps of 1, 2 or 5 times a power of ten."""
    rough = (ceiling - floor) / TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    first = -(-floor // step) * step
    found, tick = [], first
    while tick <= ceiling:
        found.append(tick)
        tick += step
    return found
