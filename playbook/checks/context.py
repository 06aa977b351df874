"""What a check sees: the parts that could be read, where each stands, and the keys of those that could not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playbook.problems import Finding, Path
from playbook.schema.base import Part
from playbook.spec import files_of


@dataclass(frozen=True)
class FileContent:
    """A file as far as it could be read. `left_out` are the paths of list items with errors of their own; `data` still has them.
    An `absent` one need not be there and is not, which is no error of its own."""

    value: Any
    data: Any
    left_out: frozenset[Path] = frozenset()
    absent: bool = False


@dataclass(frozen=True)
class Item:
    """A part and where it stands in its file."""

    file: str
    path: Path
    part: Any


@dataclass
class Context:
    files: Mapping[str, FileContent]
    findings: list[Finding] = field(default_factory=list)

    def add(self, item: Item, *path: str | int, reason: str, allowed: str = "") -> None:
        self.findings.append(Finding(item.file, (*item.path, *path), reason, allowed))

    def part(self, name: str) -> Item | None:
        """A field of the playbook that is one part, such as "bant"; None if its file could not be read."""
        spec = files_of(name)[0]
        value = self.files[spec.name].value
        return None if value is None else Item(spec.name, (), value)

    def items(self, name: str, inner: str = "") -> Iterator[Item]:
        """Every readable item of a list field ("facts"), or of a list inside a part ("bant", "criteria")."""
        for spec in files_of(name):
            content = self.files[spec.name]
            if content.value is None:
                continue
            prefix = self._prefix(name, inner)
            parts = getattr(content.value, prefix[-1]) if prefix else content.value
            yield from self._placed(spec.name, content, prefix, parts)

    def keys(self, name: str, inner: str = "") -> frozenset[str]:
        """The keys of a list field, those of items with errors included, so that one error does not bring others."""
        found: set[str] = set()
        for spec in files_of(name):
            data = self.files[spec.name].data
            for step in self._prefix(name, inner):
                data = data.get(step) if isinstance(data, dict) else None
            entries = data if isinstance(data, list) else []
            found |= {str(entry["key"]) for entry in entries if isinstance(entry, dict) and "key" in entry}
        return frozenset(found)

    def whole(self, name: str) -> bool:
        """Whether a field was read without leaving anything out; sums and coverage can be judged only then."""
        contents = [self.files[spec.name] for spec in files_of(name)]
        return all(content.value is not None and not content.left_out for content in contents)

    def must_be_in(self, item: Item, path: Path, named: Iterable[str], known: frozenset[str], what: str) -> None:
        """Every name has to be a known key, or is reported at `path` (with its position, when there are several)."""
        for index, name in enumerate(named):
            if known and name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                guess = f"; did you mean {close[0]}?" if close else ""
                place = (*path, index) if path and isinstance(getattr(item.part, str(path[-1]), None), tuple) else path
                self.add(
                    item,
                    *place,
                    reason=f"names the {what} {name!r}, which does not exist{guess}",
                    allowed=listed(known),
                )

    @staticmethod
    def _prefix(name: str, inner: str) -> tuple[str, ...]:
        if inner:
            return (inner,)
        return (name,) if len(files_of(name)[0].fields) > 1 else ()

    @staticmethod
    def _placed(file: str, content: FileContent, prefix: tuple[str, ...], parts: Iterable[Part]) -> Iterator[Item]:
        skipped = {path[-1] for path in content.left_out if path[:-1] == prefix}
        position = 0
        for part in parts:
            while position in skipped:
                position += 1
            yield Item(file, (*prefix, position), part)
            position += 1


def children(item: Item, name: str) -> Iterator[Item]:
    """The parts in a list inside a part, each with its place."""
    value = getattr(item.part, name)
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        for index, part in enumerate(value):
            yield Item(item.file, (*item.path, name, index), part)


def listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
