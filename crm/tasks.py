"""Background work of this app. Each task takes the id of a job row, may be killed at any point, and may be run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.models import Route
from crm.services import (
    bin,
    bulk,
    digests,
    duplicates,
    exports,
    import_work,
    imports,
    jobs,
    leaving,
    notifications,
    outbox,
    rehearsals,
)
from crm.services.audit import Act


@shared_task(name=imports.RUN_TASK)
def run_import(job_id: int) -> None:
    """Checks the files of an import, or brings them in. `args`: run_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            import_work.perform(job.args["run_id"], job)


@shared_task(name=imports.UNDO_TASK)
def undo_import(job_id: int) -> None:
    """Takes an import back. `args`: run_id, keep_used."""
    with jobs.running(job_id) as job:
        if job is not None:
            import_work.perform_undo(job.args["run_id"], job, keep_used=job.args["keep_used"])


@shared_task(name=rehearsals.TASK)
def rehearse(job_id: int) -> None:
    """What publishing a draft would change on every open deal. `args`: run_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            rehearsals.perform(
                job.args["run_id"], progress=lambda done, total: jobs.progress(job, done=done, total=total)
            )


@shared_task(name=leaving.HAND_OVER_TASK)
def hand_over(job_id: int) -> None:
    """Gives what somebody who left still holds to others. `args`: person_id, to (person by key), by, why."""
    with jobs.running(job_id) as job:
        if job is not None:
            leaving.hand_over_in_batches(
                act=leaving.act_of(job), person_id=job.args["person_id"], to=job.args["to"], job=job
            )


@shared_task(name="crm.tasks.plan_purge")
def plan_purge() -> None:
    """Asks for the bin to be emptied of what was kept long enough, where there is any."""
    bin.plan_purge(timezone.now())


@shared_task(name=bin.PURGE_TASK)
def purge_bin(job_id: int) -> None:
    """Takes away for good what was deleted long enough ago. No arguments."""
    with jobs.running(job_id) as job:
        if job is not None:
            bin.purge(act=Act(by=None, route=Route.WORKER), tell=lambda done: jobs.progress(job, done=done))


@shared_task(name=duplicates.FIND_TASK)
def find_duplicates(job_id: int) -> None:
    """Looks through all accounts and contacts for those that may be one. No arguments."""
    with jobs.running(job_id) as job:
        if job is not None:
            act = Act(by=None, route=Route.WORKER)
            duplicates.find(act, tell=lambda done: jobs.progress(job, done=done))


@shared_task(name=bulk.TASK)
def bulk_change(job_id: int) -> None:
    """What is left of a change of many records. `args`: bulk_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            bulk.perform(job.args["bulk_id"], job)


@shared_task(name=bulk.UNDO_TASK)
def undo_bulk_change(job_id: int) -> None:
    """What is left of undoing one. `args`: bulk_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            bulk.perform_undo(job.args["bulk_id"], job)


@shared_task(name=bulk.EXPORT_TASK)
def export_list(job_id: int) -> None:
    """Writes the file of an export. `args`: bulk_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            exports.perform(job.args["bulk_id"], job)


@shared_task(name="crm.tasks.sweep_bulk")
def sweep_bulk() -> None:
    """Forgets what was drawn up and never asked for, and old exports."""
    bulk.sweep(timezone.now())
    exports.sweep(timezone.now())


@shared_task
def write_digests() -> None:
    """Asked for by beat: the summaries that are due, into the outbox."""
    digests.write_digests()


@shared_task
def send_mail() -> None:
    """Asked for by beat: what waits in the outbox."""
    outbox.send_waiting()


@shared_task
def forget_old_news() -> None:
    """Asked for by beat: what people were told and sent long ago goes."""
    notifications.forget_old()
    outbox.forget_old()
