"""Figures of a report as they read on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm.rules import formatting
from crm.rules.fact_words import show_date
from reports.rules.charts import drawn as drawn_chart
from reports.rules.charts import long
from reports.rules.plotly_charts import figure
from reports.rules.report import Chart, Column, Report, Row, Table, Value
from reports.rules.svg_charts import svg

register = template.Library()


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is read; `exact` stands in the title where `text` is short. `opens` is a query string, "" for none."""

    column: Column
    text: str
    exact: str
    opens: str
    is_first: bool


@register.filter
def drawn(table: Table) -> Iterator[tuple[Row, list[Cell]]]:
    """The rows of a table with their cells as they read."""
    for row in table.rows:
        pairs = zip(table.columns, row.values, strict=True)
        yield row, [_cell(column, value, row, place == 0) for place, (column, value) in enumerate(pairs)]


@register.filter
def exactly(table: Table) -> Iterator[tuple[Row, list[Cell]]]:
    """As `drawn`, for paper: money exact, since nothing can be pointed at there."""
    for row, cells in drawn(table):
        yield (
            row,
            [replace(cell, text=cell.exact) if cell.column.kind == "money" and cell.exact else cell for cell in cells],
        )


@register.filter
def drawing_as_is(made: str) -> SafeString:
    """A drawing of `svg_charts`."""
    return mark_safe(made)  # nosec B703 B308 - every text in it was escaped where it was put in


def _cell(column: Column, value: Value, row: Row, is_first: bool) -> Cell:
    text, exact = words(column, value)
    opens = row.opens.get(column.key, row.opens.get("", "") if is_first else "")
    return Cell(column, text, exact, opens, is_first)


def words(column: Column, value: Value) -> tuple[str, str]:
    """How a value reads, and the exact one where that differs."""
    if value is None:
        return formatting.DASH, ""
    match column.kind:
        case "money":
            assert isinstance(value, (Decimal, int))
            return formatting.money_short(Decimal(value)), formatting.money_exact(Decimal(value))
        case "percent":
            return formatting.percent(Decimal(str(value)), 1), str(value)
        case "chance":
            return formatting.share(Decimal(str(value))), str(value)
        case "number":
            return f"{value:,}".replace("-", formatting.MINUS), ""
        case "count" | "days":
            return f"{value:,}".replace("-", formatting.MINUS), ""
        case "date":
            return (show_date(value.isoformat()), "") if isinstance(value, dt.date) else (str(value), "")
    return str(value), ""


@register.inclusion_tag("components/report_chart.html", takes_context=True)
def report_chart(context: template.Context, report: Report, chart: Chart) -> dict[str, object]:
    """A chart with its table one press away: drawn as SVG by us, and by Plotly once its script is there. `as_table` in the
    address names charts that are shown as tables."""
    marks, request = drawn_chart(report, chart), context.get("request")
    return {
        "chart": chart,
        "drawn": marks,
        "figure": figure(marks),
        "drawing": drawing(report, chart),
        "shown": drawn_table(report, chart),
        "table_title": report.table(chart.table).title,
        "as_table": request is not None and chart.key in request.GET.getlist("as_table"),
    }


@dataclass(frozen=True, slots=True)
class DrawnTable:
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def drawn_table(report: Report, chart: Chart) -> DrawnTable:
    """What a chart draws, as a table in its place: the same rows, and of each what is drawn, exactly."""
    table, marks = report.table(chart.table), drawn_chart(report, chart)
    keys = [chart.x, *chart.series, *filter(None, [chart.target])]
    columns = tuple(table.columns[table.place(key)] for key in keys)
    figures = [[mark.value for mark in series.marks] for series in marks.series]
    figures += [list(marks.targets)] if chart.target else []
    exact = [
        [formatting.DASH if value is None else long(column, value) for value in one]
        for column, one in zip(columns[1:], figures, strict=True)
    ]
    rows = zip(marks.labels, *exact, strict=True)
    return DrawnTable(columns, tuple(rows))


@register.simple_tag
def drawing(report: Report, chart: Chart) -> SafeString:
    """The chart as SVG."""
    # Every text and attribute in it is escaped where it is put in; the rest are our own numbers and names.
    return mark_safe(svg(drawn_chart(report, chart)))  # nosec B703 B308 - see above
