"""The numbers within a playbook's conditions, from the JSON it is stored as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WORDS = {
    "at_least": "at least",
    "over": "over",
    "under": "under",
    "at_most": "at most",
    "equals": "equals",
    "within_months": "within",
    "older_than_days": "older than",
}
UNITS = {"within_months": "months", "older_than_days": "days"}


@dataclass(frozen=True, slots=True)
class Found:
    """A number and where it stands: `path` leads from the condition to the `test` it is part of."""

    path: tuple[str | int, ...]
    test: dict[str, Any]
    comparison: str

    @property
    def fact(self) -> str:
        return str(self.test["fact"])

    @property
    def value(self) -> Any:
        return self.test[self.comparison]

    @property
    def words(self) -> str:
        return WORDS[self.comparison]

    @property
    def unit(self) -> str:
        return UNITS.get(self.comparison, "")

    @property
    def is_whole(self) -> bool:
        return isinstance(self.value, int)


def numbers_in(condition: Any, path: tuple[str | int, ...] = ()) -> Iterator[Found]:
    """Every number a condition compares with, in the order they are written."""
    if "fact" in condition:
        for comparison in WORDS:
            value = condition.get(comparison)
            if value is not None and not isinstance(value, bool) and (comparison != "equals" or isinstance(value, int)):
                yield Found(path, condition, comparison)
    elif "not" in condition:
        yield from numbers_in(condition["not"], (*path, "not"))
    else:
        kind = "all" if "all" in condition else "any"
        for index, part in enumerate(condition[kind]):
            yield from numbers_in(part, (*path, kind, index))
