"""Every number of a part of the playbook by a path of keys, to hold it against the line of the document it came from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from playbook.schema.base import Part

WHEN = ("year", "month", "calendar_year")
OURS = ("rounded_to", *WHEN)
"""What says for when a number is, and how it is rounded: no figures of their own."""


def figures(part: Part | None) -> dict[str, Decimal | str]:
    """Numbers, and the grades that stand in their place, by path: "sets.market_analysis.figures.tam.amount"."""
    assert part is not None
    return dict(_walk(part, ()))


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Decimal | str]]:
    if isinstance(value, Part):
        for name in type(value).model_fields:
            if not (name in OURS or (name == "threshold" and value.threshold and value.threshold.origin == "ours")):  # type: ignore[attr-defined]
                yield from _walk(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for one in value:
            if isinstance(one, Part):
                yield from _walk(one, (*path, _name(one)))
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield ".".join(path), Decimal(value)
    elif isinstance(value, str) and path[-1] == "grade":
        yield ".".join(path), value


def _name(part: Part) -> str:
    """Its key, what it is for, or its label."""
    for name in ("key", *WHEN):
        if getattr(part, name, None) is not None:
            return str(getattr(part, name))
    if hasattr(part, "competitor"):
        return f"{part.competitor}@{part.source.document}"  # type: ignore[attr-defined]
    return str(getattr(part, "segment", None) or getattr(part, "label", None) or "always")
