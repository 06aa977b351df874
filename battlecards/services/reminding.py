"""What is due and nobody did: sweeps that beat asks for, within working hours only.

Each row is looked at in a transaction of its own, under its lock, and marked there: run twice, or by two at once, nobody is told twice.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from battlecards.models import Response, ResponseStep, Watch
from battlecards.queries.intel import due_watches, leaders_of, steps_to_look_at
from battlecards.rules.clocks import ESCALATE_AFTER, after_working_time, is_working_time
from battlecards.services.responses import tell_owner
from battlecards.services.watching import follow_playbook
from crm.models import NotificationKind, Route
from crm.queries.company import calendar, company, day_of
from crm.rules.calendar import Calendar
from crm.services.audit import Act
from crm.services.notifications import notify

AT_ONCE = 2_000


def sweep(*, now: dt.datetime | None = None) -> int:
    """Reminds of steps and watches that are due, and tells those above of steps that are overdue. Returns at how many something was
    done; outside working hours at none."""
    now = now or timezone.now()
    where = company()
    days, zone = calendar(where), ZoneInfo(where.time_zone)
    act = Act(by=None, route=Route.WORKER, at=now)
    follow_playbook(act=act)
    if not is_working_time(now, days, zone):
        return 0
    steps = list(steps_to_look_at(now).values_list("pk", "response")[:AT_ONCE])
    watches = list(due_watches(day_of(where, now)).values_list("pk", flat=True)[:AT_ONCE])
    done = sum(_look_at(act, step, response, days, zone) for step, response in steps)
    return done + sum(_remind(act, watch, day_of(where, now)) for watch in watches)


@transaction.atomic
def _look_at(act: Act, step_id: int, response_id: int, days: Calendar, zone: ZoneInfo) -> bool:
    """The response first, as everybody who writes to one locks it."""
    response = Response.objects.select_for_update(of=("self",)).filter(pk=response_id, state="open").first()
    rows = ResponseStep.objects.select_for_update(of=("self",)).select_related("owner", "response__event")
    step = rows.filter(pk=step_id, done_at__isnull=True).first()
    if response is None or step is None or step.due_at > act.now:
        return False
    changed = False
    if step.reminded_at is None:
        step.reminded_at = act.now
        tell_owner(act, step, f"{step.label} is due now: {step.response.event.title}", f"due:{step.owner_id}")
        changed = True
    levels = [after_working_time(step.due_at, wait, days, zone) <= act.now for wait in ESCALATE_AFTER]
    reached = sum(levels)
    if reached > step.escalations:
        _escalate(act, response, step, reached)
        changed = True
    if changed:
        step.save(update_fields=["reminded_at", "escalated_at", "escalations"])
    return changed


def _escalate(act: Act, response: Response, step: ResponseStep, reached: int) -> None:
    """First to the response's owner, then to those who lead them; where the step is the owner's own, the first is skipped."""
    told: set[int] = set()
    if step.escalations < 1 and response.owner_id != step.owner_id:
        told.add(response.owner_id)
    if reached >= 2 or response.owner_id == step.owner_id:
        told |= {one.pk for one in leaders_of(response.owner)}
        reached = 2
    step.escalations, step.escalated_at = reached, act.now
    notify(
        act=act,
        to=sorted(told),
        kind=NotificationKind.INTEL,
        text=f"Overdue, with {step.owner}: {step.label}, for {response.event.title}",
        url=reverse("battlecards:response-detail", args=[response.pk]),
        key=f"step:{step.pk}:escalated:{reached}",
    )


@transaction.atomic
def _remind(act: Act, watch_id: int, today: dt.date) -> bool:
    row = Watch.objects.select_for_update(of=("self",)).filter(pk=watch_id, retired_at__isnull=True).first()
    if row is None or row.owner_id is None or row.due_on > today or (row.reminded_on or dt.date.min) >= today:
        return False
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    notify(
        act=act,
        to=[row.owner_id],
        kind=NotificationKind.INTEL,
        text=f"{row.label} is due",
        url=reverse("battlecards:watch-list"),
        key=f"watch:{row.pk}:{today}",
    )
    return True
