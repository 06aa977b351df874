"""A report as plain JSON and back, with nothing lost: the page, file and API of one that was kept say what it said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from reports.rules.report import Chart, Column, Report, Row, Stated, Table, Value


def written(report: Report) -> dict[str, Any]:
    stated = asdict(report.stated) | {
        "as_of": report.stated.as_of.isoformat(),
        "made_at": report.stated.made_at.isoformat(),
        "whole_from": report.stated.whole_from.isoformat() if report.stated.whole_from else None,
    }
    return {
        "key": report.key,
        "title": report.title,
        "stated": stated,
        "says": list(report.says),
        "tables": [_table(table) for table in report.tables],
        "charts": [asdict(chart) for chart in report.charts],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "columns": [asdict(column) for column in table.columns],
        "rows": [
            {
                "values": [_plain(value) for value in row.values],
                "level": row.level,
                "is_sum": row.is_sum,
                "tone": row.tone,
                "opens": dict(row.opens),
                "link": row.link,
            }
            for row in table.rows
        ],
        "note": table.note,
        "empty": table.empty,
    }


def _plain(value: Value) -> Any:
    """Text and whole numbers are themselves; what JSON does not have is told by its kind."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def read(body: Mapping[str, Any]) -> Report:
    """KeyError or TypeError for what another version of the product wrote."""
    stated: dict[str, Any] = {
        name: _pairs(value) if isinstance(value, list) else value for name, value in body["stated"].items()
    }
    stated["as_of"] = dt.date.fromisoformat(stated["as_of"])
    stated["made_at"] = dt.datetime.fromisoformat(stated["made_at"])
    if stated["whole_from"]:
        stated["whole_from"] = dt.date.fromisoformat(stated["whole_from"])
    return Report(
        body["key"],
        body["title"],
        Stated(**stated),
        tuple(body["says"]),
        tuple(_read_table(table) for table in body["tables"]),
        tuple(Chart(**{**chart, "series": tuple(chart["series"])}) for chart in body["charts"]),
    )


def _pairs(values: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _read_table(table: Mapping[str, Any]) -> Table:
    return Table(
        **{
            **table,
            "columns": tuple(Column(**column) for column in table["columns"]),
            "rows": tuple(
                Row(**{**row, "values": tuple(_value(one) for one in row["values"])}) for row in table["rows"]
            ),
        }
    )


def _value(value: Any) -> Value:
    match value:
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return dt.date.fromisoformat(text)
    found: Value = value
    return found
