"""What is noted under a MEDDPICC element in one line, as the deal's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.rules.fact_words import Name, show_value
from deals.rules.meddpicc import checks_passed
from playbook.schema.qualification import Column, Element, ElementField

MOST_ROWS = 3


def summary(element: Element, fields: Mapping[str, Any], contact: str = "") -> str:
    """The element's fields in a line: "Licence cost 4,200,000 → 850,000 USD a year", "Ines Wolf · Engaged · Last met 3 Nov
    2026". Empty where nothing is noted."""
    parts = [_field(element, field, fields.get(field.key), contact) for field in element.fields]
    return " · ".join(part for part in parts if part)


def _field(element: Element, field: ElementField, value: Any, contact: str) -> str:
    if field.kind == "contact":
        return contact
    if value in (None, "", [], {}):
        return ""
    if field.kind == "table":
        return _table(field, value)
    if field.kind == "checks":
        passed = checks_passed(element, {field.key: value})
        return f"Passes {passed.passed} of {passed.total} tests"
    shown = show_value(value, _name(field))
    return f"{field.label} {shown}" if field.kind in {"date", "money", "decimal", "integer"} else shown


@dataclass(frozen=True, slots=True)
class Line:
    """A field of an element to read: a text, or a line per row or test. All empty where it is not known."""

    label: str
    text: str = ""
    rows: tuple[str, ...] = ()


def reading(element: Element, fields: Mapping[str, Any], contact: str = "") -> tuple[Line, ...]:
    """The element's fields for somebody who reads them and may not change them."""
    return tuple(_line(field, fields.get(field.key), contact) for field in element.fields)


def _line(field: ElementField, value: Any, contact: str) -> Line:
    if field.kind == "contact":
        return Line(field.label, contact)
    if value in (None, "", [], {}):
        return Line(field.label)
    if field.kind == "table":
        return Line(field.label, rows=tuple(_row(field, row) for row in value if isinstance(row, Mapping)))
    if field.kind == "checks":
        said = {True: "yes", False: "no"}
        answers = (f"{choice.label}: {said.get(value.get(choice.key), 'not known')}" for choice in field.choices)
        return Line(field.label, rows=tuple(answers))
    return Line(field.label, show_value(value, _name(field)))


def _table(field: ElementField, rows: Any) -> str:
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return ""
    said = [_row(field, row) for row in rows[:MOST_ROWS] if isinstance(row, Mapping)]
    more = len(rows) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def _row(field: ElementField, row: Mapping[str, Any]) -> str:
    """The row's name, then what stands in it. Two columns today and target read as a way from one to the other."""
    columns = {column.key: column for column in field.columns}
    if {"name", "today", "target"} <= row.keys():
        way = f"{cell_words(columns['today'], row['today'])} → {cell_words(columns['target'], row['target'])}"
        return " ".join(filter(None, (str(row["name"]), way, str(row.get("unit", "")))))
    name = str(row.get("name", ""))
    rest = [
        cell_words(column, row.get(key))
        for key, column in columns.items()
        if key != "name" and row.get(key) not in (None, "")
    ]
    return f"{name} ({', '.join(rest)})" if rest else name


def cell_words(column: Column, value: Any) -> str:
    name = Name(column.label, column.kind, column.unit, {choice.key: choice.label for choice in column.choices})
    text = show_value(value, name)
    return f"{text} %" if column.kind == "percent" and "%" not in text else text


def _name(field: ElementField) -> Name:
    kind = "decimal" if field.kind == "percent" else field.kind
    return Name(field.label, kind, field.unit, {choice.key: choice.label for choice in field.choices})
