"""Notes, tasks, logged activities and files as lines of a timeline: for each sort one indexed query, cut off after a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from activities.models import Activity, ActivityKind, Attachment, Entry, Note, Task
from activities.rules import markdown
from crm.models import Person
from crm.registry import TimelineEntry
from crm.rules import formatting

MOST = 32
"""Read per sort and page: more than a page, with room for what one act wrote at one moment (ten files)."""
EXCERPT = 1_200
"""Characters of a text that a timeline shows; the rest stands on the entry's own page."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of entry. `entries(about, pk, before, limit)` gives lines, the newest first."""

    key: str
    label: str
    entries: Callable[[str, int, dt.datetime | None, int], list[TimelineEntry]]


def newest(rows: QuerySet[Any], before: dt.datetime | None, limit: int) -> list[Any]:
    if before is not None:
        rows = rows.filter(at__lt=before)
    return list(rows.select_related("created_by").order_by("-at", "-pk")[: min(limit, MOST)])


def short(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the beginning of the body instead of all of it: an e-mail may be long, and a page shows the beginning."""
    shortened: QuerySet[Any] = rows.defer("body").annotate(excerpt=Left("body", EXCERPT), length=Length("body"))
    return shortened


def notes(about: str, pk: int, before: dt.datetime | None, limit: int) -> list[TimelineEntry]:
    rows = short(Note.objects.about(about, pk)).prefetch_related("mentions")
    return [
        TimelineEntry(
            at=row.at,
            kind="notes",
            text="Note",
            by=_by(row),
            more="edited" if row.is_edited else "",
            url=url(row),
            body=partial(_rich, row, frozenset(one.username.lower() for one in row.mentions.all())),
            icon="note",
            opens=True,
        )
        for row in newest(rows, before, limit)
    ]


def tasks(about: str, pk: int, before: dt.datetime | None, limit: int) -> list[TimelineEntry]:
    rows = Task.objects.about(about, pk).defer("body").select_related("owner", "done_by")
    return [
        TimelineEntry(
            at=row.at,
            kind="tasks",
            text=f"{'Done' if row.is_done else 'Task'}: {row.title}",
            by=str((row.done_by if row.is_done else row.created_by) or ""),
            more=_task_words(row),
            url=url(row),
            icon="check" if row.is_done else "clock",
            opens=True,
        )
        for row in newest(rows, before, limit)
    ]


def calls(about: str, pk: int, before: dt.datetime | None, limit: int) -> list[TimelineEntry]:
    rows = _activities(about, pk).exclude(kind=ActivityKind.EMAIL)
    return [_activity(row) for row in newest(rows, before, limit)]


def emails(about: str, pk: int, before: dt.datetime | None, limit: int) -> list[TimelineEntry]:
    rows = _activities(about, pk).filter(kind=ActivityKind.EMAIL)
    return [_activity(row) for row in newest(rows, before, limit)]


def with_contact(user: Person, pk: int, kind: str, before: dt.datetime | None) -> list[TimelineEntry]:
    """Calls, meetings and e-mails a contact took part in that are filed elsewhere, of those this person sees."""
    rows = short(Activity.objects.visible_to(user).filter(participants=pk).exclude(contact=pk))
    rows = rows.prefetch_related("participants")
    if kind:
        rows = rows.filter(kind=ActivityKind.EMAIL) if kind == "emails" else rows.exclude(kind=ActivityKind.EMAIL)
    return [_activity(row) for row in newest(rows, before, MOST)]


def files(about: str, pk: int, before: dt.datetime | None, limit: int) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=row.at,
            kind="files",
            text=row.name,
            by=_by(row),
            more=f"{row.kind_label}, {row.size_words}",
            url=url(row),
            icon="file",
            opens=True,
        )
        for row in newest(Attachment.objects.about(about, pk), before, limit)
    ]


SORTS = (
    Sort("notes", "Notes", notes),
    Sort("tasks", "Tasks", tasks),
    Sort("calls", "Calls and meetings", calls),
    Sort("emails", "E-mails", emails),
    Sort("files", "Files", files),
)


def url(row: Entry) -> str:
    words = {"note": "notes", "task": "tasks", "activity": "activities", "attachment": "files"}
    return reverse("activities:entry-detail", args=[words[row._meta.model_name or ""], row.pk])


def _activities(about: str, pk: int) -> QuerySet[Any]:
    return short(Activity.objects.about(about, pk)).prefetch_related("participants")


def _activity(row: Any) -> TimelineEntry:
    people = formatting.listing([str(one) for one in row.participants.all()])
    with_them = f"with {people}" if people else ""
    if row.is_email:
        route = f"{row.sender} to {row.recipients}" if row.sender and row.recipients else row.sender or row.recipients
        more = route if len(route) < 200 else f"{route[:200]}…"
    else:
        more = ", ".join(part for part in (f"{row.minutes} min" if row.minutes else "", with_them) if part)
    return TimelineEntry(
        at=row.at,
        kind="emails" if row.is_email else "calls",
        text=f"{row.get_kind_display()}: {row.subject}",
        by=_by(row),
        more=more,
        url=url(row),
        body=partial(_plain, row) if row.is_email else partial(_rich, row, frozenset()),
        icon={"email": "mail", "call": "call"}.get(row.kind, "people"),
        opens=True,
    )


def _by(row: Entry) -> str:
    return str(row.created_by or "")


def _rich(row: Any, mentioned: frozenset[str]) -> SafeString:
    more = "…" if row.length > EXCERPT else ""
    return SafeString(markdown.render(row.excerpt + more, mentioned))


def _plain(row: Any) -> SafeString:
    more = "…" if row.length > EXCERPT else ""
    return SafeString(linebreaks(row.excerpt + more, autoescape=True))


def _task_words(row: Task) -> str:
    due = f"due {formatting.day(row.due_date, row.at.date())}" if row.due_date and not row.is_done else ""
    return ", ".join(part for part in (f"for {row.owner}", due, row.repeats_words) if part)
