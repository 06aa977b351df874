"""What every write to an entry does first and last: find it and what it is about, lock it, ask whether it may be; and audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse

from activities.models import Activity, Attachment, Entry, Note, Task
from activities.queries.subjects import Subject, find, of_system, subject_of
from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.models import Person
from crm.services.audit import Act, apply_changes, record

E = TypeVar("E", bound=Entry)
KINDS: dict[type[Entry], str] = {Note: "note", Task: "task", Activity: "activity", Attachment: "attachment"}
"""How the audit names each."""
WORDS: dict[type[Entry], str] = {Note: "notes", Task: "tasks", Activity: "activities", Attachment: "files"}
"""How addresses name each."""


def editable_subject(act: Act, kind: str, pk: int) -> Subject:
    """What something new will be about. Raises Unseen, and NotAllowed for those who may only look."""
    if act.by is None:
        return of_system(kind, pk)
    subject = find(act.by, kind, pk)
    if not subject.editable:
        raise NotAllowed(subject.refusal)
    return subject


def locked(model: type[E], act: Act, pk: int, expected_version: int | None = None) -> tuple[E, Subject]:
    """The entry, locked for this transaction, and what it is about.

    Raises the model's DoesNotExist where the person doesn't see it, NotAllowed where they may not change it, EditConflict
    where it was saved since `expected_version`.
    """
    rows: models.QuerySet[E] = model._default_manager.all()
    if act.by is not None:
        rows = rows.visible_to(act.by)  # type: ignore[attr-defined] # every entry's manager has it
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    subject = of_system(row.about_kind, row.about_id) if act.by is None else subject_of(act.by, row)
    if not may_change(act.by, row, subject):
        raise NotAllowed("You can read this but not change it. Ask whoever wrote it, or whoever may change the record.")
    if expected_version is not None and row.version != expected_version:
        raise EditConflict(row)
    return row, subject


def may_change(user: Person | None, row: Entry, subject: Subject) -> bool:
    """Its author, a task's owner, and whoever may change what it is about."""
    if user is None or subject.editable:
        return True
    return user.pk == row.created_by_id or user.pk == getattr(row, "owner_id", None)


def begin(model: type[E], act: Act, subject: Subject) -> E:
    """A new entry about a record, not saved yet."""
    now = act.now
    row = model(created_by=act.by, created_at=now, updated_by=act.by, updated_at=now, at=now)
    setattr(row, subject.kind, subject.record)
    return row


def change(row: Entry, act: Act, values: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Sets what differs and counts the version of a stored row up; the caller saves. Raises Invalid for a field that is not
    to be set here."""
    permitted = tuple(allowed)
    strange = sorted(set(values) - set(permitted))
    if strange:
        raise Invalid(dict.fromkeys(strange, "This can't be changed here."))
    if row._state.adding:  # nothing stands there yet to compare with
        for name, value in values.items():
            setattr(row, name, value)
        return {name: (None, value) for name, value in values.items() if value not in (None, "")}
    changes = apply_changes(row, values, permitted)
    if changes:
        row.version += 1
        row.updated_by, row.updated_at = act.by, act.now
    return changes


def audit(
    act: Act, row: Entry, subject: Subject, verb: str, changes: Mapping[str, tuple[Any, Any]], pk: int | None = None
) -> None:
    """The audit row; what it is about stands in it, so that it is found from there too."""
    about = {"id": subject.pk, "name": subject.name}
    changes = {**changes, subject.kind: (None, about)} if verb == "created" else changes
    record(act=act, kind=KINDS[type(row)], record_id=pk or row.pk, verb=verb, changes=changes, deal_id=subject.deal_id)


def remove(row: E, act: Act, subject: Subject, kept: Iterable[str], before: Callable[[], object] | None = None) -> None:
    """Deletes an entry; what it said stays in the audit."""
    pk = row.pk
    said = {name: (getattr(row, name), None) for name in kept if getattr(row, name) not in (None, "")}
    if before is not None:
        before()
    row.delete()
    audit(act, row, subject, "removed", said, pk)


def url_of(row: Entry) -> str:
    return reverse("activities:entry-detail", args=[WORDS[type(row)], row.pk])
