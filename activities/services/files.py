"""Attaching files, and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db import transaction

from activities.models import Attachment
from activities.queries.subjects import Subject
from activities.rules.file_types import TYPES, ending, refusal, safe_name
from activities.rules.words import size_in_words
from activities.services import storage
from activities.services.base import audit, begin, editable_subject, locked, remove
from activities.services.evidence import withdraw
from activities.services.notes import create_note
from activities.services.storage import Stored, TooLarge, Upload
from crm.lib.errors import Invalid
from crm.services.audit import Act

MOST_FILES = 10
KEPT = ("name", "size", "content_type", "sha256")


def attach_files(*, act: Act, about: tuple[str, int], uploads: Sequence[Upload], note: str = "") -> list[Attachment]:
    """Keeps the files and attaches them to a record, with a note beside them: all of it, or none.

    Raises Unseen, NotAllowed, and Invalid with a sentence for every file that isn't taken. Files are written before the
    transaction begins: a slow disk must not hold locks.
    """
    editable_subject(act, *about)  # before anything is written
    if not uploads:
        raise Invalid({"files": "Choose at least one file."})
    if len(uploads) > MOST_FILES:
        raise Invalid({"files": f"These are {len(uploads)} files; send up to {MOST_FILES} at a time."})
    stored: list[tuple[str, Stored]] = []
    try:
        wrong = [said for upload in uploads if (said := _keep(upload, stored))]
        if wrong:
            raise Invalid({"files": wrong})
        with transaction.atomic():
            if note.strip():
                create_note(act=act, about=about, values={"body": note})
            return _attach(act, about, stored)
    except BaseException:
        for _, file in stored:
            storage.erase(file.name)
        raise


def _keep(upload: Upload, stored: list[tuple[str, Stored]]) -> str:
    """Writes one upload and adds it to `stored`; or says why it isn't taken."""
    name, most = safe_name(upload.name or ""), settings.ATTACHMENT_LARGEST
    too_large = f"{name} has more than {size_in_words(most)}. Send a smaller file, or a link to it in a note."
    if ending(name) not in TYPES:
        return refusal(name, b"", list)
    if upload.size is not None and upload.size > most:
        return too_large
    try:
        file = storage.write(upload.chunks(), most=most)
    except TooLarge:
        return too_large
    said = refusal(name, file.head, file.members)
    if said:
        storage.erase(file.name)
    else:
        stored.append((name, file))
    return said


def _attach(act: Act, about: tuple[str, int], stored: list[tuple[str, Stored]]) -> list[Attachment]:
    subject = editable_subject(act, *about)
    return [_row(act, subject, name, file) for name, file in stored]


def _row(act: Act, subject: Subject, name: str, file: Stored) -> Attachment:
    row = begin(Attachment, act, subject)
    row.name, row.stored, row.size, row.sha256 = name, file.name, file.size, file.sha256
    row.content_type = TYPES[ending(name)].mime
    row.save()
    audit(act, row, subject, "created", {field: (None, getattr(row, field)) for field in KEPT})
    return row


@transaction.atomic
def delete_attachment(*, act: Act, attachment_id: int, expected_version: int | None = None) -> None:
    """Removes the row now, and the file once that is committed. What it was evidence of says so in its history.

    Raises Attachment.DoesNotExist, NotAllowed and EditConflict.
    """
    row, subject = locked(Attachment, act, attachment_id, expected_version)
    withdraw(act, row)
    remove(row, act, subject, KEPT)
    transaction.on_commit(partial(storage.erase, row.stored))


def sweep() -> int:
    """Removes files that no row names any more; returns how many. Rows go with their record, files do not."""
    names = list(storage.abandoned())
    gone = 0
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        known = set(Attachment.objects.filter(stored__in=part).values_list("stored", flat=True))
        for name in set(part) - known:
            storage.erase(name)
            gone += 1
    return gone
