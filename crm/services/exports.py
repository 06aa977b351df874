"""A list as a file: written by a worker with the eyes of whoever asked, kept for a week, handed to nobody else."""

from __future__ import annotations

import csv
import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from crm.lib.lists import Column, chosen
from crm.list_kinds import ListKind, list_kinds
from crm.models import BulkChange, Job
from crm.rules.spreadsheets import harmless
from crm.services import jobs
from crm.services.bulk import picked

KEPT = dt.timedelta(days=7)
CHUNK = 2_000


def perform(bulk_id: int, job: Job) -> None:
    """Writes the file under a new name and only then says so: a second run begins again and harms nothing."""
    bulk = BulkChange.objects.select_related("asked_by").get(pk=bulk_id)
    if bulk.finished_at is not None or bulk.asked_at is None:
        return
    kind, name = list_kinds.get(bulk.kind), secrets.token_hex(16)
    path_of(name).parent.mkdir(parents=True, exist_ok=True)
    written = 0
    offered = kind.columns(bulk.asked_by)
    columns = chosen(QueryDict(bulk.query), offered, [column.key for column in offered])
    with path_of(name).open("x", newline="", encoding="utf-8-sig") as out:
        sheet = csv.writer(out)
        sheet.writerow([column.label for column in columns])
        for rows in _chunks(kind, bulk, columns):
            sheet.writerows([harmless(cell) for cell in row] for row in rows)
            written += len(rows)
            jobs.progress(job, done=written, total=max(job.total or 0, written))
    done = BulkChange.objects.filter(pk=bulk.pk, finished_at=None)
    if not done.update(file=name, changed=written, finished_at=timezone.now()):
        path_of(name).unlink(missing_ok=True)  # another worker was faster


def _chunks(kind: ListKind, bulk: BulkChange, columns: list[Column]) -> Iterator[list[list[str]]]:
    """By ascending id, each chunk a query of its own: a worker holds no long transaction over somebody's export."""
    last = 0
    while True:
        rows = picked(kind, bulk, bulk.asked_by).filter(pk__gt=last).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return
        last = ids[-1]
        yield [list(row) for row in kind.table(bulk.asked_by, columns, rows.filter(pk__lte=last))]


def path_of(name: str) -> Path:
    """Raises ValueError for anything but a name drawn here."""
    if len(name) != 32 or not name.isalnum() or not name.isascii():
        raise ValueError(name)
    root: Path = settings.EXPORTS_ROOT
    return root / name


def open_export(bulk: BulkChange) -> IO[bytes] | None:
    """The file; None where it is not written yet, or its week is over."""
    if not bulk.file:
        return None
    try:
        return path_of(bulk.file).open("rb")
    except FileNotFoundError:
        return None


def sweep(now: dt.datetime) -> int:
    """Removes files older than a week, those nobody's row names included; returns how many."""
    old = BulkChange.objects.filter(finished_at__lt=now - KEPT).exclude(file="")
    old.update(file="")
    root: Path = settings.EXPORTS_ROOT
    kept = set(BulkChange.objects.exclude(file="").values_list("file", flat=True))
    gone = 0
    for path in root.glob("*") if root.exists() else ():
        if path.name not in kept and path.stat().st_mtime < (now - dt.timedelta(hours=12)).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
