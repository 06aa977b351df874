"""Imports as operations see them: check a folder, bring it in, take it back. Each is one job of one run.

A run's row is the truth about it; the job only carries it out. Starting writes the job in the same transaction, so a worker
that never comes leaves a run that can be started again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.importing.mapping import MappingError, load_mapping
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import ImportRun, ImportState, Job, JobState, Person
from crm.rules import access
from crm.services import import_work, jobs
from crm.services.audit import Act

RUN_TASK = "crm.tasks.run_import"
UNDO_TASK = "crm.tasks.undo_import"


def _guard(act: Act) -> None:
    """`act.by` None is the command line, whose user has the database anyway."""
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Imports are for operations.")


@transaction.atomic
def start_check(*, act: Act, folder: Path, mapping: str = "") -> ImportRun:
    """A new run that reads a folder and says what importing it would do; nothing but the report is written."""
    _guard(act)
    _refuse_while_busy()
    run = ImportRun.objects.create(
        kind="", folder=str(folder), mapping=mapping, dry_run=True, started_by=act.by, started_at=act.now
    )
    _enqueue(run, act, "Checking files")
    return run


@transaction.atomic
def check_again(*, act: Act, run_id: int, mapping: str) -> ImportRun:
    """Checks a run's files again with another mapping. Raises Invalid where the mapping can't be read, Clash once it ran."""
    _guard(act)
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    _refuse_while_working(run)
    if run.state not in (ImportState.CHECKED, ImportState.REFUSED) and not run.dry_run:
        raise Clash("This import has run already. Start a new one to bring the files again.")
    try:
        load_mapping(mapping)
    except MappingError as error:
        raise Invalid({"mapping": error.problems}) from None
    run.mapping, run.dry_run, run.state, run.started_at = mapping, True, ImportState.RUNNING, act.now
    run.save()
    _enqueue(run, act, "Checking files")
    return run


@transaction.atomic
def start_import(*, act: Act, run_id: int) -> ImportRun:
    """Brings a checked run's files in, or goes on with one whose worker gave up. Raises Clash in any other state."""
    _guard(act)
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    _refuse_while_working(run)
    stopped = run.state == ImportState.RUNNING and not run.dry_run
    if run.state != ImportState.CHECKED and not stopped:
        raise Clash(f"This import is {run.get_state_display().lower()}; only a checked one can be brought in.")
    if not stopped:
        run.started_at = act.now
    run.dry_run, run.state = False, ImportState.RUNNING
    run.save()
    _enqueue(run, act, "Importing")
    return run


@transaction.atomic
def start_undo(*, act: Act, run_id: int, keep_used: bool = False) -> ImportRun:
    """Takes a run back whole. Raises Clash, before anything is touched, where a later run changed the same records, or where
    records are in use and `keep_used` doesn't say that these shall stay."""
    _guard(act)
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    _refuse_while_working(run)
    if run.dry_run or run.state not in (ImportState.DONE, ImportState.RUNNING):
        raise Clash("There is nothing to undo: this import wrote nothing, or is undone already.")
    import_work.refuse_undo(import_work.find_usage(run), keep_used=keep_used)
    job = _enqueue(run, act, "Undoing an import", task=UNDO_TASK, keep_used=keep_used)
    run.job = job
    run.save(update_fields=["job"])
    return run


def _refuse_while_working(run: ImportRun) -> None:
    if run.job is not None and run.job.is_open:
        raise Clash("A worker is busy with this import. Wait until it is done.")
    _refuse_while_busy()


def _refuse_while_busy() -> None:
    """One import at a time. One whose process gives no sign of life any more does not count, and is marked as stopped."""
    stale = Job.objects.filter(
        task__in=(RUN_TASK, UNDO_TASK), state=JobState.RUNNING, beat_at__lt=timezone.now() - jobs.STALE_AFTER
    )
    stale.update(state=JobState.FAILED, finished_at=timezone.now(), message="Its process stopped.")
    other = Job.objects.filter(task__in=(RUN_TASK, UNDO_TASK), state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    if other is not None:
        raise Clash(
            f"Import {other.args['run_id']} is being worked on. One import at a time: they may touch the same records."
        )


def _enqueue(run: ImportRun, act: Act, label: str, *, task: str = RUN_TASK, **args: Any) -> Job:
    job = jobs.enqueue(
        task, key=f"import:{run.pk}", args={"run_id": run.pk, **args}, queue="bulk", label=label, by=act.by
    )
    ImportRun.objects.filter(pk=run.pk).update(job=job)
    run.job = job
    return job


def uploads() -> Path:
    """Where uploaded files wait; shared by web and workers, never served."""
    return Path(settings.MEDIA_ROOT) / "imports"


def here(
    *, act: Act, folder: Path, mapping: str = "", dry_run: bool = False, by: Person | None = None
) -> tuple[ImportRun, Job]:
    """A run for the process that asks (the command line): its job exists, and no message goes out. Pass both to `perform`.

    An import of the same folder that stopped in the middle goes on, so that it stays one run and can be undone as one.
    """
    _guard(act)
    with transaction.atomic():
        _refuse_while_busy()
        run = None if dry_run else _stopped(folder, mapping)
        if run is None:
            run = ImportRun.objects.create(
                kind="", folder=str(folder), mapping=mapping, dry_run=dry_run, started_by=by, started_at=act.now
            )
        run.job = _own_job(run, RUN_TASK, "Importing" if not dry_run else "Checking files", by)
        run.save(update_fields=["job"])
    return run, run.job


def _stopped(folder: Path, mapping: str) -> ImportRun | None:
    rows = ImportRun.objects.filter(
        folder=str(folder), state=ImportState.RUNNING, dry_run=False, job__state=JobState.FAILED
    )
    return (rows.filter(mapping=mapping) if mapping else rows).order_by("-pk").first()


def undo_here(*, act: Act, run: ImportRun, keep_used: bool) -> Job:
    """The same for an undo."""
    _guard(act)
    with transaction.atomic():
        _refuse_while_working(run)
        return _own_job(run, UNDO_TASK, "Undoing an import", act.by, keep_used=keep_used)


def _own_job(run: ImportRun, task: str, label: str, by: Person | None, **args: Any) -> Job:
    return Job.objects.create(
        task=task,
        key=f"import:{run.pk}",
        args={"run_id": run.pk, **args},
        queue="bulk",
        label=label,
        created_by=by,
        sent_at=timezone.now(),
    )
