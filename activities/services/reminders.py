"""Telling owners of what is due: a sweep over due rows, each marked in the transaction that tells."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from activities.models import Task
from activities.queries.subjects import Unseen, subject_of
from activities.services.base import url_of
from activities.services.tasks import follow_clock
from activities.services.telling import tell
from crm.models import Route
from crm.services.audit import Act

AT_ONCE = 500
"""Tasks a sweep looks at; the rest come with the next one, a minute later."""


def remind(*, now: dt.datetime | None = None) -> int:
    """Tells the owner of every open task whose moment has come, once. Returns how many were told."""
    now = now or timezone.now()
    due = Task.objects.present().filter(done_at__isnull=True, notified_at__isnull=True, notify_at__lte=now)
    return sum(_remind(pk, now) for pk in due.order_by("notify_at").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def plan_again(owner_id: int) -> None:
    """After somebody moved to another time zone: their tasks are due by its clock. Safe to run twice."""
    waiting = Task.objects.filter(
        owner=owner_id, done_at__isnull=True, notified_at__isnull=True, notify_at__isnull=False
    )
    tasks = list(waiting.select_related("owner").select_for_update(of=("self",)).order_by("pk"))
    for task in tasks:
        follow_clock(task)
    Task.objects.bulk_update(tasks, ["notify_at"], batch_size=500)


@transaction.atomic
def _remind(task_id: int, now: dt.datetime) -> bool:
    """Of two sweeps at once one finds the row marked."""
    marked = Task.objects.filter(pk=task_id, done_at__isnull=True, notified_at__isnull=True, notify_at__lte=now)
    if not marked.update(notified_at=now):
        return False
    task = Task.objects.select_related("owner").get(pk=task_id)
    try:
        subject = subject_of(task.owner, task)
    except Unseen:
        return False  # what they no longer see they are not told of
    act = Act(by=None, route=Route.WORKER, at=now)
    text = f"Due: {task.title} ({subject.name})"
    key = f"task:{task.pk}:{task.notify_at:%Y%m%d%H%M}" if task.notify_at else ""
    tell(act=act, to=[task.owner_id], kind="task_due", text=text, url=url_of(task), entry=task, key=key)
    return True
