"""Timelines of 600 entries: a page costs what it costs with few, and paging leaves nothing out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Activity, Attachment, Note, Task
from activities.queries import timeline as of_records
from activities.queries.subjects import find
from deals.queries import timeline as of_deals
from tests.activities.conftest import KINDS

pytestmark = pytest.mark.django_db
LONG = 600
END = timezone.now() - dt.timedelta(days=1)


def fill(kind, record, by, count):
    """Notes, tasks, calls, e-mails and files in turn, three of them at each moment."""
    about = {kind: record, "created_by": by, "updated_by": by}
    rows: dict[Any, list[Any]] = {Note: [], Task: [], Activity: [], Attachment: []}
    for n in range(count):
        at = END - dt.timedelta(minutes=n // 3)
        times = {"at": at, "created_at": at, "updated_at": at}
        match n % 5:
            case 0:
                rows[Note].append(Note(body=f"entry {n:04}", **about, **times))
            case 1:
                rows[Task].append(Task(title=f"entry {n:04}", owner=by, **about, **times))
            case 2 | 3:
                sort = "call" if n % 5 == 2 else "email"
                rows[Activity].append(Activity(kind=sort, subject=f"entry {n:04}", **about, **times))
            case 4:
                file = {"stored": f"{kind}{n:04}", "size": 1, "content_type": "text/plain", "sha256": "0"}
                rows[Attachment].append(Attachment(name=f"entry {n:04}.txt", **file, **about, **times))
    for model, found in rows.items():
        model.objects.bulk_create(found, batch_size=500)


def page_of(user, kind, record):
    """Takes a filter and a moment, gives a page."""
    if kind == "deal":
        return lambda sort="", before=None: of_deals.timeline(record, sort, before)
    subject = find(user, kind, record.pk)
    return lambda sort="", before=None: of_records.timeline(user, subject, sort, before)


def queries(do):
    with CaptureQueriesContext(connection) as found:
        do()
    return len(found)


def walk(page, sort=""):
    """Every entry of a timeline by its number, page after page; and how long the longest page was."""
    seen: Counter[int] = Counter()
    longest, before = 0, None
    while True:
        shown = page(sort, before)
        longest = max(longest, len(shown.entries))
        seen.update(said for entry in shown.entries if (said := number(entry)) is not None)
        if shown.older is None:
            return seen, longest
        assert before is None or shown.older < before
        before = shown.older


def number(entry):
    said = f"{entry.text} {entry.shown_body}"
    return int(said.partition("entry ")[2][:4]) if "entry " in said else None


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_timeline_costs_no_more_than_a_short_one_and_is_read_to_its_end(kind, records, rae):
    record = records[kind]
    page = page_of(rae, kind, record)
    fill(kind, record, rae, 60)
    page()  # what is cached once is cached now
    short = {sort: queries(lambda sort=sort: page(sort)) for sort in ("", "notes", "files")}
    for model in (Note, Task, Activity, Attachment):
        model.objects.all().delete()
    fill(kind, record, rae, LONG)
    long = {sort: queries(lambda sort=sort: page(sort)) for sort in short}
    assert long == short
    deep = END - dt.timedelta(minutes=LONG // 6)
    assert queries(lambda: page("", deep)) <= short[""]
    seen, longest = walk(page)
    assert seen == dict.fromkeys(range(LONG), 1)
    assert longest <= of_deals.PAGE + 2  # the others of the last moment stay with it
    assert walk(page, "files")[0] == dict.fromkeys(range(4, LONG, 5), 1)


def test_what_happened_at_one_moment_stays_together_however_much_it_is(records, rae):
    deal = records["deal"]
    notes = [
        {"deal": deal, "at": END, "created_at": END, "updated_at": END, "body": f"entry {n:04}"} for n in range(100)
    ]
    Note.objects.bulk_create(Note(**values) for values in notes)
    later = END + dt.timedelta(minutes=1)
    Note.objects.create(**notes[0] | {"body": "entry 0100", "at": later})
    Note.objects.create(**notes[0] | {"body": "entry 0101", "at": END - dt.timedelta(minutes=1)})
    assert walk(page_of(rae, "deal", deal))[0] == dict.fromkeys(range(102), 1)
