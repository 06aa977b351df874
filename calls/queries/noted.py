"""What was noted in a call, taken apart for what is written of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calls.models import Call, Entry
from calls.queries.notes import of_call
from calls.rules.doers import doer
from calls.rules.reading import Ways, recognise, ways_of
from calls.rules.summary import Noted
from calls.rules.tags import Tagged, parse
from crm.queries import playbook as playbooks
from crm.queries.company import company, day_of

SILENT = frozenset({"customer", "internal"})
"""Tags that say who may read a note, not what it is about."""


def noted(call: Call) -> tuple[Noted, ...]:
    """Every note in the order of its moments, once under each of its tags. Four queries."""
    ways, names = ways_for(call), there(call)
    found: list[Noted] = []
    for entry in of_call(call):
        taken = parse(entry.text)
        if not taken.words:
            continue
        question = entry.question.text if entry.question else ""
        for tag in tags_of(entry, taken):
            if tag == "action":
                owner, words = doer(taken.words, names)
                found.append(Noted(tag, words, question, owner=owner, due=due_of(entry, ways)))
            else:
                found.append(Noted(tag, taken.words, question))
    return tuple(found)


def tags_of(entry: Entry, taken: Tagged) -> Sequence[str]:
    """What a note is about; "" for nothing in particular. One picked from the library of objections is one without its tag."""
    keys = [tag.key for tag in taken.tags if tag.key not in SILENT]
    if entry.objection and "objection" not in keys:
        keys.append("objection")
    return keys or [""]


def there(call: Call) -> list[str]:
    """The names of everybody on the call. One query."""
    return list(call.attendees.values_list("name", flat=True))


def ways_for(call: Call) -> Ways:
    """How a call's notes are read: by its own playbook, on the day it was held."""
    of = company()
    day = day_of(of, call.started_at or call.starts_at)
    return ways_of(playbooks.by_number(call.playbook.number), day, of.fiscal_year_start)


def due_of(entry: Entry, ways: Ways) -> str:
    """The first day that is named in it, in words: "by Friday" means another one to whoever reads it next week."""
    dates = (one for one in recognise(entry.text, ways, entry.readings) if one.kind in ("date", "quarter"))
    first = next(dates, None)
    return first.words if first else ""


def unasked(call: Call) -> Iterable[str]:
    """The questions that were pinned for this call or put beside it, and nobody came to. One query."""
    rows = call.questions.filter(asked_at__isnull=True, dropped=False, pinned=True)
    return list(rows.values_list("text", flat=True))
