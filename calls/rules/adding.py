"""What is added to what stands there, and never in its place: lines of a text, rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook.schema.qualification import ElementField


def says(before: str, line: str) -> bool:
    """Whether the text has it already."""
    return line in before


def with_line(before: str, line: str) -> str:
    """The text with the line under what stands there; as it is where it says so already."""
    if says(before, line):
        return before
    return f"{before}\n{line}" if before else line


def beside(spec: ElementField | None, rows: Sequence[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as it comes beside those there are. Where a column has to reach a sum that is reached already, it is worth nothing
    yet."""
    kept = dict(row)
    if spec is not None and spec.sum_column and rows:
        kept[spec.sum_column] = "0"
    return kept
