"""Long documents: printed by a worker, kept for a day under what they are, and handed out from there.

A short one is printed sooner than a worker could be asked, so it is kept nowhere. A kept file is found by the identity of its
document: whoever asks has made that document first, which only those can who may see it.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.models import Job, Person
from crm.services import jobs
from quotes.models import Revision
from reports.documents import frame, printing
from reports.documents.frame import Document
from reports.documents.quotes import quote_document
from reports.queries.quotes import BESIDE

MOST_ROWS = 80
"""Of a document that is printed while somebody waits: about half a second of processor."""
KEPT = 24 * 3600.0
"""Seconds."""
PAUSE = dt.timedelta(seconds=30)
TASK = "reports.tasks.print_quote"


def is_long(document: Document) -> bool:
    return document.rows > MOST_ROWS


def kept(identity: str) -> bytes | None:
    try:
        return _path(identity).read_bytes()
    except FileNotFoundError:
        return None


@transaction.atomic
def ask_for_quote(revision: Revision, identity: str, *, by: Person) -> Job:
    """The job that prints it: the one under way, the one that just ended, else a new one."""
    key = f"paper:{identity}"
    last = Job.objects.filter(key=key).order_by("-pk").first()
    if last is not None and (last.is_open or _just_ended(last)):
        return last
    label = f"PDF of {revision.quote.reference} revision {revision.number}"
    return jobs.enqueue(TASK, key=key, args={"revision_id": revision.pk}, label=label, by=by)


def _just_ended(job: Job) -> bool:
    """A failure is said to whoever waits before it is tried again; and a worker that keeps its files where nobody finds them is
    not asked every second."""
    return job.finished_at is not None and timezone.now() - job.finished_at < PAUSE


def print_quote(revision_id: int) -> None:
    """Prints and keeps it; twice does no harm. Raises Revision.DoesNotExist, NotPriced, NoPrinter."""
    revision = Revision.objects.select_related(*BESIDE).defer("playbook__data").get(pk=revision_id)
    document = quote_document(revision)
    drawn = frame.html(document)
    identity = frame.identity(document, drawn)
    if kept(identity) is None:
        keep(identity, printing.pdf(drawn, sheet=document.sheet, identifier=identity))


def keep(identity: str, made: bytes) -> None:
    path = _path(identity)
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEPT:
            old.unlink(missing_ok=True)
    half = path.with_name(f"{identity}.{secrets.token_hex(4)}")
    half.write_bytes(made)
    half.replace(path)  # nobody reads half a file


def _path(identity: str) -> Path:
    root: Path = settings.DOCUMENTS_ROOT
    return root / identity
