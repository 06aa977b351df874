"""Giving tasks, changing them, doing them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from activities.models import Repeat, Task
from activities.queries.subjects import Subject, sees
from activities.rules.recurrence import MOST_WEEKS, moved_reminder, next_due
from activities.services.base import audit, begin, change, editable_subject, locked, remove
from crm.lib.errors import Clash, Invalid
from crm.models import Person
from crm.rules import moments
from crm.services.audit import Act

FIELDS = ("title", "body", "owner", "due_date", "due_time", "remind_at", "repeats", "every_weeks")
MORNING = dt.time(8)
"""When the owner of a task that is due on a day without a time hears of it, on their own clock."""


@transaction.atomic
def create_task(*, act: Act, about: tuple[str, int], values: dict[str, Any]) -> Task:
    """A task about a record; its owner is whoever gives it unless named. Raises Unseen, NotAllowed and Invalid."""
    subject = editable_subject(act, *about)
    task = begin(Task, act, subject)
    if act.by is not None:
        values = {"owner": act.by, **values}
    changes = change(task, act, _checked(values, task, subject), FIELDS)
    _plan(task, act.now)
    task.save()
    audit(act, task, subject, "created", changes)
    return task


@transaction.atomic
def update_task(*, act: Act, task_id: int, values: dict[str, Any], expected_version: int | None = None) -> Task:
    """Raises Task.DoesNotExist, NotAllowed, EditConflict, Invalid; Clash for one that is done."""
    task, subject = locked(Task, act, task_id, expected_version)
    if task.is_done:
        raise Clash("This task is done. Open it again first.")
    changes = change(task, act, _checked(values, task, subject), FIELDS)
    if changes:
        if {"due_date", "due_time", "remind_at", "owner"} & changes.keys():
            _plan(task, act.now)
        task.save()
        audit(act, task, subject, "changed", changes)
    return task


@transaction.atomic
def complete_task(*, act: Act, task_id: int, expected_version: int | None = None) -> Task | None:
    """Marks a task as done, and returns the next of its series where it repeats. One that is done stays as it is: of two
    who tick it off at the same moment, one finds it done, and the next one is made once.

    Raises Task.DoesNotExist, NotAllowed and EditConflict.
    """
    task, subject = locked(Task, act, task_id, expected_version)
    if task.is_done:
        return _following(task)
    task.done_at = task.at = act.now
    task.done_by = act.by
    task.version += 1
    task.updated_by, task.updated_at = act.by, act.now
    task.save()
    audit(act, task, subject, "done", {"done": (False, True)})
    return _follow(act, task, subject)


@transaction.atomic
def reopen_task(*, act: Act, task_id: int, expected_version: int | None = None) -> Task:
    """Takes "done" back. The next of its series goes, if nobody has touched it yet; it comes again with the next "done".

    Raises Task.DoesNotExist, NotAllowed and EditConflict.
    """
    task, subject = locked(Task, act, task_id, expected_version)
    if not task.is_done:
        return task
    following = Task.objects.select_for_update(of=("self",)).filter(follows=task).first()
    if following is not None and following.version == 1 and not following.is_done:
        remove(following, act, subject, FIELDS)
    task.done_at, task.done_by, task.at = None, None, task.created_at
    task.version += 1
    task.updated_by, task.updated_at = act.by, act.now
    _plan(task, act.now)
    task.save()
    audit(act, task, subject, "reopened", {"done": (True, False)})
    return task


@transaction.atomic
def delete_task(*, act: Act, task_id: int, expected_version: int | None = None) -> None:
    """Raises Task.DoesNotExist, NotAllowed and EditConflict."""
    task, subject = locked(Task, act, task_id, expected_version)
    remove(task, act, subject, FIELDS)


def _follow(act: Act, task: Task, subject: Subject) -> Task | None:
    """The next of a series, about the same record: made, or the one that is there already. None where it ends."""
    there = _following(task)
    if task.due_date is None or there is not None:
        return there
    again = next_due(
        task.due_date,
        task.repeats,
        weeks=task.every_weeks or 1,
        month_day=task.month_day,
        after=act.now.astimezone(task.owner.zone).date(),
    )
    if again is None:
        return None
    following = begin(Task, act, subject)
    following.follows = task
    following.month_day = task.month_day
    remind_at = task.remind_at and moved_reminder(task.remind_at, task.due_date, again, task.owner.zone.key)
    kept = {name: getattr(task, name) for name in FIELDS}
    changes = change(following, act, kept | {"due_date": again, "remind_at": remind_at}, FIELDS)
    _plan(following, act.now)
    following.save()
    audit(act, following, subject, "created", changes)
    return following


def _following(task: Task) -> Task | None:
    found: Task | None = Task.objects.filter(follows=task).first()
    return found


def _plan(task: Task, now: dt.datetime) -> None:
    """When its owner will be told. What is past already when it is written down tells nobody anything new."""
    when = task.remind_at or _due_at(task)
    task.notify_at = when if when is not None and when > now else None
    task.notified_at = None


def follow_clock(task: Task) -> None:
    """A task nobody was told of yet is told on the clock its owner has now: another owner's, or that of another zone. One whose
    moment is past on that clock is told at once. A reminder somebody asked for is a moment, the same on every clock."""
    if task.notify_at is not None and task.notified_at is None and task.remind_at is None:
        task.notify_at = _due_at(task)


def _due_at(task: Task) -> dt.datetime | None:
    if task.due_date is None:
        return None
    try:
        local = dt.datetime.combine(task.due_date, task.due_time or MORNING, task.owner.zone)
        return local.astimezone(dt.UTC)
    except OverflowError:
        return None  # the last day of the calendar, in a zone that is behind


def _checked(values: dict[str, Any], task: Task, subject: Subject) -> dict[str, Any]:
    clean, errors = dict(values), {}
    for name in ("title", "body"):
        if name in clean:
            clean[name] = str(clean[name] or "").replace("\r\n", "\n").strip()
    after = {name: clean.get(name, getattr(task, name, None)) for name in FIELDS if name != "owner"}
    owner = clean.get("owner", None if task._state.adding else task.owner)
    if not after["title"]:
        errors["title"] = "Say what is to be done."
    elif len(after["title"]) > 200:
        errors["title"] = "A title has 200 characters at most. Put the rest into the details."
    if not isinstance(owner, Person) or not owner.is_active:
        errors["owner"] = "Choose somebody who works here."
    elif (task._state.adding or owner.pk != task.owner_id) and not sees(owner, subject):
        errors["owner"] = f"{owner} can't see this {subject.kind}. Choose somebody who can, or share it first."
    errors |= _series_errors(after)
    if clean.get("remind_at") is not None and not moments.in_range(clean["remind_at"]):
        errors["remind_at"] = moments.OUT_OF_RANGE
    if after["due_time"] is not None and after["due_date"] is None:
        errors["due_time"] = "Give the day as well."
    if errors:
        raise Invalid(errors)
    return _series(clean, after, task)


def _series_errors(after: dict[str, Any]) -> dict[str, str]:
    if (after["repeats"] or "") not in Repeat.values:
        return {"repeats": f"Choose one of: {', '.join(value for value in Repeat.values if value)}."}
    if not after["repeats"]:
        return {}
    errors = {}
    if after["due_date"] is None:
        errors["due_date"] = "A task that repeats begins on a day. Give it."
    if after["repeats"] == Repeat.WEEKS and not 1 <= (after["every_weeks"] or 0) <= MOST_WEEKS:
        errors["every_weeks"] = f"Say every how many weeks, from 1 to {MOST_WEEKS}."
    return errors


def _series(clean: dict[str, Any], after: dict[str, Any], task: Task) -> dict[str, Any]:
    """Keeps the number of weeks with its rule alone, and the day of the month a monthly series began on."""
    clean["repeats"] = after["repeats"] or ""
    if clean["repeats"] != Repeat.WEEKS:
        clean["every_weeks"] = None
    if clean["repeats"] != Repeat.MONTHLY or after["due_date"] is None:
        task.month_day = 0
    elif task._state.adding or after["due_date"] != task.due_date or not task.month_day:
        task.month_day = after["due_date"].day
    return clean
