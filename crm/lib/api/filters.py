"""Filters of a list, declared once for reading and for the schema. Unlike a page, the API refuses what it can't read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from crm.lib import lists
from crm.lib.api.errors import BadQuery
from crm.lib.texts import storable

PAGING = ("sort", "after", "before", "size")
DEFAULT_SIZE = 50
LARGEST_SIZE = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter. `read` raises ValueError with a sentence; `enum` are the values it may have, for the
    schema."""

    name: str
    says: str
    read: Callable[[str], Any] = str
    type: Any = OpenApiTypes.STR
    enum: tuple[str, ...] | None = None

    @property
    def parameter(self) -> OpenApiParameter:
        return OpenApiParameter(
            self.name,
            self.type,
            OpenApiParameter.QUERY,
            description=self.says,
            enum=list(self.enum) if self.enum else None,
        )


def text(name: str, says: str) -> Filter:
    return Filter(name, says)


def identity(name: str, says: str) -> Filter:
    return Filter(name, says, lists.identity, OpenApiTypes.INT)


def day(name: str, says: str) -> Filter:
    return Filter(name, says, _day, OpenApiTypes.DATE)


def one_of(name: str, says: str, values: Iterable[str]) -> Filter:
    allowed = tuple(values)

    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"Choose one of: {', '.join(allowed)}.")
        return value

    return Filter(name, says, read, enum=allowed)


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Raises BadQuery for a parameter nobody reads, one given twice, or one that can't be stored or compared."""
    known = tuple(known)
    wrong = {}
    for name, values in query.lists():
        if name not in known:
            takes = f"It takes: {', '.join(known)}." if known else "It takes none."
            wrong[name] = f"This address has no parameter {name!r}. {takes}"
        elif len(values) > 1:
            wrong[name] = f"Give {name} once."
        elif not storable(values[0]):
            wrong[name] = "This holds a character that can't be stored."
    if wrong:
        raise BadQuery(wrong)


def read_filters(query: Mapping[str, str], filters: Iterable[Filter]) -> dict[str, Any]:
    """The values of the filters that are given; an empty one is not. Raises BadQuery naming every wrong one."""
    values, wrong = {}, {}
    for one in filters:
        given = query.get(one.name, "").strip()
        if not given:
            continue
        try:
            values[one.name] = one.read(given)
        except ValueError as error:
            wrong[one.name] = str(error)
    if wrong:
        raise BadQuery(wrong)
    return values


def hidden_filters(refused: Iterable[lists.Dropped]) -> str:
    """What somebody is told who filters by columns they don't see: probing would read them too."""
    return f"Your role does not see {', '.join(one.name for one in refused)}, so it can't filter by it."


def read_size(query: Mapping[str, str]) -> int:
    given = query.get("size", "")
    if not given:
        return DEFAULT_SIZE
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= LARGEST_SIZE):
        raise BadQuery({"size": f"A page has 1 to {LARGEST_SIZE} rows."})
    return int(given)


def _day(value: str) -> dt.date:
    try:
        if len(value) != 10:
            raise ValueError(value)
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("Write a date, such as 2026-03-31.") from None
