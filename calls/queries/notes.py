"""The notes of a call as pages and the API show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from calls.models import Call, Entry
from calls.queries.known import ways_for
from calls.rules.reading import Ways, recognise
from calls.rules.tags import BY_KEY, for_customer, places
from crm.models import Person
from crm.queries import playbook as playbooks

MOST = 1_000
"""Notes in one answer."""
FOUND = ("kind", "start", "end", "text", "value", "words", "unit", "currency", "per", "corrected")
OnDay = Callable[[dt.date], Ways]


def of_call(call: Call) -> QuerySet[Entry]:
    """In the order of their moments, without those that were deleted. One query with authors and questions."""
    found: QuerySet[Entry] = Entry.objects.filter(call=call, deleted=False)
    return found.select_related("author", "question", "part").order_by("at", "pk")


def since(
    call: Call, cursor: int, without: Iterable[Any] = (), *, own: tuple[int, int] | None = None
) -> tuple[list[Entry], int]:
    """What changed after a number of the call's sequence, deleted ones too, in the order of the changes; and the number to ask
    from next time. What is left out (`without`, by id) is known to who asks. `own` are the numbers before and after a batch of
    theirs: who knew all before it knows all, which takes no query."""
    if own is not None and cursor >= own[0]:
        return [], max(cursor, own[1])
    rows = Entry.objects.filter(call=call, sequence__gt=max(cursor, 0)).select_related("author", "question", "part")
    found = list(rows.order_by("sequence")[:MOST])
    newest = found[-1].sequence if found else max(cursor, 0)
    known = set(without)
    return [row for row in found if row.pk not in known], newest


def shown(entry: Entry, person: Person, on: OnDay) -> dict[str, Any]:
    """One note as JSON, with its tags and what is recognised in it by their places in its text."""
    placed = places(entry.text)
    day = entry.at.astimezone(entry.author.zone).date()
    found = recognise(entry.text, on(day), entry.readings)
    return {
        "id": str(entry.pk),
        "author": {"id": entry.author_id, "name": str(entry.author), "initials": entry.author.initials},
        "mine": entry.author_id == person.pk,
        "at": entry.at.isoformat(),
        "text": entry.text,
        "revision": entry.revision,
        "sequence": entry.sequence,
        "question": entry.question_id,
        "part": entry.part.key if entry.part else "",
        "for_customer": entry.for_customer,
        "readings": entry.readings,
        "objection": entry.objection,
        "imported_from": entry.imported_from,
        "deleted": entry.deleted,
        "tags": [
            {"key": one.key, "label": BY_KEY[one.key].label, "start": one.start, "end": one.end} for one in placed
        ],
        "found": [{name: getattr(one, name) for name in FOUND} for one in found],
        "customer": not entry.deleted and for_customer((BY_KEY[one.key] for one in placed), entry.for_customer),
    }


def _unread(day: dt.date) -> Ways:
    raise AssertionError("there is no note to be read")


def answer(
    person: Person,
    call: Call,
    entries: Sequence[Entry],
    cursor: int,
    *,
    saved: Mapping[str, int] | None = None,
    refused: Mapping[str, str] | None = None,
    stands: Sequence[Entry] = (),
    written: Sequence[Entry] = (),
) -> dict[str, Any]:
    """What is answered to a batch, and to whoever only asks what is new. One query besides the notes, where there are any;
    `written` are those of the batch, as they are read."""
    some = stands or written or entries
    on = ways_for(playbooks.by_number(call.playbook.number)) if some else _unread
    return {
        "saved": dict(saved or {}),
        "refused": dict(refused or {}),
        "written": [shown(entry, person, on) for entry in written],
        "stands": [shown(entry, person, on) for entry in stands],
        "entries": [shown(entry, person, on) for entry in entries],
        "cursor": cursor,
    }
