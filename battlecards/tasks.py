"""Background work of this app, asked for by beat. Each may be killed at any point, and may run twice."""

from __future__ import annotations

from celery import shared_task

from battlecards.services import reminding, reviews


@shared_task
def publish_due() -> None:
    """Publish drafts of cards whose time has come."""
    reviews.publish_due()


@shared_task
def remind() -> None:
    """Remind of steps and watches that are due, and go higher with what is overdue."""
    reminding.sweep()
