"""How a mapping reads a folder, in words, for the page that asks somebody to look before they go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.importing.finding import Folder, assign
from crm.importing.mapping import FieldMap, ImportMapping, TableMap
from crm.registry import import_kinds
from crm.rules.import_dates import DateOrder


def describe(
    mapping: ImportMapping, files: Folder, orders: Mapping[tuple[str, str], DateOrder] | None = None
) -> list[dict[str, Any]]:
    """One entry a table: its file, what it brings, and per field the column, an example and how it is read. Plain JSON."""
    assigned = assign(mapping, files)
    found = []
    for name, table in mapping.tables.items():
        if not table.file:
            continue
        file = assigned.get(name, "")
        kind = import_kinds.get(table.kind)
        rows = [
            {
                "column": source.column or ("several" if source.template else "none"),
                "example": _example(files, file, source.column),
                "field": kind.field(field).label,
                "how": ". ".join(_how(source, mapping)),
                "note": source.note,
            }
            for field, source in table.fields.items()
        ]
        rows += [_step(step.date, step.state, files, file, step.note) for step in table.history]
        for row in rows:
            order = (orders or {}).get((name, str(row["column"])))
            if order is not None:
                row["how"] = ". ".join(filter(None, [f"Dates: {order.label}", str(row["how"])]))
        found.append(
            {
                "table": name,
                "file": file or table.file,
                "brings": kind.plural,
                "id": _id(table),
                "note": table.note,
                "rows": rows,
            }
        )
    return found


def _id(table: TableMap) -> str:
    return f"one for each different {table.id}" if table.distinct else f"one a row, told apart by {table.id}"


def _how(source: FieldMap, mapping: ImportMapping) -> Iterator[str]:
    if source.value:
        yield f"Always {', '.join(source.value)}"
    if source.template:
        yield f"Made as “{source.template[0]}”"
    if source.refers_to:
        near = ", nearly alike is enough" if source.near == "match" else ""
        yield f"Leads to {source.refers_to}{near}"
    if source.empty == "placeholder":
        yield f"Where it is blank: {mapping.tables[source.refers_to].placeholder.get('name', 'a placeholder')}"
    if source.times is not None:
        yield f"Times {source.times:,}"
    if source.values:
        shown = [f"{text} → {value}" for text, value in source.values.items() if text != value]
        yield ", ".join(shown[:6]) + (f" and {len(shown) - 6} more" if len(shown) > 6 else "")
    if source.corrections:
        yield "Corrects " + ", ".join(f"{text} → {value}" for text, value in source.corrections.items())


def _example(files: Folder, file: str, column: str) -> str:
    if not column or file not in files.tables or column not in files.tables[file].columns:
        return ""
    cells = files.tables[file].frame[column]
    return next((str(cell)[:60] for cell in cells.head(200) if cell), "")


def _step(column: str, state: str, files: Folder, file: str, note: str) -> dict[str, Any]:
    how = f"The day it entered {state}" if state else "The day it entered its present stage"
    return {"column": column, "example": _example(files, file, column), "field": "History", "how": how, "note": note}
