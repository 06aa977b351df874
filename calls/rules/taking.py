"""Whether a value somebody put in place of a proposed one has its form; what it may say is for the service that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WRONG = "Give a value of the same form as the one proposed."
NUMBERS = frozenset({"owner", "contact", "expected_days"})
LONGEST = 20_000


def problem(after: Any, taken: Any) -> str:
    """A sentence, "" where it fits."""
    return "" if _fits(after, taken) else WRONG


def _fits(after: Any, taken: Any) -> bool:
    if isinstance(after, Mapping):
        return (
            isinstance(taken, Mapping)
            and set(taken) <= set(after)
            and all(_part(str(name), value) for name, value in taken.items())
        )
    if isinstance(after, list):
        return isinstance(taken, list) and len(taken) <= 100 and all(_text(one) for one in taken)
    if isinstance(after, bool) or isinstance(taken, bool):
        return isinstance(after, bool) and isinstance(taken, bool)
    if isinstance(after, int):
        return isinstance(taken, int) and abs(taken) < 2**62
    return _text(taken)


def _part(name: str, value: Any) -> bool:
    if value is None:
        return True
    if name in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62
    return _text(value)


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\x00" not in value
