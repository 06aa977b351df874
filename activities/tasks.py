"""Background work of this app, asked for by beat or by a job. Each may be killed at any point, and may run twice."""

from __future__ import annotations

from celery import shared_task

from activities.services import files, reminders
from crm.services import jobs


@shared_task
def remind() -> None:
    """Tell people of their tasks that are due."""
    reminders.remind()


@shared_task
def plan_again(job_id: int) -> None:
    """Somebody's clock is another one. `args`: owner_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            reminders.plan_again(job.args["owner_id"])


@shared_task
def sweep_files() -> None:
    """Remove files that no attachment names any more: of records that were deleted, and of uploads that broke off."""
    files.sweep()
