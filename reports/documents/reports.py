"""Reports on paper: one of them, or several as a pack, with a cover, contents, and on every page what it is and how old.

Made from the same `Report`s as their pages, so the figures are the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reports.documents.frame import Document
from reports.rules.chart_parts import pieces
from reports.rules.charts import drawn
from reports.rules.exporting import basis
from reports.rules.paper_tables import TableSheet, sheets_of
from reports.rules.quotes import long_date
from reports.rules.report import Chart, Report, Table
from reports.rules.svg_charts import PAPER, rows_within, svg

IN_A_CHART = 6
"""Rows of a table that take as long to lay out as a chart, about."""
TALLEST = 840
"""Units of a drawing as high as a page lets it be; a taller one goes on in another."""


@dataclass(frozen=True, slots=True)
class PrintedChart:
    """`drawings`: one, or as many as it takes; none where there is nothing to draw. `left_out`: rows only the table has."""

    chart: Chart
    drawings: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """`sheets`: the table, or its columns on several pages, the first column on each."""

    table: Table
    sheets: tuple[TableSheet, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A report of the pack."""

    report: Report
    anchor: str
    charts: tuple[PrintedChart, ...]
    tables: tuple[PrintedTable, ...]
    ends_lying: bool
    basis: tuple[tuple[str, str], ...]


def reports_document(
    reports: Sequence[Report], *, title: str, ours: str, by: str, made_at: dt.datetime, about: str = ""
) -> Document:
    """A pack of at least one report. `about` says whose figures they are; `by` is for whom it was made. The document looks at no
    clock: `made_at` is when its reports were built."""
    parts = tuple(_part(report, number) for number, report in enumerate(reports, start=1))
    stated = reports[0].stated
    day = long_date(stated.as_of.isoformat())
    return Document(
        template="reports/print/reports.html",
        name=f"{title.lower().replace(' ', '-')}-{stated.as_of.isoformat()}",
        title=f"{title}, {day}",
        author=ours,
        sheet="report.css",
        footer=f"{ours} · {title} · as of {day} · for {by}",
        made_at=made_at.isoformat(timespec="seconds"),
        rows=sum(_rows(report) for report in reports),
        values={
            "parts": parts,
            "title": title,
            "ours": ours,
            "day": day,
            "about": about,
            "cover": _cover(reports, by, made_at),
        },
    )


def _cover(reports: Sequence[Report], by: str, made_at: dt.datetime) -> tuple[tuple[str, str], ...]:
    """What the pack rests on, by label, whom it was made for and when. A filter of some of its reports names them."""
    first = reports[0].stated
    moment = made_at.astimezone(ZoneInfo(first.zone))
    narrowed = []
    for one in dict.fromkeys(filter for report in reports for filter in report.stated.filters):
        by_it = [report.title for report in reports if one in report.stated.filters]
        narrowed.append(one if len(by_it) == len(reports) else (one[0], f"{one[1]} ({', '.join(by_it)})"))
    ends = "end of day" if first.is_past else f"{moment:%H:%M}, for that day is not over"
    return (
        ("As of", f"{long_date(first.as_of.isoformat())}, {ends}"),
        ("Time zone", first.zone),
        *(narrowed or [("Filters", "None")]),
        ("Currency", first.currency),
        ("Playbook", f"version {first.playbook}"),
        ("Made for", by),
        ("Made on", f"{long_date(moment.date().isoformat())}, {moment:%H:%M}"),
    )


def _part(report: Report, number: int) -> Part:
    tables = _tables(report)
    return Part(
        report=report,
        anchor=f"part-{number}",
        charts=tuple(_chart(report, chart) for chart in report.charts),
        tables=tables,
        ends_lying=any(sheet.is_lying for table in tables for sheet in table.sheets),
        basis=tuple(basis(report.stated)),
    )


def _tables(report: Report) -> tuple[PrintedTable, ...]:
    """From the first table that lies on, all do: the page a lying one goes on on is turned by what follows it, and an upright one
    would have it cut off."""
    found, lies = [], False
    for table in report.tables:
        sheets = sheets_of(table)
        lies = lies or any(sheet.is_lying for sheet in sheets)
        found.append(PrintedTable(table, tuple(replace(sheet, is_lying=lies) for sheet in sheets)))
    return tuple(found)


def _chart(report: Report, chart: Chart) -> PrintedChart:
    marks = drawn(report, chart)
    if marks.is_empty:
        return PrintedChart(chart, (), 0)
    parts = pieces(marks, rows_within(marks, TALLEST))
    return PrintedChart(chart, tuple(svg(part, style=PAPER) for part in parts), marks.left_out)


def _rows(report: Report) -> int:
    return sum(len(table.rows) for table in report.tables) + IN_A_CHART * len(report.charts)
