"""Imports as operations see them: check a folder, bring it in, take it back. Each is one job of one run.

A run's row is the truth about it; the job only carries it out. Starting writes the job in the same transaction, so a worker
that never comes leaves a run that can be started again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.importing.describe import describe
from crm.importing.finding import Folder, NothingFits, look_into, mapping_text
from crm.importing.guessing import guess_mapping
from crm.importing.mapping import ImportMapping, MappingError, load_mapping
from crm.importing.plan import make_plan
from crm.importing.records import Refused, Remark
from crm.importing.run import Result, carry_out
from crm.importing.undo import Undone, Usage, take_back, usage_of
from crm.importing.writers import Context
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import ImportRemark, ImportRun, ImportState, Job, JobState, Person, Route
from crm.queries.playbook import NoPlaybook, current_number
from crm.rules import access
from crm.services import jobs
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
    refuse_undo(find_usage(run), keep_used=keep_used)
    job = _enqueue(run, act, "Undoing an import", task=UNDO_TASK, keep_used=keep_used)
    run.job = job
    run.save(update_fields=["job"])
    return run


def refuse_undo(usage: Usage, *, keep_used: bool) -> None:
    if usage.later_run is not None:
        raise Clash(f"Import {usage.later_run.pk} changed the same records later. Undo that one first.")
    if usage.records and not keep_used:
        many = len(usage.records)
        said = "1 record is" if many == 1 else f"{many:,} records are"
        raise Clash(f"{said} in use since the import. Undo the rest and keep them, or leave everything as it is.")


def find_usage(run: ImportRun) -> Usage:
    """What of a run people have worked on since."""
    return usage_of(run, _context(run, Act(by=None)))


def _refuse_while_working(run: ImportRun) -> None:
    if run.job is not None and run.job.is_open:
        raise Clash("A worker is busy with this import. Wait until it is done.")
    busy = Job.objects.filter(task__in=(RUN_TASK, UNDO_TASK), state__in=(JobState.QUEUED, JobState.RUNNING))
    other = busy.exclude(args__run_id=run.pk).first()
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


# --- Carrying out: by a worker, or by the command ---------------------------------------------------------------------


def perform(run_id: int, job: Job) -> ImportRun:
    """Carries out a check or an import. Refusals are results, not failures: the run is REFUSED and says why."""
    run = ImportRun.objects.select_related("started_by").get(pk=run_id)
    if run.state != ImportState.RUNNING:
        return run
    columns: list[dict[str, Any]] = []
    try:
        jobs.progress(job, done=0, message="Reading the files")
        mapping, files, said = _read(run)
        columns = describe(mapping, files)
        plan = make_plan(mapping, files)
    except Refused as refusal:
        return _refuse(run, refusal.remarks, columns)
    jobs.progress(job, done=0, total=plan.total(), message=f"{plan.total():,} records read")
    context = _context(run, Act(by=run.started_by), mapping)
    result = carry_out(plan, context, write=not run.dry_run, tell=_teller(job))
    _keep_remarks(run, [*said, *plan.remarks, *result.remarks])
    _finish(run, result, describe(mapping, files, plan.orders))
    return run


def _read(run: ImportRun) -> tuple[ImportMapping, Folder, list[Remark]]:
    """The run's mapping (found by the files' columns where none was given, and kept from then on), its tables, and what to
    say of either. Raises Refused."""
    said: list[Remark] = []
    try:
        current_number()
        folder = Path(run.folder)
        if not run.mapping:
            run.mapping, said = _found_or_guessed(run, folder)
        mapping = load_mapping(run.mapping)
    except MappingError as error:
        raise Refused([Remark("error", "mapping-wrong", f"Mapping: {problem}") for problem in error.problems]) from None
    except NoPlaybook as error:
        raise Refused([Remark("error", "no-playbook", str(error))]) from None
    run.kind = mapping.source
    run.save(update_fields=["mapping", "kind"])
    return mapping, look_into(folder, mapping), said


def _found_or_guessed(run: ImportRun, folder: Path) -> tuple[str, list[Remark]]:
    """The mapping that fits; for a check also a guess, which somebody sees before anything is written. Raises Refused."""
    files = look_into(folder)
    try:
        return mapping_text(folder, files), []
    except NothingFits:
        run.mapping = guess_mapping(files)
        run.save(update_fields=["mapping"])  # even if it isn't used: it is something to begin with
        if not run.mapping or not run.dry_run:
            raise
        said = "No mapping fits these files, so their columns were guessed."
        return run.mapping, [Remark("warning", "guessed", said, "Look at how the columns are read before you go on.")]


def _context(run: ImportRun, act: Act, mapping: ImportMapping | None = None) -> Context:
    at = dataclasses.replace(act, route=Route.IMPORT, at=run.started_at, why=f"Import {run.pk}")
    return Context(run=run, source=run.kind, currency=mapping.currency if mapping else "USD", act=at)


def _teller(job: Job) -> Any:
    def tell(done: int, total: int, what: str) -> None:
        jobs.progress(job, done=done, total=total, message=what.capitalize())

    return tell


def _refuse(run: ImportRun, remarks: Sequence[Remark], columns: list[dict[str, Any]]) -> ImportRun:
    _keep_remarks(run, remarks)
    run.state, run.finished_at = ImportState.REFUSED, timezone.now()
    run.summary, run.figures = {"columns": columns}, {}
    run.save()
    return run


def _finish(run: ImportRun, result: Result, columns: list[dict[str, Any]]) -> None:
    run.summary = {"counts": result.counts, "columns": columns}
    run.figures = {"rows": result.figures}
    run.state = ImportState.CHECKED if run.dry_run else ImportState.DONE
    run.finished_at = timezone.now()
    run.save()


def _keep_remarks(run: ImportRun, remarks: Sequence[Remark]) -> None:
    """Writes the report anew; a run that was restarted must not report twice."""
    with transaction.atomic():
        ImportRemark.objects.filter(run=run).delete()
        ImportRemark.objects.bulk_create([_remark(run, remark) for remark in remarks], batch_size=1000)


def _remark(run: ImportRun, remark: Remark) -> ImportRemark:
    return ImportRemark(
        run=run,
        level=remark.level,
        rule=remark.rule,
        file=remark.file[:120],
        line=remark.line,
        column=remark.column[:120],
        value=remark.value[:300],
        said=remark.said,
        done=remark.done,
    )


def perform_undo(run_id: int, job: Job, *, keep_used: bool) -> ImportRun:
    """Carries out an undo. What came into use after it was asked for is kept too where `keep_used`, else nothing is undone."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state == ImportState.UNDONE:
        return run
    usage = find_usage(run)
    refuse_undo(usage, keep_used=keep_used)
    context = _context(run, Act(by=job.created_by))
    context.act = dataclasses.replace(context.act, at=timezone.now(), why=f"Import {run.pk} undone")
    undone = take_back(run, context, usage, _teller(job))
    run.summary = {**run.summary, "undo": _undo_summary(undone, usage)}
    run.state, run.undone_at = ImportState.UNDONE, timezone.now()
    run.save()
    return run


def _undo_summary(undone: Undone, usage: Usage) -> Mapping[str, Any]:
    return {
        "removed": undone.removed,
        "restored": undone.restored,
        "kept": [dataclasses.asdict(record) for record in usage.records],
    }


def uploads() -> Path:
    """Where uploaded files wait; shared by web and workers, never served."""
    return Path(settings.MEDIA_ROOT) / "imports"


def here(
    *, act: Act, folder: Path, mapping: str = "", dry_run: bool = False, by: Person | None = None
) -> tuple[ImportRun, Job]:
    """A run for the process that asks (the command line): its job exists, and no message goes out. Pass both to `perform`."""
    _guard(act)
    with transaction.atomic():
        probe = ImportRun(pk=None)
        _refuse_while_working(probe)
        run = ImportRun.objects.create(
            kind="", folder=str(folder), mapping=mapping, dry_run=dry_run, started_by=by, started_at=act.now
        )
        run.job = _own_job(run, RUN_TASK, "Importing" if not dry_run else "Checking files", by)
        run.save(update_fields=["job"])
    return run, run.job


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
