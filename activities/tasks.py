"""Background work of this app, asked for by beat. Each may be killed at any point, and may run twice."""

from __future__ import annotations

from celery import shared_task

from activities.services import files, reminders


@shared_task
def remind() -> None:
    """Tell people of their tasks that are due."""
    reminders.remind()


@shared_task
def sweep_files() -> None:
    """Remove files that no attachment names any more: of records that were deleted, and of uploads that broke off."""
    files.sweep()
