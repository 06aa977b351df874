"""What the customer gets after a call: thanks, what we heard, what we propose, next steps, open questions.

Made of `CustomerNote` alone, and those come through one door (`calls.queries.for_customer`), which lets nothing through that
is not marked for the customer. Nothing else that is known of the deal is an argument here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calls.rules.blocks import Block, items, paragraphs, under

HEARD = (
    ("pain", "What costs you"),
    ("must", "What you can't do without"),
    ("nice", "What would be good to have"),
    ("criterion", "What counts as success"),
    ("metric", "The figures"),
    ("date", "Your dates"),
)
"""Tags of what we heard, in the order in which it is told."""
STEP = "action"
OFFERING = re.compile(r"we(?:'d|\u2019d)? (?:propose|offer|suggest|recommend)\b", re.IGNORECASE)
"""A note that begins so says what we propose: "We propose a pilot"."""


@dataclass(frozen=True, slots=True)
class CustomerNote:
    """A piece of a note that is for the customer. `owner` and `due` are those of an action, in words. `entry` names the note; nothing of
    the recap is made of that."""

    tag: str
    text: str
    owner: str = ""
    due: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What both sides know of the call. `day` is in words, the names are in full."""

    customer: str
    ours: str
    day: str
    theirs_there: tuple[str, ...]
    ours_there: tuple[str, ...]


LABELS = (
    ("thanks", "Thank you"),
    ("heard", "What we heard"),
    ("proposal", "What we propose"),
    ("next_steps", "Next steps"),
    ("questions", "Open questions"),
)


def recap(occasion: Occasion, notes: Sequence[CustomerNote]) -> tuple[Block, ...]:
    """The five blocks; those nothing was marked for are empty, for whoever sends it to fill or leave out."""
    texts = {
        "thanks": _thanks(occasion),
        "heard": _heard(notes),
        "proposal": items(note.text for note in notes if _offers(note)),
        "next_steps": items(_step(note) for note in notes if note.tag == STEP),
        "questions": items(note.text for note in notes if _asks(note)),
    }
    return tuple(Block(key, label, texts[key]) for key, label in LABELS)


def subject(occasion: Occasion) -> str:
    return f"{occasion.customer} and {occasion.ours}: our call of {occasion.day}"


def _thanks(occasion: Occasion) -> str:
    said = f"Thank you for your time on {occasion.day}"
    with_us = f", {_and(occasion.theirs_there)}" if occasion.theirs_there else ""
    return f"{said}{with_us}. Below is what we took from it. Please correct whatever we got wrong."


def _heard(notes: Sequence[CustomerNote]) -> str:
    known = {tag for tag, _ in HEARD} | {STEP}
    lists = [under(head, [note.text for note in notes if note.tag == tag and not _asks(note)]) for tag, head in HEARD]
    others = [note.text for note in notes if note.tag not in known and not _asks(note) and not _offers(note)]
    return paragraphs(*lists, under("Also", others) if any(lists) else items(others))


def _offers(note: CustomerNote) -> bool:
    """Words of no tag of their own that begin with what we would do."""
    return note.tag == "" and bool(OFFERING.match(note.text))


def _asks(note: CustomerNote) -> bool:
    """Words of no tag of their own that end as a question."""
    return note.tag == "" and note.text.rstrip().endswith("?") and not _offers(note)


def _step(note: CustomerNote) -> str:
    beside = ", ".join(part for part in (note.owner, f"by {note.due}" if note.due else "") if part)
    return f"{note.text} ({beside})" if beside else note.text


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
