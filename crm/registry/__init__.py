"""What higher apps hand down to this one, since imports only go the other way.

An app registers its providers in `AppConfig.ready()`:

    from crm.registry import import_kinds
    import_kinds.add(ImportKind(key="deal", ...))

and pages here ask the registry, never the app. Each registry is a list of one small typed thing; add a new registry at the
end of this file rather than widening an old one. What becomes of records stands in `lifecycle`, how they are found in `finding`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crm.registry.base import Registry
from crm.registry.lifecycle import BinKind, GoesAlong, Handover, Merger, bins, goes_along, handovers, mergers

__all__ = ["BinKind", "GoesAlong", "Handover", "Merger", "Registry", "bins", "goes_along", "handovers", "mergers"]
"""What stands elsewhere; everything below is of this module."""

if TYPE_CHECKING:
    from crm.importing.records import Problem, Record
    from crm.rules.rehearsal import Plan, Rehearsed, Subject


# --- Import --------------------------------------------------------------------------------------------------------


class FieldType(StrEnum):
    """How a cell is read into a field."""

    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    TEXTS = "texts"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportField:
    """A field that files can fill. `aliases` are column names people bring, compared without case and punctuation.

    `to` is the kind a reference leads to; `choices` gives the allowed values with their labels; `longest` is in characters.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    to: str = ""
    choices: Callable[[], Mapping[str, str]] | None = None
    longest: int = 200
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """A sort of record that files can bring.

    `checker` is asked once a table for what looks at each whole record and says what is wrong with it; `about` makes
    remarks on all of them together; `writer` is made once per run. `state_field` is the field whose past values a file may
    date, for kinds with a history. `match_existing` tells whether a record of the same name that is here already is the same
    one, unless a mapping says so.
    """

    key: str
    label: str
    plural: str
    fields: tuple[ImportField, ...]
    # A subclass of crm.importing.writers.Writer. Not named as a type: queries read this module, and writers need services.
    writer: type[Any]
    id_aliases: tuple[str, ...] = ("id",)
    checker: Callable[[], Callable[[Record], Iterable[Problem]]] | None = None
    about: Callable[[list[Record]], Iterable[Problem]] | None = None
    state_field: str = ""
    match_existing: bool = False

    def field(self, name: str) -> ImportField:
        """Raises KeyError for a field this kind doesn't have."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


import_kinds: Registry[ImportKind] = Registry("kind of import")


# --- Timeline of a deal --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened on a deal. `kind` is the filter it answers to; `more` is a second line, `quote` what was said.

    `body` gives safe HTML that stands under it, made only for entries that are shown; `icon` is drawn before the text;
    `opens` says that the page at `url` does as a dialog.
    """

    at: dt.datetime
    kind: str
    text: str
    by: str = ""
    more: str = ""
    quote: str = ""
    url: str = ""
    body: Callable[[], str] | None = None
    icon: str = ""
    opens: bool = False

    @property
    def shown_body(self) -> str:
        return self.body() if self.body is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineProvider:
    """What another app adds to a deal's timeline, in a fixed number of queries.

    `entries(deal_id, before, limit, since, kind)` gives up to `limit` entries, the newest first, that happened before that
    moment (None: now); what is older than `since` is not wanted any more (None: all is). `label` names the filter of `key`,
    where no other provider has it. What reads several kinds out of one table names each in `kinds` instead, by key: it is asked
    for one of them, or at once for all ("").
    """

    key: str
    label: str = ""
    entries: Callable[[int, dt.datetime | None, int, dt.datetime | None, str], Sequence[TimelineEntry]]
    kinds: Mapping[str, str] | None = None

    @property
    def filters(self) -> Mapping[str, str]:
        return self.kinds or {self.key: self.label}


timeline_providers: Registry[TimelineProvider] = Registry("part of the timeline")


# --- Evidence for what is noted of a deal --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """Something that can show what is noted: a file, with its own page."""

    id: int
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSource:
    """Things of another app that a MEDDPICC element can name as its evidence.

    `offered(deal_id)` gives those of a deal; `chosen(deal_id)` those in use, by the element's id; `choose(act, deal_id,
    element_id, ids)` makes these and no others an element's, within the caller's transaction, and returns their labels
    before and after.
    """

    key: str
    label: str
    offered: Callable[[int], Sequence[EvidenceItem]]
    chosen: Callable[[int], Mapping[int, Sequence[EvidenceItem]]]
    choose: Callable[[Any, int, int, Iterable[int]], tuple[list[str], list[str]]]  # Any: an Act


evidence_sources: Registry[EvidenceSource] = Registry("source of evidence")


# --- Today ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPanel:
    """A panel of the page somebody's day begins with. `url_name` answers with the panel; `shown` is asked with the roles. Panels
    stand in the order of `rank`; `aside` ones in the narrow column."""

    key: str
    title: str
    url_name: str
    rank: int
    shown: Callable[[Iterable[str]], bool]
    aside: bool = False


today_panels: Registry[TodayPanel] = Registry("panel of Today")


# --- Playbook ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookUse:
    """Rows that name entries of a part of the playbook ("stages"), and so must go somewhere when a version drops them.

    `used` counts the rows by key, of those asked for; `move` sends them from old key to new key, on behalf of an
    `Act`, and returns how many went.
    """

    key: str
    noun: str
    used: Callable[[Iterable[str]], Mapping[str, int]]
    move: Callable[[Any, Mapping[str, str]], int]  # Any: an Act, which stands above what queries may know


playbook_uses: Registry[PlaybookUse] = Registry("use of the playbook")


# --- Rehearsal of a playbook -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedBook:
    """The records that publishing a playbook judges anew. `count` says how many there are; `after(id, limit)` gives up to
    `limit` of them by ascending id, behind that one."""

    key: str
    noun: str
    count: Callable[[], int]
    after: Callable[[int, int], Sequence[Subject]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Something publishing decides about those records. `judge` fills its part of both sides in, for many at once; those of
    a lower `rank` have filled theirs in before."""

    key: str
    rank: int
    judge: Callable[[Plan, Sequence[Rehearsed]], None]


rehearsed_books: Registry[RehearsedBook] = Registry("book to rehearse on")
rehearsals: Registry[Rehearsal] = Registry("rehearsal")
