"""Who sees which jobs, and whether anybody does the waiting ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from crm.models import Heartbeat, Job, JobState, Person
from crm.rules import access

SEEN_LATELY = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Worker:
    """A queue's worker: last seen when (None: never), and how many jobs wait for it."""

    queue: str
    seen_at: dt.datetime | None
    is_alive: bool
    waiting: int


def visible_jobs(user: Person) -> QuerySet[Job]:
    """Operations sees every job, anybody else those they asked for."""
    return Job.objects.all() if access.may_run_operations(user.roles) else Job.objects.filter(created_by=user)


def workers(now: dt.datetime | None = None) -> list[Worker]:
    """Every queue that a worker or a waiting job names. Two queries."""
    now = now or timezone.now()
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    waits = Job.objects.filter(state=JobState.QUEUED).values_list("queue").annotate(Count("id")).order_by()
    waiting: dict[str, int] = dict(waits)
    return [
        Worker(queue, seen.get(queue), queue in seen and now - seen[queue] <= SEEN_LATELY, waiting.get(queue, 0))
        for queue in sorted({*seen, *waiting})
    ]
