"""The one door through which anything noted reaches the customer: nothing else makes a `CustomerNote`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from calls.models import Call, Document, DocumentKind, Entry, Side
from calls.queries.noted import due_of, tags_of, there, ways_for
from calls.queries.notes import of_call
from calls.rules.blocks import stands, stored
from calls.rules.doers import doer
from calls.rules.recap import CustomerNote, Occasion
from calls.rules.tags import for_customer, parse
from crm.queries import playbook as playbooks
from crm.queries.company import company, day_of

EDGES = " -–—*\u200e\u200f"
"""What may be left at the end of a note where its "/internal" stood."""


def customer_notes(call: Call) -> tuple[CustomerNote, ...]:
    """What is marked for the customer, in the order of its moments, each note under its first tag. The question it answers is
    ours, and stays with us."""
    ways, names = ways_for(call), there(call)
    found: list[CustomerNote] = []
    for entry in of_call(call):
        taken = parse(entry.text)
        if not taken.words or not for_customer(taken.tags, entry.for_customer):
            continue
        tag = tags_of(entry, taken)[0]
        if tag == "action":
            owner, words = doer(taken.words, names)
            found.append(CustomerNote(tag, words, owner=owner, due=due_of(entry, ways), entry=str(entry.pk)))
        else:
            found.append(CustomerNote(tag, taken.words, entry=str(entry.pk)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Held:
    """Words of a draft that its notes don't say to the customer any more. `entry` is the note; `why` a sentence; `may_stay`: whoever
    sends it may decide that they do, which nobody may of what its author keeps back."""

    entry: str
    words: str
    why: str
    may_stay: bool = True


DELETED = "Its note was deleted."
CHANGED = "Its note says something else now."
KEPT_BACK = "It is not for the customer any more."


def held(document: Document) -> list[Held]:
    """What keeps a recap from going out until somebody decides. Three queries; none for a summary."""
    if document.kind != DocumentKind.RECAP or document.is_sent:
        return []
    call, lines = document.call, "\n".join(block.text for block in stored(document.blocks))
    told = {note.text for note in customer_notes(call)}
    found = {one.entry: one for one in _withdrawn(call, document.sequence, lines, told)}
    sources = [one for one in document.sources if not one.get("kept") and one["text"] not in told]
    rows = {str(row.pk): row for row in Entry.objects.filter(pk__in=[one["entry"] for one in sources], call=call)}
    for one in sources:
        if one["entry"] in found or not stands(lines, one["text"]):
            continue
        row = rows.get(one["entry"])
        if row is None or row.deleted:
            found[one["entry"]] = Held(one["entry"], one["text"], DELETED)
        elif for_customer(parse(row.text).tags, row.for_customer):
            found[one["entry"]] = Held(one["entry"], one["text"], CHANGED)
        else:
            found[one["entry"]] = Held(one["entry"], one["text"], KEPT_BACK, may_stay=False)
    return [*found.values()]


def _withdrawn(call: Call, since: int, lines: str, told: set[str]) -> Iterator[Held]:
    """What stands there word by word, and is marked for the customer no more: notes that were changed after the number of the
    notebook it was made at."""
    names = there(call)
    for entry in of_call(call).filter(sequence__gt=since):
        taken = parse(entry.text)
        words = doer(taken.words, names)[1].strip(EDGES)
        if words and stands(lines, words) and words not in told and not for_customer(taken.tags, entry.for_customer):
            yield Held(str(entry.pk), words, KEPT_BACK, may_stay=False)


def occasion(call: Call) -> Occasion:
    """What both sides know of a call: names and the day. Three queries."""
    day = day_of(company(), call.started_at or call.starts_at)
    people = list(call.attendees.values_list("side", "name"))
    return Occasion(
        customer=str(call.deal.account),
        ours=playbooks.by_number(call.playbook.number).identity.company,
        day=f"{day.day} {day:%B %Y}",
        theirs_there=tuple(name for side, name in people if side == Side.THEIRS),
        ours_there=tuple(name for side, name in people if side == Side.OURS),
    )
