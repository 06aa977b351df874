"""Open tasks go along with a deal that gets another owner, and to somebody else when their owner leaves."""

from __future__ import annotations

from typing import Any

from activities.models import Task
from activities.queries.subjects import of_system, sees
from activities.services.base import audit, change
from activities.services.tasks import follow_clock
from crm.models import Person
from crm.registry import GoesAlong, Handover, goes_along, handovers
from crm.rules import access
from crm.services.audit import Act
from crm.services.handovers import Held


def register() -> None:
    goes_along.add(GoesAlong(key="tasks", label="open tasks", count=TASKS.count_on, move=TASKS.move_on))
    handovers.add(
        Handover(key="tasks", one="open task", label="open tasks", held=TASKS.held, move=TASKS.move, refuses=_refuses)
    )


def _open(owner_id: int) -> Any:
    """Those about what is in the bin too: it may come back, and they should not come back to nobody."""
    return Task.objects.filter(owner_id=owner_id, done_at__isnull=True)


def _give(act: Act, rows: Any, to_id: int, most: int) -> int:
    """Gives tasks to another owner, seen or not: whoever hands over sees to it that they see the record too."""
    taker = Person.objects.get(pk=to_id)
    tasks = list(rows.select_for_update(of=("self",)).order_by("pk")[:most])
    for task in tasks:
        subject = of_system(task.about_kind, task.about_id)
        changes = change(task, act, {"owner": taker}, ("owner",))
        follow_clock(task)
        if task.notify_at is not None and task.notified_at is None and not sees(taker, subject):
            task.notify_at = None  # nobody is told of what they can't see
        task.save()
        audit(act, task, subject, "changed", changes)
    return len(tasks)


TASKS = Held(rows=_open, give=_give)


def _refuses(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    if access.sees_contacts(taking.roles):
        return ""
    return f"{taking} does not see what the tasks are about. Choose somebody who sells, leads or runs operations."
