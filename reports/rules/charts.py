"""A chart's marks, worked out once: what is drawn on screen by Plotly and on paper as SVG is this and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from crm.rules import formatting
from crm.rules.fact_words import show_date
from reports.rules.report import Chart, Column, Report, Row, Tone, Value

Token = Literal["accent", "series-2", "series-3", "series-4", "good", "warn", "bad", "ink-3"]
TOKENS: tuple[Token, ...] = ("accent", "series-2", "series-3", "series-4", "ink-3")
"""Colours of series in order, by the names of the style sheets. None of those that mean something: what is bad is red alone."""
TICKS = 5
MOST_LABELLED = 4
LETTER, STACK = 6.4, 396
"""Width of a letter, and of the bars of a stack on paper, where there is least room."""
LEAST: dict[str, Decimal] = {"chance": Decimal("0.01"), "percent": Decimal("0.1"), "number": Decimal("0.01")}
"""Steps of an axis whose words would be the same twice if they were finer; 1 where nothing is said."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar from `low` to `high`, or a point at `high`; `value` is the figure it stands for, None a gap. `text` is that figure in
    short, `exact` is what it says when one asks it."""

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
    target_label: str
    floor: Decimal
    ceiling: Decimal
    ticks: tuple[tuple[Decimal, str], ...]
    left_out: int

    @property
    def is_lying(self) -> bool:
        """Bars lie, so that long names can be read; steps stand."""
        return self.kind in {"bars", "stacked"}

    @property
    def is_labelled(self) -> bool:
        """Few lines are called by their names at their ends, and few bars beside them; many by a legend, and those of a stack too
        narrow for a name."""
        if not 1 < len(self.series) <= MOST_LABELLED:
            return False
        return self.kind in {"lines", "fan", "bars"} or (self.kind == "stacked" and self._names_fit())

    @property
    def written(self) -> tuple[tuple[str, ...], ...]:
        """What is written beside each mark, or in it, by series: its figure, with the name of the series once: at its first bar that
        is seen, in a stack at its widest."""
        if not self.is_labelled or not self.is_lying:
            return tuple(tuple(mark.text for mark in series.marks) for series in self.series)
        found = []
        for series in self.series:
            at = self._named(series)
            found.append(
                tuple(f"{series.label} {mark.text}" if n == at else mark.text for n, mark in enumerate(series.marks))
            )
        return tuple(found)

    def _named(self, series: Series) -> int | None:
        """The place of the bar its name stands at; None where nothing is known of it."""
        known = [place for place, mark in enumerate(series.marks) if mark.value is not None]
        if self.kind == "stacked":
            return max(known, key=lambda place: abs(series.marks[place].high - series.marks[place].low), default=None)
        return next(
            iter(sorted(known, key=lambda place: not self._is_seen(series.marks[place], self.targets[place]))), None
        )

    def _is_seen(self, mark: Mark, target: Decimal | None) -> bool:
        """Whether a name says at this bar whose colour is meant: there is a bar to see, and no target stands in the name."""
        whole = self.ceiling - self.floor
        is_free = target is None or not mark.high <= target <= mark.high + whole / 4
        return is_free and abs(mark.high - mark.low) * 50 >= whole

    def _names_fit(self) -> bool:
        for series in self.series:
            at = self._named(series)
            mark = series.marks[at] if at is not None else None
            if mark is not None and mark.value:
                width = float(abs(mark.high - mark.low) / (self.ceiling - self.floor)) * STACK
                if width < LETTER * (len(f"{series.label} {mark.text}") + 2):
                    return False
        return True

    @property
    def has_legend(self) -> bool:
        return len(self.series) > 1 and not self.is_labelled

    @property
    def is_empty(self) -> bool:
        return not any(mark.value is not None for series in self.series for mark in series.marks)


def drawn(report: Report, chart: Chart) -> Drawn:
    """The marks of one of a report's charts. KeyError for a table or a column there is not."""
    table = report.table(chart.table)
    x = table.place(chart.x)
    rows = [row for row in table.rows if not row.is_sum]
    placed = _with_places(chart.kind, rows, x)
    # Steps lead from the first row to the last: none of them may be missing.
    shown = placed if chart.kind == "steps" else placed[: chart.top]
    columns = [(table.place(key), table.columns[table.place(key)]) for key in chart.series]
    unit = columns[0][1]
    labels = tuple(_label(table.columns[x], row.values[x]) for row in shown)
    figures = [[_number(row.values[place]) for row in shown] for place, _ in columns]
    series = tuple(
        Series(
            column.key,
            column.label,
            _token(chart.kind, number),
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
        target_label=table.columns[target].label if target is not None else "",
        floor=floor,
        ceiling=ceiling,
        ticks=tuple((tick, short(unit, tick)) for tick in _ticks(floor, ceiling, LEAST.get(unit.kind, Decimal(1)))),
        left_out=len(rows) - len(shown),
    )


def short(column: Column, value: Decimal) -> str:
    """A figure as it is written beside its mark."""
    match column.kind:
        case "money":
            return formatting.money_short(value)
        case "percent":
            return formatting.percent(value, 0 if value == value.to_integral_value() else 1)
        case "chance":
            return formatting.share(value)
    if value == value.to_integral_value():
        return f"{value:,.0f}".replace("-", formatting.MINUS)
    return f"{value:,.2f}".replace("-", formatting.MINUS)


def long(column: Column, value: Decimal) -> str:
    """The figure itself; shares to a hundredth of a percent."""
    match column.kind:
        case "money":
            return formatting.money_exact(value)
        case "percent" | "chance":
            percent = (value * 100 if column.kind == "chance" else value).quantize(Decimal("0.01"), ROUND_HALF_UP)
            digits = f"{percent:f}".rstrip("0").rstrip(".")
            return f"{digits}{formatting.NBSP}%".replace("-", formatting.MINUS)
    return short(column, value)


def _token(kind: str, number: int) -> Token:
    """The three lines of a fan are one thing, and of one colour."""
    return "accent" if kind == "fan" else TOKENS[number % len(TOKENS)]


def _with_places(kind: str, rows: Sequence[Row], x: int) -> list[Row]:
    """Rows that have a place on the axis: on one of days or chances, a row without either has none."""
    if kind == "reliability":
        return [row for row in rows if isinstance(row.values[x], (int, Decimal))]
    if kind in {"lines", "fan"} and any(isinstance(row.values[x], dt.date) for row in rows):
        return [row for row in rows if isinstance(row.values[x], dt.date)]
    return list(rows)


def _marks(
    kind: str,
    column: Column,
    figures: Sequence[Sequence[Decimal | None]],
    number: int,
    labels: Sequence[str],
    tones: Sequence[Tone],
) -> tuple[Mark, ...]:
    found = []
    level = Decimal(0)
    last = len(labels) - 1
    for place, value in enumerate(figures[number]):
        token = _token(kind, number)
        low = Decimal(0)
        high = value if value is not None else Decimal(0)
        if kind == "stacked":
            low = _beneath(figures[:number], place, high)
            high = low + high
        elif kind == "steps":
            if place in {0, last}:
                level, token = high, "ink-3"
            else:
                low, high = level, level + high
                level, token = high, _step_token(value, tones[place])
        text = "" if value is None else short(column, value)
        if kind == "steps" and value is not None and place not in {0, last} and value > 0:
            text = f"+{text}"
        said = "" if value is None else f"{labels[place]}, {column.label}: {long(column, value)}"
        found.append(Mark(value, low, high, text, said, token))
    return tuple(found)


def _beneath(figures: Sequence[Sequence[Decimal | None]], place: int, value: Decimal) -> Decimal:
    """Where a stacked bar begins: gains stand upon gains, losses hang beneath losses, so that none covers another."""
    before = [one[place] or Decimal(0) for one in figures]
    return sum((one for one in before if (one < 0) == (value < 0)), Decimal(0))


def _step_token(value: Decimal | None, tone: Tone) -> Token:
    """By its sign; what goes away for the good, as what was won leaves the open pipeline, is no loss."""
    if not value:
        return "ink-3"
    if value > 0:
        return "good"
    return "accent" if tone == "good" else "bad"


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


def _ticks(floor: Decimal, ceiling: Decimal, least: Decimal) -> list[Decimal]:
    """Round values within the range, some five of them: steps of 1, 2 or 5 times a power of ten, never finer than `least`."""
    rough = (ceiling - floor) / TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = max(least, next(power * times for times in (1, 2, 5, 10) if power * times >= rough))
    found, tick = [], -(-floor // step) * step
    while tick <= ceiling:
        found.append(tick)
        tick += step
    return found
