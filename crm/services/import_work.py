"""Carrying imports out: what a worker, or the command, does with a run that was started.

Each function may be called again for the same run, after its process was killed: what is done already is passed over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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
from crm.lib.errors import Clash
from crm.models import ImportRemark, ImportRun, ImportState, Job, Route
from crm.queries.playbook import NoPlaybook, current_number
from crm.services import jobs
from crm.services.audit import Act


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
