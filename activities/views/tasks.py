"""Tasks: the page of one's own, the panel on a record, and ticking off."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from activities.models import Task
from activities.queries import tasks as queries
from activities.queries.subjects import Subject
from activities.services.tasks import complete_task, reopen_task
from activities.views.base import Request, act, entry_view, record_view, show
from crm.lib import keyset
from crm.lib.views import allowed, bare, person, saved, today_panel
from crm.rules import access
from crm.rules.formatting import day


@require_safe
@allowed(access.sees_contacts)
def task_list(request: HttpRequest) -> HttpResponse:
    """My open tasks by when they are due; ?view=given those I gave to others, ?view=done those I did."""
    view = request.GET.get("view", "")
    view = view if view in queries.VIEWS else ""
    rows = queries.listed(person(request), view)
    page = keyset.page(rows, queries.SORTS, request.GET, default="-done" if view == "done" else "due", noun="tasks")
    today = timezone.localdate()
    groups = [queries.Group("done", "Done", tuple(page.rows))] if view == "done" else queries.grouped(page.rows, today)
    context = {
        "page": page,
        "groups": [group for group in groups if group.tasks],
        "view": view,
        "views": [
            (key, label, reverse("activities:task-list") + (f"?view={key}" if key else ""))
            for key, label in queries.VIEWS.items()
        ],
        "today": today,
    }
    template = "activities/partials/task_groups.html" if bare(request) else "activities/task_list.html"
    return render(request, template, context)


@require_safe
@allowed(access.works_deals)
def today_tasks(request: HttpRequest) -> HttpResponse:
    """My tasks that are overdue or due today, as a panel of the page one's day begins with."""
    found = queries.due_now(person(request), timezone.localdate())
    return today_panel(request, "activities/partials/today_tasks.html", "tasks", "What have I to do?", {"found": found})


@record_view()
def task_panel(request: Request, subject: Subject) -> HttpResponse:
    """The open tasks about a record."""
    tasks = queries.open_on(subject)
    context = {
        "tasks": tasks[: queries.MOST_OPEN],
        "more": len(tasks) > queries.MOST_OPEN,
        "may_add": subject.editable,
        "today": timezone.localdate(),
    }
    return show(request, subject, "activities/partials/tasks_panel.html", context, title="Tasks", dialog=False)


@entry_view(changes=True, methods=("POST",), words="tasks")
def task_done(request: Request, task: Task, subject: Subject, may_change: bool) -> HttpResponse:
    """Ticks a task off, or opens it again (done=0)."""
    if request.POST.get("done") == "0":
        reopen_task(act=act(request), task_id=task.pk)
        return _answer(request, subject, f"“{task.title}” is open again.")
    following = complete_task(act=act(request), task_id=task.pk)
    again = ""
    if following is not None and following.due_date is not None:
        again = f" The next one is due {day(following.due_date, timezone.localdate())}."
    return _answer(request, subject, f"“{task.title}” is done.{again}")


def _answer(request: Request, subject: Subject, said: str) -> HttpResponse:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return saved(request, said, changed="activity-changed", to=wanted if safe else subject.url)
