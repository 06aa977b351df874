"""Background work: the row is written with the change that asked for it, the message goes out once that is
committed."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import Job, JobState, Person
from crm.rules import access
from crm.services.audit import Act, record

log = logging.getLogger(__name__)

STALE_AFTER = dt.timedelta(seconds=60)
"""A running job whose worker gave no sign of life for this long is handed to another one."""
UNSENT_AFTER = dt.timedelta(seconds=15)
"""A waiting job is sent again after this long: the broker may have been down, or the message lost."""
NOTED_EVERY = 0.5
"""Seconds between two notes of how far a job of short steps is."""
MAX_ATTEMPTS = 5
LOCKS = 0x4A4F42
"""The space of PostgreSQL's advisory locks in which keys are held."""


def enqueue(
    task: str,
    *,
    key: str,
    args: Mapping[str, Any] | None = None,
    queue: str = "interactive",
    label: str = "",
    by: Person | None = None,
    total: int | None = None,
    is_first: bool = False,
) -> Job:
    """Asks a worker to run `task` (a Celery task name taking a job id). Call it inside the transaction of the change.

    While a job with the same `key` waits, that one is returned and nothing is added: a burst of changes becomes one run
    that sees all of them. A running job does not count, because it may have read the rows before this change.
    `is_first` promises that no job of this key can be waiting (the record was made in this transaction), which saves the look.
    """
    values: dict[str, Any] = {
        "task": task,
        "args": dict(args or {}),
        "queue": queue,
        "label": label,
        "created_by": by,
        "total": total,
    }
    # Noted as sent before it is: a second write and commit for every change would tell the sweep nothing it can't do
    # without. What was not sent after all is noted by `send`, or found waiting too long.
    values["sent_at"] = timezone.now()
    job, created = (Job.objects.create(key=key, **values), True) if is_first else _waiting_or_new(key, values)
    if created:
        transaction.on_commit(lambda: send(job))
    return job


def _waiting_or_new(key: str, values: dict[str, Any]) -> tuple[Job, bool]:
    if not _is_alone_with(key):
        # Another change that is not committed yet asks for the same. Waiting for it could close a circle, were it to wait
        # for a key this transaction holds; a second run of the same work costs little and harms nothing.
        return Job.objects.create(key=f"{key[:180]} {secrets.token_hex(4)}", state=JobState.QUEUED, **values), True
    while True:
        # The update locks the waiting row until this change is committed, so a worker can't claim it and read the rows
        # as they were before. It finds nothing when a worker was faster; then a new job follows that one.
        if Job.objects.filter(key=key, state=JobState.QUEUED).update(args=values["args"]):
            return Job.objects.filter(key=key, state=JobState.QUEUED).latest("id"), False
        try:
            with transaction.atomic():
                return Job.objects.create(key=key, state=JobState.QUEUED, **values), True
        except IntegrityError:
            continue  # somebody else added the same key in this instant; theirs is updated in the next round


def _is_alone_with(key: str) -> bool:
    """Whether no other open transaction asked for this key; from now to the end of this one, none will find itself alone.
    SQLite lets one transaction write at a time."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, key])
        return bool(cursor.fetchone()[0])


def send(job: Job) -> None:
    """Sends the message for a waiting job. A broker that can't be reached costs a delay, never the action: the sweep
    sends again."""
    try:
        current_app.send_task(job.task, args=[job.pk], queue=job.queue, ignore_result=True, retry=False)
    except Exception:  # any broker error: kombu raises a different family per transport
        log.warning("Job %s (%s) could not be sent; the sweep sends it again.", job.pk, job.task, exc_info=True)
        Job.objects.filter(pk=job.pk).update(sent_at=None)


@transaction.atomic
def run_again(*, act: Act, job_id: int) -> Job:
    """Asks for a failed job once more, as a new job with the same key; while that one waits or runs it is returned instead, so
    asking twice adds none. Raises Job.DoesNotExist, NotAllowed for all but operations, and Clash for one that did not fail.
    """
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations runs a job again.")
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.FAILED:
        raise Clash("This job did not fail, so there is nothing to run again.")
    later = Job.objects.filter(key=job.key, pk__gt=job.pk).order_by("-pk").first()
    if later is not None and later.state != JobState.FAILED:
        return later
    again = enqueue(
        job.task,
        key=job.key,
        args=job.args,
        queue=job.queue,
        label=job.label,
        by=act.by or job.created_by,
        total=job.total,
    )
    record(act=act, kind="job", record_id=again.pk, verb="created", changes={"again": (None, job.pk)})
    return again


def claim(job_id: int) -> Job | None:
    """Takes a waiting job, or one whose worker died. None when somebody else has it or it is finished: do nothing
    then."""
    now = timezone.now()
    takeable = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
    taken = Job.objects.filter(takeable, pk=job_id).update(
        state=JobState.RUNNING, started_at=now, beat_at=now, attempts=F("attempts") + 1, message="", finished_at=None
    )
    return Job.objects.get(pk=job_id) if taken else None


def progress(job: Job, *, done: int, total: int | None = None, message: str | None = None) -> None:
    """Tells how far a job is, which is its sign of life too. Call it at least every few seconds."""
    values: dict[str, Any] = {"done": done, "beat_at": timezone.now()}
    if total is not None:
        values["total"] = total
    if message is not None:
        values["message"] = message
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**values)


def teller(job: Job) -> Callable[[int, int], None]:
    """`progress` for work in short steps: told (done, total) after each, it notes them as often as anybody looks, and the last. Every
    note is a commit."""
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total or now - last >= NOTED_EVERY:
            last = now
            progress(job, done=done, total=total)

    return tell


def finish(job: Job, result: Mapping[str, Any] | None = None, message: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, finished_at=timezone.now(), result=dict(result or {}), message=message
    )


def fail(job: Job, message: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=timezone.now(), message=message)


@contextmanager
def running(job_id: int) -> Iterator[Job | None]:
    """Claims a job for the length of a block: done when it ends, failed with a sentence when it raises.

    Yields None when there is nothing to do. Work inside must be safe to run again: a killed worker leaves the row
    running
    and the sweep sends it again.
    """
    job = claim(job_id)
    if job is None:
        yield None
        return
    try:
        yield job
    except Exception as error:
        log.exception("Job %s (%s) failed.", job_id, job.task)
        fail(job, f"{type(error).__name__}: {error}")
        raise
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.DONE, finished_at=timezone.now())


def sweep(*, now: dt.datetime | None = None, sender: Callable[[Job], None] = send) -> int:
    """Sends again what waits too long or whose worker died, and gives up after MAX_ATTEMPTS. Returns how many were
    sent."""
    now = now or timezone.now()
    unsent = Q(state=JobState.QUEUED, created_at__lt=now - UNSENT_AFTER) & (
        Q(sent_at__isnull=True) | Q(sent_at__lt=now - 4 * UNSENT_AFTER)
    )
    stale = Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
    Job.objects.filter(stale, attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        message=f"Given up after {MAX_ATTEMPTS} attempts: the worker stopped each time.",
    )
    with transaction.atomic():
        # Rows that a change has just asked for again are locked until it is committed, and sent then.
        rows = Job.objects.select_for_update(skip_locked=True).filter(unsent | stale)
        waiting = list(rows.order_by("id")[:500])
        Job.objects.filter(pk__in=[job.pk for job in waiting]).update(sent_at=now)
    for job in waiting:
        sender(job)
    return len(waiting)
