"""Keyset paging over a closed list of sorts: the thousandth page costs what the first does, and no row is skipped or
shown twice because somebody saved one in between.

A cursor holds the sort keys of the row a page starts after, readable and unsigned: it can say nothing the person
could not ask for by a filter. One that can't be read gives the first page and says so.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections, models
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from crm.lib.ids import AnyOf
from crm.lib.texts import storable

SIZE = 50
LONGEST = 10_000
"""Characters of a cursor; a name of 200 letters makes one of half as many at most. Longer text is nobody's link."""
LOST = "This link led to a place in the list that no longer exists. Here is its beginning."

M = TypeVar("M", bound=models.Model)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of a list. `fields` are never null and may follow a relation ("score__low"); the id is added last."""

    key: str
    label: str
    fields: tuple[str, ...]
    descending: bool = False

    def order(self, *, backwards: bool = False) -> tuple[str, ...]:
        sign = "-" if self.descending != backwards else ""
        return tuple(f"{sign}{field}" for field in (*self.fields, "pk"))


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """`previous_url` and `next_url` are empty at the ends; `said` has a sentence when the cursor could not be read."""

    rows: list[R]
    sort: Sort
    previous_url: str
    next_url: str
    text: str
    said: str = ""


def both_ways(*sorts: Sort) -> dict[str, Sort]:
    """A closed list of sorts by query value: each as declared under its key, and the other way round under "-key"."""
    named: dict[str, Sort] = {}
    for sort in sorts:
        up = Sort(sort.key, sort.label, sort.fields, False)
        down = Sort(f"-{sort.key}", sort.label, sort.fields, True)
        named |= {up.key: up, down.key: down}
    return named


def page(
    rows: QuerySet[M, R] | Sequence[QuerySet[M, Any]],
    sorts: Mapping[str, Sort],
    query: QueryDict,
    *,
    default: str,
    size: int = SIZE,
    noun: str = "rows",
    shown: Callable[[QuerySet[M, Any]], QuerySet[M, R]] | None = None,
) -> Page[R]:
    """The page of `rows` that `query` asks for (sort, after, before); an unknown sort is the default one.

    Fetches one row more than it shows, so that it knows whether there is a next page without counting.

    With `shown` the ids of the page are found first, for which an index alone can do, and `shown` says what is read of
    them. `rows` may then be several sets; the list is what is in any of them. That is an OR of which each side has an index
    of its own.
    """
    sort = sorts.get(query.get("sort", ""), sorts[default])
    backwards = bool(query.get("before"))
    text = query.get("before") or query.get("after") or ""
    legs: list[QuerySet[M, Any]] = [rows] if isinstance(rows, QuerySet) else [*rows]
    after, said = _read(legs[0].model, sort, text)
    order = sort.order(backwards=backwards and after is not None)
    if after is not None:
        legs = [_beyond(leg, sort, after, descending=sort.descending != backwards) for leg in legs]
    if shown is None:
        ordered: QuerySet[M, R] = legs[0].order_by(*order)
    else:
        # Said to be there, what is sorted by is joined inwards, and its own index can be walked.
        there = {f"{name.rpartition('__')[0]}__isnull": False for name in sort.fields if "__" in name}
        cut = [leg.filter(**there).order_by(*order)[: size + 1] for leg in legs]
        ordered = shown(_any_of(cut)).order_by(*order)
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    back = backwards and after is not None
    if back:
        found.reverse()
    has_previous = more if back else after is not None
    has_next = (after is not None) if back else more
    return Page(
        rows=found,
        sort=sort,
        previous_url=_url(query, before=cursor(sort, found[0])) if found and has_previous else "",
        next_url=_url(query, after=cursor(sort, found[-1])) if found and has_next else "",
        text=f"{len(found)} {noun} on this page" if has_previous or has_next else "",
        said=said,
    )


def _any_of(legs: Sequence[QuerySet[M, Any]]) -> QuerySet[M, M]:
    """The rows with an id out of any leg, each of which is already cut to a page's length."""
    first, *others = [leg.values("pk") for leg in legs]
    rows = first.model._default_manager.using(first.db)
    if connections[first.db].vendor == "postgresql":
        return rows.filter(AnyOf("pk", first.union(*others) if others else first))
    if not others:
        return rows.filter(pk__in=first)
    # SQLite cuts no part of a union.
    return rows.filter(pk__in=[row["pk"] for leg in (first, *others) for row in leg])


def _beyond(rows: QuerySet[M, R], sort: Sort, values: Sequence[Any], *, descending: bool) -> QuerySet[M, R]:
    """Rows after the given one, compared as a whole: `(stage, close_date, id) > (x, y, z)` starts an index range at that
    very row, where a chain of ORs reads every row of the same stage first. The first key alone stands beside it for sorts
    whose keys are in two tables, for which no one index has the whole row."""
    names = (*sort.fields, "pk")
    row = Tuple(*(F(name) for name in names))
    beyond = TupleLessThan(row, values) if descending else TupleGreaterThan(row, values)
    first = f"{names[0]}__{'lte' if descending else 'gte'}"
    return rows.filter(beyond, **{first: values[0]})


def cursor(sort: Sort, row: object) -> str:
    keys = [_plain(_follow(row, name)) for name in (*sort.fields, "pk")]
    return base64.urlsafe_b64encode(json.dumps(keys, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _follow(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _read(model: type[models.Model], sort: Sort, text: str) -> tuple[list[Any] | None, str]:
    if not text:
        return None, ""
    if len(text) > LONGEST:
        return None, LOST
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        names = (*sort.fields, "pk")
        if not isinstance(raw, list) or len(raw) != len(names):
            raise ValueError(text)
        return [_parser(model, name)(value) for name, value in zip(names, raw, strict=True)], ""
    except (ValueError, TypeError, OverflowError, binascii.Error, UnicodeError, ValidationError, FieldDoesNotExist):
        return None, LOST


def _parser(model: type[models.Model], path: str) -> Callable[[Any], Any]:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    kind: Any = getattr(field, "output_field", field)  # a generated column parses like what it holds

    def parse(value: Any) -> Any:
        if isinstance(value, bool | list | dict) or value is None or not storable(str(value)):
            raise ValueError(value)
        parsed = kind.to_python(value)
        if parsed is None or (isinstance(parsed, int) and abs(parsed) >= 2**63):
            raise ValueError(value)
        if isinstance(parsed, dt.datetime):
            # Raises OverflowError for a moment that is before the year 1 in UTC, which no database takes.
            return parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
        return parsed

    return parse


def _url(query: QueryDict, **cursor: str) -> str:
    parts = query.copy()
    for name in ("after", "before"):
        parts.pop(name, None)
    for name, value in cursor.items():
        parts[name] = value
    return f"?{parts.urlencode()}"
