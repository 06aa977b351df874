"""A report's tables as plain rows, for files and for the API: exact figures, nothing rounded for reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crm.rules.fact_words import show_date
from reports.rules.report import Column, Report, Stated, Table, Value

INDENT = "  "


def heads(table: Table, currency: str) -> list[str]:
    """The columns' labels, each with its unit."""
    return [_head(column, currency) for column in table.columns]


def _head(column: Column, currency: str) -> str:
    unit = {"money": currency, "percent": "%", "days": "days"}.get(column.kind, "")
    return f"{column.label}, {unit}" if unit and unit not in column.label else column.label


def cells(table: Table) -> list[list[Value]]:
    """The rows, sums included; what lies beneath another row is indented in its first cell."""
    found = []
    for row in table.rows:
        values = list(row.values)
        if row.level and isinstance(values[0], str):
            values[0] = INDENT * row.level + values[0]
        found.append(values)
    return found


def basis(stated: Stated) -> list[tuple[str, str]]:
    """What the figures rest on, by label: the lines beneath every table and on every paper."""
    made = stated.made_there
    lines = [
        ("As of", f"{show_date(stated.as_of)}, end of day" if stated.is_past else f"{show_date(made)}, {made:%H:%M}"),
        ("Time zone", stated.zone),
        ("Currency", stated.currency),
        *stated.filters,
        ("Playbook", f"version {stated.playbook}"),
    ]
    if stated.whole_from is not None:
        lines.append(("History whole from", show_date(stated.whole_from)))
    lines += [("Rate", sentence) for sentence in stated.rates]
    return lines + [("Note", sentence) for sentence in stated.notes]


def as_json(report: Report) -> dict[str, Any]:
    """The report as the API sends it: decimals as strings, days as ISO 8601."""
    stated = report.stated
    return {
        "key": report.key,
        "title": report.title,
        "as_of": stated.as_of.isoformat(),
        "time_zone": stated.zone,
        "made_at": stated.made_at.isoformat(),
        "currency": stated.currency,
        "playbook": stated.playbook,
        "filters": [{"label": label, "value": value} for label, value in stated.filters],
        "whole_from": stated.whole_from.isoformat() if stated.whole_from else None,
        "rates": list(stated.rates),
        "notes": list(stated.notes),
        "says": list(report.says),
        "tables": [
            {
                "key": table.key,
                "title": table.title,
                "note": table.note,
                "columns": _columns(table),
                "rows": [
                    {
                        "values": [_plain(value) for value in row.values],
                        "level": row.level,
                        "is_sum": row.is_sum,
                        "opens": {column: query for column, query in row.opens.items() if query},
                    }
                    for row in table.rows
                ],
            }
            for table in report.tables
        ],
        "charts": [
            {
                "key": chart.key,
                "title": chart.title,
                "kind": chart.kind,
                "table": chart.table,
                "x": chart.x,
                "series": list(chart.series),
                "says": chart.says,
            }
            for chart in report.charts
        ],
    }


def rows_as_json(stated: Stated, table: Table, deals: Sequence[int]) -> dict[str, Any]:
    """The deals behind a figure as the API sends them; `deals` are the ids of the table's rows."""
    return {
        "as_of": stated.as_of.isoformat(),
        "time_zone": stated.zone,
        "made_at": stated.made_at.isoformat(),
        "currency": stated.currency,
        "playbook": stated.playbook,
        "filters": [{"label": label, "value": value} for label, value in stated.filters],
        "rates": list(stated.rates),
        "columns": _columns(table),
        "results": [
            {"deal": deal, "values": [_plain(value) for value in row.values]}
            for deal, row in zip(deals, table.rows, strict=True)
        ],
    }


def _columns(table: Table) -> list[dict[str, str]]:
    return [
        {"key": column.key, "label": column.label, "kind": column.kind, "help": column.help} for column in table.columns
    ]


def _plain(value: Value) -> str | int | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else value
