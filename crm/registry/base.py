"""A registry: providers of one sort, by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


class Registry(Generic[T]):
    """Providers of one sort, by key, in the order they were added."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, T] = {}

    def add(self, item: T) -> None:
        """Raises ValueError where the key is taken: two apps must not answer for the same thing."""
        if item.key in self._items:
            raise ValueError(f"There is already a {self.what} called {item.key!r}.")
        self._items[item.key] = item

    def get(self, key: str) -> T:
        """Raises KeyError where nobody registered it."""
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def keys(self) -> list[str]:
        return list(self._items)
