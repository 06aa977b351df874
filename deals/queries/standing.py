"""Figures over very many deals: worked out once, they stand for some minutes and say since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.cache import cache

from crm.models import Person

STANDS_FOR = 300
"""Seconds."""
MANY = 5_000
"""From so many deals behind them on, figures stand: nobody sees one more or less, and adding them up takes long."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing(Generic[T]):
    """Figures, when they were worked out, and whether they are shown again for a while."""

    found: T
    at: dt.datetime
    stands: bool


def standing(
    name: str,
    user: Person,
    now: dt.datetime,
    find: Callable[[], T],
    is_large: Callable[[T], bool],
    *,
    anew: bool = False,
) -> Standing[T]:
    """What `find` finds for somebody, or what it found some minutes ago where that was large; `anew` works it out now.

    `name` says all it depends on but the deals and who looks. What is found must be plain enough to be kept by the cache; deals that
    are shown are read again from their ids, through the door.
    """
    team = user.team.path if user.team else ""
    key = f"today-{name}:{user.pk}:{'+'.join(user.roles)}:{team}"
    kept: Standing[T] | None = None if anew else cache.get(key)
    if kept is not None:
        return kept
    found = find()
    new = Standing(found, now, is_large(found))
    if new.stands:
        cache.set(key, new, STANDS_FOR)
    elif anew:
        cache.delete(key)
    return new
