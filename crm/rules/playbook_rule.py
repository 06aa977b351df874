"""A rule of a playbook, as comparing two of them sees it: the smallest thing somebody would change by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.rules.playbook_diff import name_in_list


@dataclass(frozen=True, slots=True)
class Order:
    """Entries in their order, by key and label. Two orders are equal where what both have stands in the same order."""

    entries: tuple[tuple[str, str], ...]

    def differs(self, other: Order) -> bool:
        mine, theirs = [key for key, _ in self.entries], [key for key, _ in other.entries]
        return [key for key in mine if key in theirs] != [key for key in theirs if key in mine]

    @property
    def labels(self) -> list[str]:
        return [label for _, label in self.entries]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one playbook. `id` finds it in the other."""

    chapter: str
    id: str
    label: str
    value: Any


def entries(chapter: str, part: str, listed: Sequence[Any]) -> Iterator[Rule]:
    for entry in listed:
        name = name_in_list(entry) or str(entry)
        label = entry.get("label") or name.replace("_", " ").capitalize()
        yield Rule(chapter, f"{part}.{name}", label, without(entry, "key"))
    yield from order(chapter, part, listed)


def order(chapter: str, part: str, listed: Sequence[Any]) -> Iterator[Rule]:
    keys = tuple((name_in_list(entry) or "", str(entry.get("label", ""))) for entry in listed)
    yield Rule(chapter, f"{part}.order", f"Order of {part.replace('_', ' ')}", Order(keys))


def without(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in names}
