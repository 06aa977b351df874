"""Lists of tasks: what somebody has to do, and what is open on a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from activities.models import Activity, Entry, Task
from activities.queries.subjects import Subject
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import Person

VIEWS = {"": "Mine", "given": "Given to others", "done": "Done"}
SORTS = keyset.both_ways(Sort("due", "Due", ("due_sort",)), Sort("done", "Done", ("done_at",)))
MOST_OPEN = 50
MOST_TODAY = 8

ABOUT = ("account", "contact", "contact__account", "deal", "deal__account")


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks due in the same stretch of time."""

    key: str
    label: str
    tasks: tuple[Task, ...]


def listed(user: Person, view: str) -> QuerySet[Task]:
    """The tasks of a view of the page "Tasks", of those somebody still sees."""
    rows: QuerySet[Task] = Task.objects.visible_to(user)
    match view:
        case "given":
            rows = rows.filter(created_by=user, done_at__isnull=True).exclude(owner=user)
        case "done":
            rows = rows.filter(owner=user, done_at__isnull=False)
        case _:
            rows = rows.filter(owner=user, done_at__isnull=True)
    return rows.select_related("owner", "created_by", *ABOUT)


@dataclass(frozen=True, slots=True)
class DueNow:
    """The first tasks that are overdue or due today, and how many there are."""

    tasks: tuple[Task, ...]
    count: int


def due_now(user: Person, today: dt.date) -> DueNow:
    rows = listed(user, "").filter(due_date__lte=today)
    return DueNow(tuple(rows.order_by("due_sort", "pk")[:MOST_TODAY]), rows.count())


def grouped(tasks: Iterable[Task], today: dt.date) -> list[Group]:
    """Open tasks, sorted by due day, under overdue, today, this week (up to Sunday) and later; empty groups left out."""
    sunday = today + dt.timedelta(days=6 - today.weekday())
    labels = {"late": "Overdue", "today": "Today", "week": "This week", "later": "Later", "undated": "Without a date"}
    found: dict[str, list[Task]] = {key: [] for key in labels}
    for task in tasks:
        found[_group(task.due_date, today, sunday)].append(task)
    return [Group(key, label, tuple(found[key])) for key, label in labels.items() if found[key]]


def _group(due: dt.date | None, today: dt.date, sunday: dt.date) -> str:
    if due is None:
        return "undated"
    if due < today:
        return "late"
    if due == today:
        return "today"
    return "week" if due <= sunday else "later"


def open_on(subject: Subject) -> list[Task]:
    """The open tasks about a record, by due day; one more than are shown where there are more."""
    rows = Task.objects.about(subject.kind, subject.pk).filter(done_at__isnull=True)
    return list(rows.select_related("owner", "created_by").order_by("due_sort", "pk")[: MOST_OPEN + 1])


def whole(model: type[Entry], pk: int, user: Person) -> Entry:
    """An entry with all its page shows. Raises the model's DoesNotExist where this person doesn't see it."""
    manager: Any = model._default_manager
    rows = manager.visible_to(user).select_related("created_by", "updated_by", *ABOUT)
    if model is Activity:
        rows = rows.prefetch_related("participants")
    found: Entry = rows.get(pk=pk)
    return found
