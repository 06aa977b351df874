"""What list pages share: filters by choice, and the chips that say which are in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter one chooses a value for. `value` is the one in force, "" for none."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str = ""

    @property
    def shown(self) -> str:
        return dict(self.choices).get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    remove_url: str


def chips(query: QueryDict, filters: Sequence[Choice], q: str = "") -> list[Chip]:
    """A chip for the search and for each filter in force, with the address of the list without it."""
    found = [Chip("Search", q, without(query, "q"))] if q else []
    return found + [Chip(part.label, part.shown, without(query, part.name)) for part in filters if part.value]


def without(query: QueryDict, *names: str) -> str:
    """This list's address without some parts, from its beginning."""
    parts = query.copy()
    for name in (*names, "after", "before"):
        parts.pop(name, None)
    return f"?{parts.urlencode()}" if parts else "?"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `needs` "" or a kind of sight ("detail", "amount"); `sort` a key of the list's sorts."""

    key: str
    label: str
    sort: str = ""
    css: str = ""
    needs: str = ""


def chosen(query: QueryDict, offered: Sequence[Column], usual: Iterable[str]) -> list[Column]:
    """The columns `columns=` names, in that order, of those offered; the usual ones where it names none. The first one
    offered is what a row is called, and always stands first."""
    known = {column.key: column for column in offered}
    asked = [name for text in query.getlist("columns") for name in text.split(",")]
    keys = [name for name in asked if name in known] or [name for name in usual if name in known]
    return [known[key] for key in dict.fromkeys((offered[0].key, *keys))]
