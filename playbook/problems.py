"""What is wrong with a playbook, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where something stands inside a file: keys of mappings and positions in lists."""


@dataclass(frozen=True, order=True)
class Problem:
    """One error. `key` is the path inside the file ("criteria[budget].weight"), empty for the file as a whole; `allowed` says
    what would be right, empty where `reason` says it; `line` counts from 1, and is None when no line can be named."""

    file: str
    key: str
    reason: str
    allowed: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        place = f"{where}: {self.key}" if self.key else where
        return f"{place}: {self.reason}" + (f" (allowed: {self.allowed})" if self.allowed else "")


@dataclass(frozen=True)
class Finding:
    """A problem whose line is not looked up yet: a check knows the path, the loader knows the lines."""

    file: str
    path: Path
    reason: str
    allowed: str = ""


class PlaybookErrors(Exception):
    """A playbook can't be read. `problems` holds every error of every file, ordered by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.key, p.reason)))
        count = len(self.problems)
        super().__init__(
            f"The playbook has {count} error{'' if count == 1 else 's'}:\n" + "\n".join(map(str, self.problems))
        )


def name_of(path: Path, data: object) -> str:
    """A path as people read it: list items that have a key are named by it, others by their position from 0."""
    text = ""
    for step in path:
        item = data[step] if _reaches(data, step) else None  # type: ignore[index]
        if isinstance(step, int):
            name = item.get("key") if isinstance(item, dict) else None
            text += f"[{name if isinstance(name, str) else step}]"
        else:
            text += f".{step}" if text else step
        data = item
    return text


def _reaches(data: object, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)
