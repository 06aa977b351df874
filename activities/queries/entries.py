"""Notes, tasks, logged activities and files as lines of a timeline: for each sort one indexed query, cut off after a page.

Rows are dictionaries of what is shown, not model instances: a page asks ten sources, and most of what they find is older than it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from activities.models import Activity, ActivityKind, Attachment, Note, Task
from activities.rules import markdown
from activities.rules.words import file_in_words, repeats_in_words
from crm.models import Person
from crm.queries.people import name_columns, name_in
from crm.registry import TimelineEntry
from crm.rules import formatting
from deals.queries.timeline import FETCH, newest

EXCERPT = 1_200
"""Characters of a text that a timeline shows; the rest stands on the entry's own page."""
BEGINNING = {"excerpt": Left("body", EXCERPT), "length": Length("body")}
TALKS = {"calls": "Calls and meetings", "emails": "E-mails"}
ICONS = {"email": "mail", "call": "call", "meeting": "people"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time a page is about: before one moment (None: now), not before another (None: ever), so many entries at most; of one
    kind ("": of all)."""

    before: dt.datetime | None = None
    since: dt.datetime | None = None
    limit: int = FETCH
    kind: str = ""

    def of(self, rows: QuerySet[Any], *names: str, body: bool = False) -> list[Row]:
        """These columns of the newest rows, with who wrote them; of the body only its beginning, for it may be long."""
        excerpt = BEGINNING if body else {}
        shown = rows.values("pk", "at", *names, *name_columns("created_by"), **excerpt)
        return newest(shown, "at", self.before, self.since, self.limit)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of entry: a table, and the kinds in it by key. `entries(about, pk, stretch)` gives lines, the newest first."""

    key: str
    kinds: Mapping[str, str]
    entries: Callable[[str, int, Stretch], list[TimelineEntry]]


def notes(about: str, pk: int, stretch: Stretch) -> list[TimelineEntry]:
    rows = stretch.of(Note.objects.about(about, pk), "version", body=True)
    mentioned = _mentioned(rows)
    return [
        TimelineEntry(
            at=row["at"],
            kind="notes",
            text="Note",
            by=name_in(row, "created_by"),
            more="edited" if row["version"] > 1 else "",
            url=url("notes", row["pk"]),
            body=partial(_rich, row, mentioned.get(row["pk"], frozenset())),
            icon="note",
            opens=True,
        )
        for row in rows
    ]


def tasks(about: str, pk: int, stretch: Stretch) -> list[TimelineEntry]:
    columns = (
        "title",
        "due_date",
        "repeats",
        "every_weeks",
        "done_at",
        *name_columns("owner"),
        *name_columns("done_by"),
    )
    return [
        TimelineEntry(
            at=row["at"],
            kind="tasks",
            text=f"{'Done' if row['done_at'] else 'Task'}: {row['title']}",
            by=name_in(row, "done_by" if row["done_at"] else "created_by"),
            more=_task_words(row),
            url=url("tasks", row["pk"]),
            icon="check" if row["done_at"] else "clock",
            opens=True,
        )
        for row in stretch.of(Task.objects.about(about, pk), *columns)
    ]


def talks(about: str, pk: int, stretch: Stretch) -> list[TimelineEntry]:
    """Calls, meetings and e-mails."""
    return _activities(Activity.objects.about(about, pk), stretch)


def with_contact(user: Person, pk: int, stretch: Stretch) -> list[TimelineEntry]:
    """Calls, meetings and e-mails a contact took part in that are filed elsewhere, of those this person sees."""
    return _activities(Activity.objects.visible_to(user).filter(participants=pk).exclude(contact=pk), stretch)


def files(about: str, pk: int, stretch: Stretch) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=row["at"],
            kind="files",
            text=row["name"],
            by=name_in(row, "created_by"),
            more=file_in_words(row["name"], row["size"]),
            url=url("files", row["pk"]),
            icon="file",
            opens=True,
        )
        for row in stretch.of(Attachment.objects.about(about, pk), "name", "size")
    ]


SORTS = (
    Sort("notes", {"notes": "Notes"}, notes),
    Sort("tasks", {"tasks": "Tasks"}, tasks),
    Sort("talks", TALKS, talks),
    Sort("files", {"files": "Files"}, files),
)


def url(words: str, pk: int) -> str:
    return reverse("activities:entry-detail", args=[words, pk])


def _mentioned(rows: list[Row]) -> dict[int, frozenset[str]]:
    """The user names mentioned in notes, in lower case; asked for only where an @ stands in one."""
    ids = [row["pk"] for row in rows if "@" in row["excerpt"]]
    links = Note.mentions.through.objects.filter(note__in=ids).values_list("note_id", "person__username") if ids else ()
    found: dict[int, set[str]] = {}
    for pk, name in links:
        found.setdefault(pk, set()).add(name.lower())
    return {pk: frozenset(names) for pk, names in found.items()}


def _activities(rows: QuerySet[Any], stretch: Stretch) -> list[TimelineEntry]:
    if stretch.kind:
        emails = {"kind": ActivityKind.EMAIL}
        rows = rows.filter(**emails) if stretch.kind == "emails" else rows.exclude(**emails)
    found = stretch.of(rows, "kind", "subject", "minutes", "sender", "recipients", body=True)
    people = _participants(found)
    return [_activity(row, people.get(row["pk"], [])) for row in found]


def _participants(rows: list[Row]) -> dict[int, list[str]]:
    """The names of who took part, by call or meeting; an e-mail says itself who wrote and got it."""
    ids = [row["pk"] for row in rows if row["kind"] != ActivityKind.EMAIL]
    links = Activity.participants.through.objects.filter(activity__in=ids).order_by("id") if ids else None
    found: dict[int, list[str]] = {}
    if links is not None:
        for pk, first, last in links.values_list("activity_id", "contact__first_name", "contact__last_name"):
            found.setdefault(pk, []).append(f"{first} {last}".strip())
    return found


def _activity(row: Row, took_part: list[str]) -> TimelineEntry:
    is_email = row["kind"] == ActivityKind.EMAIL
    if is_email:
        route = " to ".join(part for part in (row["sender"], row["recipients"]) if part)
        more = route if len(route) < 200 else f"{route[:200]}…"
    else:
        people = f"with {formatting.listing(took_part)}" if took_part else ""
        more = ", ".join(part for part in (f"{row['minutes']} min" if row["minutes"] else "", people) if part)
    return TimelineEntry(
        at=row["at"],
        kind="emails" if is_email else "calls",
        text=f"{ActivityKind(row['kind']).label}: {row['subject']}",
        by=name_in(row, "created_by"),
        more=more,
        url=url("activities", row["pk"]),
        body=partial(_plain, row) if is_email else partial(_rich, row, frozenset()),
        icon=ICONS[row["kind"]],
        opens=True,
    )


def _rich(row: Row, mentioned: frozenset[str]) -> SafeString:
    return SafeString(markdown.render(_excerpt(row), mentioned))  # nosec B703 - its own renderer, no HTML let in


def _plain(row: Row) -> SafeString:
    return SafeString(linebreaks(_excerpt(row), autoescape=True))  # nosec B703 - escaped


def _excerpt(row: Row) -> str:
    return f"{row['excerpt']}{'…' if row['length'] > EXCERPT else ''}"


def _task_words(row: Row) -> str:
    due = row["due_date"]
    when = f"due {formatting.day(due, row['at'].date())}" if due and not row["done_at"] else ""
    parts = (f"for {name_in(row, 'owner')}", when, repeats_in_words(row["repeats"], row["every_weeks"]))
    return ", ".join(part for part in parts if part)
