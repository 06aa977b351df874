"""What a new playbook drops although rows still name it, and where those could go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.registry import playbook_uses


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry of `part` that `count` rows still name; `places` are the keys and labels they could go to: of the same kind."""

    part: str
    key: str
    label: str
    count: int
    noun: str
    places: tuple[tuple[str, str], ...]

    @property
    def field(self) -> str:
        """What a form calls the choice."""
        return f"{self.part}-{self.key}"


def dropped_in_use(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Dropped]:
    """Every dropped entry some row names. Both playbooks as stored. One query per part that drops anything."""
    found = []
    for use in playbook_uses:
        olds = {entry["key"]: entry for entry in before.get(use.key, ())}
        news = {entry["key"]: entry for entry in after.get(use.key, ())}
        gone = [key for key in olds if key not in news]
        counts = use.used(gone) if gone else {}
        for key in gone:
            if counts.get(key):
                places = tuple((new["key"], new["label"]) for new in news.values() if _kind(new) == _kind(olds[key]))
                found.append(Dropped(use.key, key, olds[key]["label"], counts[key], use.noun, places))
    return found


def _kind(entry: Mapping[str, Any]) -> Any:
    """A won deal can't go to an open stage, nor a reason for winning become one for losing."""
    return entry.get("kind") or entry.get("outcome")
