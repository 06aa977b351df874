"""Tasks."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import FILTERS, SORTS, EntryApi
from activities.models import Task
from activities.serializers.about import about
from activities.serializers.entries import TaskAnswer, TaskChange, TaskNew
from activities.services.tasks import complete_task, create_task, delete_task, reopen_task, update_task
from crm.lib import keyset
from crm.lib.api.filters import day, identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.keyset import Sort

PATH = {"task_id": "The task's id."}


class TaskApi(EntryApi):
    model = Task
    answer_shape = TaskAnswer
    related = ("created_by", "owner")


class TaskList(TaskApi):
    filters = (
        *FILTERS,
        identity("owner", "Whose task it is: a person's id."),
        one_of("done", "Whether it is done.", ("yes", "no")),
        day("due_from", "Due on this day or later."),
        day("due_to", "Due on this day or earlier."),
    )
    sorts = keyset.both_ways(Sort("due", "Due", ("due_sort",))) | SORTS

    @listing(
        id="tasks_list",
        tag="tasks",
        says="Tasks, those due first in front",
        rows=TaskAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        wanted = self.wanted()
        if "done" in wanted:
            wanted["done_at__isnull"] = wanted.pop("done") == "no"
        for name, lookup in (("due_from", "due_date__gte"), ("due_to", "due_date__lte")):
            if name in wanted:
                wanted[lookup] = wanted.pop(name)
        return self.listed(self.rows().filter(**wanted), self.show, default="due")

    @operation(id="tasks_create", tag="tasks", says="Give a task", takes=TaskNew, answers=TaskAnswer, status=201)
    def post(self, request: Request) -> Response:
        self.adds()
        values = self.body(TaskNew)
        task = create_task(act=self.act(), about=about(values), values=values)
        return self.answer(self.shown(task.pk), status=201, location=reverse("api:task", args=[task.pk]))


class TaskDetail(TaskApi):
    @operation(id="tasks_read", tag="tasks", says="One task", path=PATH, answers=TaskAnswer)
    def get(self, request: Request, task_id: int) -> Response:
        return self.answer(self.shown(task_id))

    @operation(
        id="tasks_update",
        tag="tasks",
        says="Change a task, tick it off or open it again",
        path=PATH,
        takes=TaskChange,
        answers=TaskAnswer,
        guarded=True,
    )
    def patch(self, request: Request, task_id: int) -> Response:
        self.change(task_id, lambda version: self._write(task_id, self.body(TaskChange, partial=True), version))
        return self.answer(self.shown(task_id))

    @operation(id="tasks_delete", tag="tasks", says="Delete a task", path=PATH, answers=None, status=204, guarded=True)
    def delete(self, request: Request, task_id: int) -> Response:
        self.change(task_id, lambda version: delete_task(act=self.act(), task_id=task_id, expected_version=version))
        return Response(status=204)

    @transaction.atomic
    def _write(self, task_id: int, values: dict[str, Any], version: int) -> None:
        """Opened again before it is changed, changed before it is done: one request may say all of it."""
        done = values.pop("done", None)
        expected: int | None = version
        if done is False:
            reopen_task(act=self.act(), task_id=task_id, expected_version=expected)
            expected = None
        if values:
            update_task(act=self.act(), task_id=task_id, values=values, expected_version=expected)
            expected = None
        if done is True:
            complete_task(act=self.act(), task_id=task_id, expected_version=expected)
