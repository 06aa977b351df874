"""Writing, changing and deleting notes."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from activities.models import Note
from activities.models.notes import LONGEST
from activities.queries.people import mentions_in
from activities.queries.subjects import Subject
from activities.services.base import audit, begin, change, editable_subject, locked, remove, url_of
from activities.services.telling import tell
from crm.lib.errors import Invalid
from crm.services.audit import Act

FIELDS = ("body",)


@transaction.atomic
def create_note(*, act: Act, about: tuple[str, int], values: dict[str, Any]) -> Note:
    """`about` is the record's kind and id. Those mentioned who see the record are told; the others are not, and see nothing.

    Raises Unseen, NotAllowed, and Invalid.
    """
    subject = editable_subject(act, *about)
    note = begin(Note, act, subject)
    changes = change(note, act, _checked(values, note), FIELDS)
    note.save()
    audit(act, note, subject, "created", changes)
    _tell(act, note, subject)
    return note


@transaction.atomic
def update_note(*, act: Act, note_id: int, values: dict[str, Any], expected_version: int | None = None) -> Note:
    """Raises Note.DoesNotExist, NotAllowed, EditConflict and Invalid. Only those newly mentioned are told."""
    note, subject = locked(Note, act, note_id, expected_version)
    changes = change(note, act, _checked(values, note), FIELDS)
    if changes:
        note.save()
        audit(act, note, subject, "changed", changes)
        _tell(act, note, subject)
    return note


@transaction.atomic
def delete_note(*, act: Act, note_id: int, expected_version: int | None = None) -> None:
    """Raises Note.DoesNotExist, NotAllowed and EditConflict."""
    note, subject = locked(Note, act, note_id, expected_version)
    remove(note, act, subject, FIELDS)


def _checked(values: dict[str, Any], note: Note) -> dict[str, Any]:
    clean = dict(values)
    if "body" in clean or note._state.adding:
        clean["body"] = str(clean.get("body") or "").replace("\r\n", "\n").strip()
        if not clean["body"]:
            raise Invalid({"body": "Write something first."})
        if len(clean["body"]) > LONGEST:
            raise Invalid({"body": f"A note has {LONGEST:,} characters at most. Attach the text as a file instead."})
    return clean


def _tell(act: Act, note: Note, subject: Subject) -> None:
    before = set(note.mentions.values_list("pk", flat=True))
    seeing = {one.pk for one in mentions_in(note.body, subject).seeing}
    if seeing == before:
        return
    note.mentions.set(seeing)
    who = str(act.by) if act.by else "Somebody"
    text = f"{who} mentioned you in a note about {subject.name}"
    tell(act=act, to=seeing - before, kind="mention", text=text, url=url_of(note), entry=note, key=f"note:{note.pk}")
