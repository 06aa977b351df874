"""Making things fit on one page: texts end early and lists are short, and both say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Few(Generic[T]):
    """The first of some things, and how many more there are."""

    shown: tuple[T, ...]
    more: int

    def __bool__(self) -> bool:
        return bool(self.shown)


def few(items: Iterable[T], most: int) -> Few[T]:
    every = tuple(items)
    return Few(every[:most], max(len(every) - most, 0))


def cut(text: str, most: int) -> str:
    """The text on one line, at most so many characters; one that ends early ends with an ellipsis, between words where it can."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    end = plain.rfind(" ", most // 2, most)
    return f"{plain[: end if end > 0 else most - 1].rstrip(' ,;:')}…"
