"""What beat asks for: a sign of life from each worker, through its own queue, and the sweep over waiting jobs."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from crm.models import Heartbeat
from crm.services import jobs, once


@shared_task
def heartbeat(queue: str) -> None:
    """Note that a worker takes work from `queue`. A row that is fresh proves beat, broker and worker at once."""
    Heartbeat.objects.update_or_create(name=queue, defaults={"seen_at": timezone.now()})


@shared_task
def sweep_jobs() -> None:
    """Send again what a broker or a worker lost; every job row is either done or on its way. Forget forms sent long ago."""
    jobs.sweep()
    once.forget()


@worker_ready.connect
def note_start(sender: Any, **kwargs: Any) -> None:
    """Make a new worker count as seen without waiting for beat's first round."""
    for queue in sender.app.amqp.queues.consume_from:
        heartbeat(queue)
