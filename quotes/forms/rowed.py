"""The part of a quote's form that is rows: they come and go by buttons that send the form and bring it back, and two people's
tables are compared as one value each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from crm.lib.rebasing import ROWS, Posted, RebasingForm, put
from quotes.forms import choices
from quotes.forms.lines import ITEM, LICENCE, TABLES, Row, flat, is_filled, named, ramped, rows_posted, text
from quotes.rules.book import PriceRules
from quotes.rules.reading import MOST_LINES

TABLE_LABELS = {LICENCE: "Licences", ITEM: "Services and other items"}


class RowedForm(RebasingForm):
    """`focus` is the cell that gets it when the page comes back."""

    def __init__(self, *args: Any, rules: PriceRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.focus = ""

    def value(self, name: str) -> Any:
        """What stands in a field, posted or as it began."""
        return self.data.get(name, "").replace("\x00", "") if self.is_bound else self.initial.get(name, "")

    def rows(self, table: str) -> list[Row]:
        if self.is_bound:
            return rows_posted(self.data, table)
        found: list[Row] = self.initial.get(f"{table}-rows", [])
        return found

    @property
    def term(self) -> int:
        """The years that ramps are asked for: the term, or as many as can be had while it can't be read."""
        given = text(self.value("term_years"))
        return int(given) if given.isdecimal() and int(given) in self.rules.years else self.rules.years[-1]

    def moved(self, asked: str) -> bool:
        """Changes the rows as the button `asked` says; False for a button that saves."""
        what, _, place = asked.partition(":")
        table, _, number = place.partition("-")
        if what == "rows":
            return True
        if table not in TABLES:
            return False
        rows = self.rows(table) or ([{}] if table == LICENCE else [])
        at = int(number) if number.isdecimal() and len(number) < 4 else -1
        column = "price_model" if table == LICENCE else "what"
        if what == "more" and not self.is_full:
            rows.append({})
            self.focus = f"{table}-{len(rows) - 1}-{column}"
        elif what == "off" and 0 <= at < len(rows):
            del rows[at]
            self.focus = f"{table}-{min(at, len(rows) - 1)}-{column}" if rows else f"more-{table}"
        elif what == "ramp" and 0 <= at < len(rows):
            rows[at] = ramped(rows[at], self.term)
            self.focus = f"{table}-{at}-year_1"
        elif what == "flat" and 0 <= at < len(rows):
            rows[at] = flat(rows[at])
            self.focus = f"{table}-{at}-quantity"
        elif what != "more":
            return False
        self.data = self.data.copy()
        posted = named(table, rows)
        if rows and not is_filled(table, rows[-1]):
            posted[f"{table}-{len(rows) - 1}-{column}"] = [""]  # an empty row is posted by an empty cell
        put(self.data, ROWS + table, posted)
        return True

    def take(self, spelled: str) -> bool:
        """Puts what a button of the page proposes into the form: {name: [value, ...]} as JSON."""
        try:
            found = json.loads(spelled)
            sets = {str(name): [str(value) for value in values] for name, values in found.items()}
        except (ValueError, TypeError, AttributeError):
            return False
        self.data = self.data.copy()
        for name, values in sets.items():
            if name in self.fields or name.partition("-")[0] in TABLES:
                self.data.setlist(name, values)
                if not values:
                    del self.data[name]
        return True

    @property
    def is_full(self) -> bool:
        return sum(len(self.rows(table)) for table in TABLES) >= MOST_LINES

    @cached_property
    def groups(self) -> dict[str, tuple[choices.Group, ...]]:
        return {LICENCE: choices.models(self.rules), ITEM: choices.catalogue(self.rules)}

    @cached_property
    def offered(self) -> dict[str, dict[str, choices.Offered]]:
        """What rows may choose, by table and key."""
        return {
            table: {one.key: one for group in groups for one in group.offered} for table, groups in self.groups.items()
        }

    # --- What two people's versions are compared by: a table is one value -----------------------------------------------

    def units(self) -> list[str]:
        return [*super().units(), *(ROWS + table for table in TABLES)]

    def unit_label(self, unit: str) -> str:
        return TABLE_LABELS[unit.removeprefix(ROWS)] if unit.startswith(ROWS) else super().unit_label(unit)

    def as_typed(self, values: Mapping[str, Any]) -> dict[str, str]:
        typed = super().as_typed(values)
        return typed | {ROWS + table: _spelled(table, values.get(f"{table}-rows", ())) for table in TABLES}

    def posted(self, name: str) -> str:
        table = name.removeprefix(ROWS)
        return _spelled(table, self.rows(table)) if name.startswith(ROWS) else super().posted(name)

    def as_posted(self, name: str, text: str) -> Posted:
        if not name.startswith(ROWS):
            return super().as_posted(name, text)
        return named(name.removeprefix(ROWS), json.loads(text or "[]"))

    def in_words(self, name: str, text: str) -> str:
        if not name.startswith(ROWS):
            return super().in_words(name, text)
        labels = {key: one.label for key, one in self.offered[name.removeprefix(ROWS)].items()}
        rows = [
            " · ".join(labels.get(value, value) for column, value in row.items() if column != "ramp")
            for row in json.loads(text or "[]")
        ]
        return "; ".join(rows) or "—"


def _spelled(table: str, rows: Iterable[Row]) -> str:
    """A table's rows in one spelling; empty ones are none."""
    filled = [row for row in rows if is_filled(table, row)]
    return json.dumps([{name: value for name, value in sorted(row.items()) if value} for row in filled])
