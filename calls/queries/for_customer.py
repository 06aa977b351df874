"""The one door through which anything noted reaches the customer: nothing else makes a `CustomerNote`."""

from __future__ import annotations

from collections.abc import Iterable

from calls.models import Call, Side
from calls.queries.noted import due_of, tags_of, there, ways_for
from calls.queries.notes import of_call
from calls.rules.blocks import Block, item
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
            found.append(CustomerNote(tag, words, owner=owner, due=due_of(entry, ways)))
        else:
            found.append(CustomerNote(tag, taken.words))
    return tuple(found)


def withdrawn(call: Call, since: int, blocks: Iterable[Block]) -> list[str]:
    """What stands in a recap word by word, and is marked for the customer no more: notes that were changed after the number of the
    notebook it was made at, as items of its lists."""
    lines = "\n".join(["", *(block.text for block in blocks), ""])
    told = {note.text for note in customer_notes(call)}
    found, names = [], there(call)
    for entry in of_call(call).filter(sequence__gt=since):
        taken = parse(entry.text)
        words = doer(taken.words, names)[1].strip(EDGES)
        stands = words and any(f"\n{item(words)}{after}" in lines for after in ("\n", " ("))
        if stands and words not in told and not for_customer(taken.tags, entry.for_customer):
            found.append(words)
    return found


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
