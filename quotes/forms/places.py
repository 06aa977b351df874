"""Where the price rules' fields stand in the form: "lines.1.quantity" is a row's cell, "strategic.percent" a field."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE = re.compile(r"(lines|items)\.(\d+)(?:\.(\w+))?")
FIRSTS = {"strategic": "strategic-reason", "partner": "partner-model"}


@dataclass(frozen=True, slots=True)
class Places:
    """The form's rows by the place of their line: licences first, then what has a price of its own. `ramps`: rows of
    licences that have a quantity for each year."""

    licences: tuple[int, ...]
    items: tuple[int, ...]
    ramps: frozenset[int] = frozenset()

    def name(self, path: str) -> str:
        """The form's name of a field; "" for one that has no place in it."""
        found = LINE.fullmatch(path)
        if found is None:
            return FIRSTS.get(path) or path.replace(".", "-")
        place, column = int(found[2]), found[3] or ""
        if found[1] == "lines" and place < len(self.licences):
            return self.licence(place, column or "price_model")
        place -= len(self.licences) if found[1] == "lines" else 0
        if not 0 <= place < len(self.items):
            return "lines"
        return f"item-{self.items[place]}-{'what' if column in ('kind', 'key', '') else column}"

    def licence(self, place: int, column: str) -> str:
        number = self.licences[place]
        if column == "quantity" and number in self.ramps:
            column = "year_1"
        return f"licence-{number}-{column}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A refusal at its field. `says` is what its button says, "" where no one value would do; `sets` what that puts there."""

    name: str
    text: str
    says: str = ""
    sets: str = "{}"
