"""The kinds of list there are, with what each lets people do to many of its records. An app registers its kinds in
`AppConfig.ready()`; pages, workers and the API ask here, never the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet

from crm.lib.lists import Column, ListFilter
from crm.models import Person
from crm.registry import Registry
from crm.services.audit import Act


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. `reason` says why it was skipped, and is empty where it was changed. `along` is what
    changed with it and has to come back with it, as JSON."""

    object_id: int
    name: str = ""
    before: Any = None
    after: Any = None
    version: int = 0
    reason: str = ""
    along: Any = None


@dataclass(frozen=True, slots=True)
class Past:
    """A record as a bulk change left it: what it was before, its version right after, and what changed along with it."""

    object_id: int
    before: Any
    version: int
    along: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """Something that can be done to many records.

    `control` makes the form field its value is asked by, for a person; `read` turns what was given there into a JSON value,
    and `in_words` says such values. `check` raises Invalid({"value": ...}) or NotAllowed where nobody may have that value set by this act.
    `expected` foretells who will be left out: (how many, why), of a set. `change` and `restore` work on some records in
    the caller's transaction, locking them by ascending id, and tell of each what became of it.
    """

    key: str
    label: str
    control: Callable[[Person], forms.Field]
    read: Callable[[Any], Any]
    check: Callable[[Act, Any], None]
    expected: Callable[[Person, QuerySet[Any]], Sequence[tuple[int, str]]]
    change: Callable[[Act, Sequence[int], Any], Sequence[Outcome]]
    restore: Callable[[Act, Sequence[Past]], Sequence[Outcome]]
    in_words: Callable[[Iterable[Any]], Mapping[Any, str]]
    asks_why: str = ""
    """What the reason is for, where the action takes one that some records need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """A kind of list. `reads` makes the filter a query string asks for, as this person may use it: what it drops a page says
    and whatever acts on all that match refuses. `filtered` gives the rows they see that fit it, unordered."""

    key: str
    one: str
    many: str
    url_name: str
    record_url: str
    usual: Sequence[str]
    """Keys of the columns a list shows unless told otherwise."""
    may_see: Callable[[Iterable[str]], bool]
    may_change: Callable[[Iterable[str]], bool]
    reads: Callable[[Person, Mapping[str, str]], ListFilter]
    filtered: Callable[[Person, Any], QuerySet[Any]]
    columns: Callable[[Person], Sequence[Column]]
    table: Callable[[Person, Sequence[Column], QuerySet[Any]], Iterable[Sequence[str]]]
    """An export's rows as text, of a set ordered by id."""
    actions: Sequence[BulkAction] = field(default_factory=tuple)
    other_shapes: Mapping[str, str] = field(default_factory=dict)
    """URL names of the list's other shapes ("board")."""
    everything: Mapping[str, str] = field(default_factory=dict)
    """The query of all there is, where a list leaves something out unless told otherwise."""

    @property
    def shapes(self) -> Mapping[str, str]:
        return {"": self.url_name, **self.other_shapes}

    def action(self, key: str) -> BulkAction:
        """Raises KeyError."""
        return {one.key: one for one in self.actions}[key]


list_kinds: Registry[ListKind] = Registry("kind of list")


def seen_kinds(roles: Iterable[str]) -> list[str]:
    """Keys of the kinds these roles see."""
    held = set(roles)
    return [kind.key for kind in list_kinds if kind.may_see(held)]
