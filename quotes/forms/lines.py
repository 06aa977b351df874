"""The lines of a quote as rows one types into, and as what the price rules read.

Two tables: licences, priced by a model, and what has a price of its own. A row is a mapping of its columns to what was typed;
a cell is posted as "<table>-<row>-<column>". A row in which nothing was typed is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quotes.rules.asking import ITEM_KINDS
from quotes.rules.reading import MOST_LINES

LICENCE, ITEM = "licence", "item"
TABLES = (LICENCE, ITEM)
COLUMNS = {
    LICENCE: ("price_model", "product", "quantity", "ramp", "rate"),
    ITEM: ("what", "label", "unit_price", "quantity", "charged"),
}
DEFAULTS = {LICENCE: (), ITEM: ("charged",)}
"""Columns that say something by themselves; a row with nothing else in it is empty."""
OTHER = "other:"
"""Begins the choice of something that is not in the catalogue."""
Row = dict[str, str]
Json = dict[str, Any]


def rows_posted(data: Mapping[str, str], table: str) -> list[Row]:
    """The rows in the order of their numbers, whatever is missing between; numbered anew. Without NUL, which no database keeps."""
    cell = re.compile(rf"{table}-(\d{{1,3}})-([a-z_]+(?:_\d)?)")
    found: dict[int, Row] = {}
    for name in data:
        if match := cell.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = str(data[name]).replace("\x00", "")
    return [found[number] for number in sorted(found)][: 2 * MOST_LINES]


def named(table: str, rows: Iterable[Row]) -> dict[str, list[str]]:
    """Rows as a browser posts them."""
    return {
        f"{table}-{number}-{column}": [value]
        for number, row in enumerate(rows)
        for column, value in row.items()
        if value
    }


def is_filled(table: str, row: Row) -> bool:
    return any(value.strip() for column, value in row.items() if column not in (*DEFAULTS[table], "ramp"))


def years_of(row: Row, term: int) -> list[str]:
    """What a row says of each year of the term, where its quantities differ by year."""
    return [row.get(f"year_{year}", "") for year in range(1, term + 1)]


def ramped(row: Row, years: int) -> Row:
    """The row with a quantity for each of so many years, all of them what was its one quantity."""
    quantity = row.get("quantity", "")
    return {
        **{column: value for column, value in row.items() if column != "quantity"},
        "ramp": "1",
        **{f"year_{year}": row.get(f"year_{year}") or quantity for year in range(1, years + 1)},
    }


def flat(row: Row) -> Row:
    """The row with one quantity for all years, the first year's."""
    kept = {column: value for column, value in row.items() if column != "ramp" and not column.startswith("year_")}
    return {**kept, "quantity": row.get("year_1", "")}


# --- What the price rules read ----------------------------------------------------------------------------------------


def licence_input(row: Row, term: int) -> Json:
    quantity: Any = years_of(row, term) if row.get("ramp") else row.get("quantity", "")
    return {
        "kind": "licence",
        "price_model": row.get("price_model", ""),
        "quantity": quantity,
        "rate": row.get("rate", ""),
        "product": row.get("product", ""),
    }


def item_input(row: Row, kinds: Mapping[str, str]) -> Json:
    """`kinds`: that of each entry of the catalogue."""
    what = row.get("what", "")
    is_other = what.startswith(OTHER)
    return {
        "kind": what.removeprefix(OTHER) if is_other else kinds.get(what, ITEM_KINDS[0]) if what else "",
        "key": "" if is_other else what,
        "label": row.get("label", ""),
        "unit_price": row.get("unit_price", ""),
        "quantity": row.get("quantity", ""),
        "charged": row.get("charged", ""),
    }


def rows_of(inputs: Mapping[str, Any], table: str) -> list[Row]:
    """The rows of one table out of what a draft keeps, whoever wrote it: the API's shorter form of one line too."""
    entries = [entry for entry in inputs.get("lines") or () if isinstance(entry, Mapping)]
    if table == ITEM:
        return [_item_row(entry) for entry in entries if entry.get("kind", "licence") != "licence"]
    first = {name: inputs.get(name) for name in ("price_model", "quantity", "rate", "product")}
    short = [first] if any(first[name] not in (None, "") for name in ("price_model", "quantity")) else []
    return [_licence_row(entry) for entry in (*short, *entries) if entry.get("kind", "licence") == "licence"]


def _licence_row(entry: Mapping[str, Any]) -> Row:
    row = {name: text(entry.get(name)) for name in ("price_model", "product", "rate")}
    quantity = entry.get("quantity")
    if isinstance(quantity, list):
        return {**row, "ramp": "1", **{f"year_{year}": text(one) for year, one in enumerate(quantity[:9], start=1)}}
    return {**row, "quantity": text(quantity)}


def _item_row(entry: Mapping[str, Any]) -> Row:
    what = text(entry.get("key"))
    if not what and entry.get("kind"):
        what = f"{OTHER}{text(entry.get('kind'))}"
    return {"what": what, **{name: text(entry.get(name)) for name in COLUMNS[ITEM] if name != "what"}}


def text(value: Any) -> str:
    """A value as one would type it."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    return str(value)
