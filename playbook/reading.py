"""YAML text to plain data, with the line of every value, and every fault of the text itself.

Stricter than YAML: a key may stand once in a mapping, only true and false are booleans ("no" and "on" are words), dates stay
text, decimals keep the digits that were typed, and anchors and aliases are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from playbook.problems import Path, Problem, name_of

DEEPEST = 50
"""Lists and mappings within each other. A playbook needs ten; the parser takes for ever over thousands."""
LONGEST_NUMBER = 40
"""Digits. Python refuses to read whole numbers of thousands."""

# The parser written in C is several times faster; a wheel without it still works.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """SafeLoader with a shorter list of what plain words turn into."""


_Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


@dataclass
class Document:
    """A file as read. `data` is None when the text could not be read at all. An `absent` one may be left out and was."""

    name: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    absent: bool = False

    def line(self, path: Path) -> int | None:
        """The line of the value at this path, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None

    def add(self, path: Path, reason: str, allowed: str = "") -> None:
        self.problems.append(Problem(self.name, name_of(path, self.data), reason, allowed, self.line(path)))


def read(name: str, text: str) -> Document:
    document = Document(name)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else None
                document.problems.append(Problem(name, "", "is nested too deeply", f"{DEEPEST} levels", line))
                return document
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else None
                document.problems.append(
                    Problem(name, "", "anchors and aliases are not allowed; write the value out", "", line)
                )
                return document
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"is not valid YAML: {error.problem or error.context}"
        document.problems.append(Problem(name, "", reason, "", mark.line + 1 if mark else None))
        return document
    except yaml.YAMLError as error:
        document.problems.append(Problem(name, "", f"is not valid YAML: {error}"))
        return document
    if node is None or node.tag == "tag:yaml.org,2002:null":
        document.problems.append(Problem(name, "", "is empty"))
        return document
    faults: list[tuple[Path, int, str, str]] = []
    try:
        document.data = _plain(node, (), document.lines, faults)
    except RecursionError:
        document.problems.append(Problem(name, "", "is nested too deeply"))
        return document
    for path, line, reason, allowed in faults:
        document.problems.append(Problem(name, name_of(path, document.data), reason, allowed, line))
    return document


def _plain(node: Node, path: Path, lines: dict[Path, int], faults: list[tuple[Path, int, str, str]]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), lines, faults) for index, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(node, path, lines, faults)
    assert isinstance(node, ScalarNode)
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() == "true"
    if kind == "int":
        if len(node.value) > LONGEST_NUMBER:
            faults.append((path, lines[path], "is too long a number", f"at most {LONGEST_NUMBER} digits"))
            return 0
        return int(node.value)
    if kind == "float":
        return Decimal(node.value)
    if kind != "str":
        faults.append((path, lines[path], f"has the tag {node.tag}", "plain values without a tag"))
    return node.value


def _mapping(
    node: MappingNode, path: Path, lines: dict[Path, int], faults: list[tuple[Path, int, str, str]]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.append((path, line, "has a key that is no word", "words as keys"))
            continue
        key = str(key_node.value)
        if key in values:
            faults.append(((*path, key), line, f"stands twice; first on line {first_lines[key]}", "each key once"))
            continue
        first_lines[key] = line
        values[key] = _plain(value_node, (*path, key), lines, faults)
        lines[(*path, key)] = line
    return values
