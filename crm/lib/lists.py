"""What list pages share: filters read from a query string, the chips that say which are in force, and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Self

from django.http import QueryDict

NO_FILTERS = frozenset({"sort", "columns", "view", "shape", "by", "after", "before", "size"})
"""What else a list's query string says."""


class Why(StrEnum):
    """Why a filter was left out; said with `what`, its name or what people call it."""

    STRANGE = "There is no filter “{what}”"
    UNREAD = "The filter “{what}” could not be read"
    GONE = "The playbook no longer has this value of “{what}”"
    HIDDEN = "Your role does not see “{what}” of everything listed"


class Dropped(NamedTuple):
    """A filter that was asked for and left out."""

    name: str
    why: Why

    def said(self, label: str = "") -> str:
        """Where the list is shown without it."""
        return f"{self.why.format(what=label or self.name)}, so it was left out."

    def refused(self) -> str:
        """Where it is not enough to leave it out."""
        return f"{self.why.format(what=self.name)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What narrows a list. Every field is a query parameter of the same name; `dropped` are those that were left out."""

    READERS: ClassVar[Mapping[str, Callable[[str], Any]]] = {}
    """How fields are read that are no texts. They raise ValueError."""

    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Reads a query string leniently: an old bookmark or a mistyped value never breaks the page, it is said instead."""
        known = {field.name for field in fields(cls)} - {"dropped"}
        dropped = [Dropped(name, Why.STRANGE) for name in sorted(set(query) - known - NO_FILTERS)]
        values: dict[str, Any] = {}
        for name in (field.name for field in fields(cls) if field.name in known):
            text = (query.get(name) or "").strip()
            try:
                values |= {name: cls.READERS.get(name, _text)(text)} if text else {}
            except (ValueError, InvalidOperation):
                dropped.append(Dropped(name, Why.UNREAD))
        return cls(**values, dropped=tuple(dropped))

    def as_query(self) -> dict[str, str]:
        """The query parameters that make this filter again; defaults are left out."""
        usual = type(self)()
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "dropped"}
        return {name: str(value) for name, value in values.items() if value != getattr(usual, name)}

    def without(self, names: Iterable[str], why: Why) -> Self:
        """The same without these, where they are asked for."""
        usual = type(self)()
        gone = {name: getattr(usual, name) for name in names if getattr(self, name) != getattr(usual, name)}
        values: dict[str, Any] = {**gone, "dropped": (*self.dropped, *(Dropped(name, why) for name in gone))}
        return replace(self, **values)


def _text(value: str) -> str:
    return value[:200]


def identity(text: str) -> int:
    """An id as it stands in an address. Raises ValueError with a sentence."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) < 2**63):
        raise ValueError("Name it by its id, a whole number.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter. `value` is the one in force, "" for none. Without `choices` a list isn't narrowed by it on its page, but
    keeps it where an address asks for it; `words` says then what its value means. More choices than these are fetched from
    `more_url` once somebody looks at them."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    value: str = ""
    words: str = ""
    more_url: str = ""

    @property
    def shown(self) -> str:
        return self.words or dict(self.choices).get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    remove_url: str


def chips(query: QueryDict, filters: Sequence[Choice], q: str = "") -> list[Chip]:
    """A chip for the search and for each filter in force, with the address of the list without it."""
    found = [Chip("Search", q, without(query, "q"))] if q else []
    return found + [Chip(part.label, part.shown, without(query, part.name)) for part in filters if part.value]


def list_context(
    query: QueryDict, page: Any, wanted: ListFilter, filters: Sequence[Choice], views: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """What the template of a list without saved views asks for. `page` is a keyset's; `wanted` has a field `q`; `views` are
    (filter as a query string, label), of which the one that is shown is marked."""
    sought = str(getattr(wanted, "q", ""))
    here = "&".join(f"{name}={'yes' if value == 'True' else value}" for name, value in wanted.as_query().items())
    return {
        "page": page,
        "sort": page.sort.key,
        "q": sought,
        "filters": filters,
        "chips": chips(query, filters, sought),
        "kept": (),
        "dropped": [one.said() for one in wanted.dropped],
        "views": [(label, f"?{part}" if part else "?", part == here) for part, label in views],
    }


def without(query: QueryDict, *names: str) -> str:
    """This list's address without some parts, from its beginning."""
    parts = query.copy()
    for name in (*names, "after", "before"):
        parts.pop(name, None)
    return f"?{parts.urlencode()}" if parts else "?"


def kept_beside(query: QueryDict) -> dict[str, str]:
    """What an address of a list keeps beside its filter: order, the view it came from, columns."""
    found = {name: str(query[name]) for name in ("sort", "view") if query.get(name)}
    if columns := ",".join(query.getlist("columns")):
        found["columns"] = columns
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `needs` "" or a kind of sight ("detail", "amount"); `sort` a key of the list's sorts; `is_edited`:
    its key is a field that is edited in its cells."""

    key: str
    label: str
    sort: str = ""
    css: str = ""
    needs: str = ""
    is_edited: bool = False


def chosen(query: QueryDict, offered: Sequence[Column], usual: Iterable[str]) -> list[Column]:
    """The columns `columns=` names, in that order, of those offered; the usual ones where it names none. The first one
    offered is what a row is called, and always stands first."""
    known = {column.key: column for column in offered}
    asked = [name for text in query.getlist("columns") for name in text.split(",")]
    keys = [name for name in asked if name in known] or [name for name in usual if name in known]
    return [known[key] for key in dict.fromkeys((offered[0].key, *keys))]
