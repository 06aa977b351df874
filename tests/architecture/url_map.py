"""Every address of the product by name, read from the resolver, so that a new one can't be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Address:
    """A named address: its placeholders' names and the view that answers."""

    name: str
    placeholders: tuple[str, ...]
    view: Callable[..., Any]

    def url(self, kwargs: dict[str, Any]) -> str:
        if self.name == "api:unknown":
            return "/api/no-such-thing/"
        return reverse(self.name, kwargs={name: kwargs[name] for name in self.placeholders})

    @property
    def declared_methods(self) -> frozenset[str]:
        """The unsafe methods a class-based view of the API says it takes; other views don't say."""
        view = getattr(self.view, "cls", None)
        return frozenset(m for m in UNSAFE if view is not None and hasattr(view, m.lower()))

    def takes(self, method: str) -> bool:
        """Whether the view has something to do for this method; a function may have for each."""
        view: Any = self.view
        kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
        return kind is None or hasattr(kind, method.lower()) or method.lower() in getattr(view, "actions", {})


@lru_cache(maxsize=1)
def addresses() -> dict[str, Address]:
    """By full name. Patterns without a name (the administration's redirects) can't be linked to and are left out."""
    return {found.name: found for found in _walk(get_resolver(), (), ())}


def _walk(resolver: URLResolver, spaces: tuple[str, ...], outer: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = (*outer, *_placeholders(pattern))
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, inner, here)
        elif pattern.name:
            yield Address(":".join((*spaces, pattern.name)), here, pattern.callback)


def _placeholders(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    return tuple(name for name in pattern.pattern.regex.groupindex)
