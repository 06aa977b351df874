"""Writing records of one kind, in batches: which are here already, what differs, create, update, and take back."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from crm.importing.ledger import ids_of_source, plainly
from crm.importing.records import Record, Ref
from crm.models import ImportRun
from crm.registry import FieldType, import_kinds
from crm.services.audit import Act

_TEXTUAL = frozenset({FieldType.TEXT, FieldType.CHOICE})
UNWRITTEN = 0
"""Stands for the key of a record that a trial run has not written; no row has it."""


@dataclass(slots=True)
class Context:
    """What writers of one run share: whose records they are, when, and which key each record got."""

    run: ImportRun
    source: str
    currency: str
    act: Act
    ids: dict[Ref, int] = field(default_factory=dict)
    gone: set[Ref] = field(default_factory=set)
    """Records that were deleted here: nothing is brought that belongs to them."""

    @property
    def now(self) -> dt.datetime:
        """The run's start: the same for every batch and after a restart."""
        return self.run.started_at

    def key_of(self, ref: Any) -> int | None:
        return None if ref is None or ref in self.gone else self.ids.get(ref, UNWRITTEN)


@dataclass(slots=True)
class Change:
    """An update of one row: {attribute: (old, new)}."""

    record: Record
    row: Any
    changes: dict[str, tuple[Any, Any]]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A total somebody checks against the source. `unit` is "" for a count, else a currency."""

    key: str
    label: str
    value: Decimal
    unit: str = ""


class Writer(ABC):
    """Writes one kind. Subclasses say how rows are made; most need little else.

    `together` are attributes that only change as one: where somebody changed one of them here, all stay as they are.
    `above` is the reference to a record of the same kind that must be written first.
    `parts` are models ("app.Model") whose rows belong to a record and go
    with it; any other row that refers to it is somebody's work.
    """

    model: ClassVar[type[models.Model]]
    together: ClassVar[tuple[str, ...]] = ()
    above: ClassVar[str] = ""
    parts: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context) -> None:
        self.context = context

    def begin(self) -> None:  # noqa: B027 - most kinds need nothing
        """Called first in each batch, and in each transaction that takes rows back, before anything is read or locked."""

    # What is here

    def existing(self, records: Sequence[Record]) -> dict[str, Any]:
        """Source id -> row, for records an earlier run brought. Kinds without columns for it look into the ledger."""
        names = {each.name for each in self.model._meta.get_fields()}
        if {"source", "source_id"} <= names:
            ids = [record.source_id for record in records]
            rows = self.rows().filter(source=self.context.source, source_id__in=ids)
            return {row.source_id: row for row in rows}
        if not hasattr(self, "_ledger"):
            self._ledger = ids_of_source(self._kind(records), self.context.source)
        wanted = {record.source_id: self._ledger.get(record.source_id) for record in records}
        by_key = {row.pk: row for row in self.rows().filter(pk__in=[key for key in wanted.values() if key])}
        return {source_id: by_key[key] for source_id, key in wanted.items() if key in by_key}

    def alike(self, records: Sequence[Record]) -> dict[str, list[Any]]:
        """Source id -> rows of the same name that did not come with an import of this source."""
        return {}

    def rows(self) -> models.QuerySet[Any]:
        """All of them: what lies in the bin has its source's id still."""
        manager = getattr(self.model, "everything", self.model._default_manager)
        rows: models.QuerySet[Any] = manager.all()
        return rows

    @property
    def _is_counted(self) -> bool:
        """Whether each write raises the row's version; a person's is made of what the row says."""
        return any(each.name == "version" for each in self.model._meta.concrete_fields)

    def _kind(self, records: Sequence[Record]) -> str:
        return records[0].kind

    # Writing

    def values(self, record: Record) -> dict[str, Any]:
        """The attributes of a row as the record wants them (foreign keys as `<name>_id`)."""
        kind = import_kinds.get(record.kind)
        found: dict[str, Any] = {}
        for name, value in record.values.items():
            of = kind.field(name)
            if of.type is FieldType.REFERENCE:
                found[f"{name}_id"] = self.context.key_of(value)
            else:
                found[name] = "" if value is None and of.type in _TEXTUAL else value
        return found

    def current(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        return {name: getattr(row, name) for name in names}

    @abstractmethod
    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> Sequence[Any]:
        """Rows with their keys, in the order of `items`. Runs inside a transaction."""

    def update(self, changes: Sequence[Change]) -> None:
        """Writes changes, row by row: those of a second run are few. Runs inside a transaction."""
        for change in changes:
            for name, (_, new) in change.changes.items():
                setattr(change.row, name, new)
            if self._is_counted:
                change.row.version += 1
            change.row.save()

    def finish(self) -> None:  # noqa: B027 - most kinds need nothing
        """Called once all records of the kind are written: what else must follow, such as scores."""

    # Taking back

    def restore(self, row: Any, was: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
        """Gives a row the values it had before an update; `kept` is the whole ledger entry."""
        for name, value in was.items():
            of: Any = self.model._meta.get_field(name.removesuffix("_id"))
            setattr(row, name, value if of.is_relation else of.to_python(value))
        if self._is_counted:
            row.version += 1
        row.save()

    def remove(self, keys: Sequence[int]) -> None:
        """Deletes created rows with their parts. Runs inside a transaction."""
        self.rows().filter(pk__in=keys).delete()

    def touched(self, row: Any, entry: Mapping[str, Any]) -> str:
        """What somebody did with the row since it was written, "" for nothing."""
        if entry.get("version") is not None:
            return "changed since" if row.version != entry["version"] else ""
        now = plainly({name: getattr(row, name) for name in entry["set"] if hasattr(row, name)})
        return "changed since" if any(entry["set"][name] != value for name, value in now.items()) else ""

    # Figures

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return []

    def stored_figures(self) -> list[Figure]:
        """The same figures, counted in the database over everything of this source."""
        return []
