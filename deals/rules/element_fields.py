"""The typed fields of a MEDDPICC element in their canonical JSON form (domain: MEDDPICC).

Scalars follow the facts' spelling. A table is a list of rows {column: value}; empty rows are dropped. Checks are
{test: true | false},
a test nobody has judged is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from playbook.facts import canonical
from playbook.schema.qualification import Column, Element, ElementField, Fact


class FieldErrors(ValueError):
    """`errors` has sentences per field key; a cell of a table is named "field.row.column", rows counted from 0."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(self.errors.values()))


def canonical_fields(element: Element, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every given field in canonical form; None is not known. Contacts are not among them (they are the element's own
    column).

    Raises FieldErrors naming every wrong field and cell at once.
    """
    known = {field.key: field for field in element.fields if field.kind != "contact"}
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, value in values.items():
        if key not in known:
            errors[key] = f"{element.label} has no such field. It has: {', '.join(known)}."
            continue
        field = known[key]
        match field.kind:
            case "table":
                clean[key] = _table(field, value or [], errors)
            case "checks":
                clean[key] = _checks(field, value or {}, errors)
            case _:
                clean[key] = _scalar(key, field.label, field.kind, field.choices, value, errors)
    if errors:
        raise FieldErrors(errors)
    return clean


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _scalar(where: str, label: str, kind: str, choices: Sequence[Any], value: Any, errors: dict[str, str]) -> Any:
    kinds = {"percent": "decimal", "long_text": "text", "score": "integer"}
    stand_in = Fact.model_construct(
        key=where, label=label, kind=kinds.get(kind, kind), choices=tuple(choices), scope="deal"
    )
    try:
        clean = canonical(stand_in, value)
    except ValueError as wrong:
        errors[where] = str(wrong)
        return None
    if kind == "percent" and clean is not None and Decimal(clean) > 100:
        errors[where] = f"{label} is a percentage from 0 to 100."
    if kind == "score" and clean is not None and not 1 <= clean <= 5:
        errors[where] = f"{label} is a whole number from 1 to 5."
    return clean


def _table(field: ElementField, rows: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or any(not isinstance(row, Mapping) for row in rows):
        errors[field.key] = f"{field.label} is a list of rows."
        return []
    columns = {column.key: column for column in field.columns}
    kept = []
    for number, row in enumerate(rows):
        strange = set(row) - set(columns)
        if strange:
            errors[f"{field.key}.{number}"] = (
                f"There is no column {', '.join(sorted(strange))}. There are: {', '.join(columns)}."
            )
            continue
        clean = {key: _cell(field, number, column, row.get(key), errors) for key, column in columns.items()}
        if all(is_empty(value) for value in clean.values()):
            continue
        for key, column in columns.items():
            if column.required and is_empty(clean[key]):
                errors.setdefault(f"{field.key}.{number}.{key}", f"Fill in {column.label.lower()}, or empty the row.")
        kept.append({key: value for key, value in clean.items() if not is_empty(value)})
    _check_sum(field, kept, errors)
    return kept


def _cell(field: ElementField, number: int, column: Column, value: Any, errors: dict[str, str]) -> Any:
    return _scalar(f"{field.key}.{number}.{column.key}", column.label, column.kind, column.choices, value, errors)


def _check_sum(field: ElementField, rows: Sequence[Mapping[str, Any]], errors: dict[str, str]) -> None:
    if field.sums_to is None or field.sum_column is None or not rows or errors:
        return
    found = sum((Decimal(str(row.get(field.sum_column, 0))) for row in rows), Decimal(0))
    if found != field.sums_to:
        label = next(column.label for column in field.columns if column.key == field.sum_column)
        errors[field.key] = f"{label} must sum to {field.sums_to:f}; these sum to {found:f}."


def _checks(field: ElementField, value: Any, errors: dict[str, str]) -> dict[str, bool]:
    names = {choice.key for choice in field.choices}
    if not isinstance(value, Mapping) or set(value) - names:
        errors[field.key] = f"{field.label} are: {', '.join(sorted(names))}."
        return {}
    clean = {key: _scalar(f"{field.key}.{key}", key, "boolean", (), checked, errors) for key, checked in value.items()}
    return {key: checked for key, checked in clean.items() if checked is not None}
