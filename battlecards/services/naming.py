"""What a card may not be called: an address of its own would lead to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from django.urls import URLPattern, URLResolver, get_resolver

from battlecards.models import Sort

LIBRARY = "objections"
"""The slug of the objection library, whose fixed address shows that very card."""
RESERVED = "is an address of these pages already"

_FIXED = re.compile(r"(?:^|/)battlecards/([^/<]+)/")


@lru_cache(maxsize=1)
def reserved_slugs() -> frozenset[str]:
    """Words that stand beneath battlecards/ in an address where a card's slug would: of the pages, and of the API."""
    return frozenset(found[1] for route in _routes(get_resolver(), "") if (found := _FIXED.search(route)))


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _routes(one, route)


def is_reserved(slug: str, sort: str) -> bool:
    """Whether a card of this sort can't be called so."""
    return slug in reserved_slugs() and not (slug == LIBRARY and sort == Sort.OBJECTIONS)
