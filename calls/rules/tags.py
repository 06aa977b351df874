"""The tags of a note: a closed list, each typed as a slash and its name at the start of a line or of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

TAGGED = re.compile(r"(?:(?<![^\s(\[])/([a-z]{2,12})|(?<![\w/.~])/(internal))\b(?![/\w])", re.IGNORECASE)
"""Not within a path ("/etc/hosts") or a word ("and/or"). What keeps a note with us counts after any other sign too: a dash, a star,
a mark of the direction of writing."""
SPACES = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Tag:
    """`proposes` says what becomes of a note so tagged; `for_customer` whether the recap may have it unless its author says
    otherwise. The block is where the internal summary has it."""

    key: str
    label: str
    help: str
    proposes: str
    for_customer: bool
    block: str = ""


TAGS: tuple[Tag, ...] = (
    Tag(
        "pain",
        "Pain",
        "What hurts, and what it costs.",
        "The pain and its yearly impact in MEDDPICC; how clear the pain is and its impact in BANT+.",
        True,
        "pains",
    ),
    Tag(
        "must",
        "Must have",
        "A requirement without which they do not buy.",
        "A step up for decision criteria.",
        True,
        "musts",
    ),
    Tag(
        "nice", "Nice to have", "A requirement they could do without.", "Nothing; the summary lists it.", True, "nices"
    ),
    Tag(
        "criterion",
        "Criterion",
        "By what they will compare vendors or call it a success.",
        "A row of the decision criteria, with the percentage in the note as its weight.",
        True,
        "criteria",
    ),
    Tag(
        "metric",
        "Metric",
        "A figure that has to get better: from what to what.",
        "A measure in MEDDPICC, with today's value, the target and what it is worth a year.",
        True,
        "metrics",
    ),
    Tag(
        "person",
        "Person",
        "Somebody who matters: name, title, part they play.",
        "A contact of the account and their part in the deal; the economic buyer or champion in MEDDPICC.",
        False,
        "people",
    ),
    Tag("competitor", "Competitor", "Whom they also look at.", "The competitor on the deal.", False, "competition"),
    Tag(
        "date",
        "Date",
        "A day that counts: decision, renewal, launch, signature.",
        "The fact or field that the words beside it name, else a step of the decision process.",
        True,
        "process",
    ),
    Tag(
        "process",
        "Step",
        "A step until they sign, and who takes it.",
        "A step of the decision process, or of the paper process for legal, security and procurement.",
        True,
        "process",
    ),
    Tag(
        "action",
        "Action item",
        "Who does what by when.",
        "A task, and the deal's next step where none is dated.",
        True,
        "actions",
    ),
    Tag(
        "budget",
        "Budget",
        "How much, and whether it is released.",
        "The budget and its status in BANT+.",
        False,
        "context",
    ),
    Tag(
        "context",
        "Context",
        "Their business, priorities and what they run.",
        "Nothing; the summary lists it.",
        True,
        "context",
    ),
    Tag("risk", "Risk", "What could stop the deal.", "A red flag, kept as a note on the deal.", False, "risks"),
    Tag(
        "objection", "Objection", "What they hold against us.", "An objection raised on the deal.", False, "objections"
    ),
    Tag("customer", "For the customer", "Goes into the recap.", "Nothing.", True),
    Tag("internal", "Internal", "Never goes into the recap.", "Nothing.", False),
)
BY_KEY = {tag.key: tag for tag in TAGS}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A note taken apart: its tags in their order, and its words without them."""

    tags: tuple[Tag, ...]
    words: str

    def has(self, *keys: str) -> bool:
        return any(tag.key in keys for tag in self.tags)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tag stands in a text."""

    key: str
    start: int
    end: int


def places(text: str) -> tuple[Place, ...]:
    """Every tag of the closed list with its span, the slash included; other slashed words are words."""
    found = ((match, (match[1] or match[2]).lower()) for match in TAGGED.finditer(text))
    return tuple(Place(key, match.start(), match.end()) for match, key in found if key in BY_KEY)


def parse(text: str) -> Tagged:
    found = places(text)
    words, last = "", 0
    for place in found:
        words += text[last : place.start]
        last = place.end
    words = SPACES.sub(" ", words + text[last:])
    lines = (line.strip() for line in words.split("\n"))
    keys = dict.fromkeys(place.key for place in found)
    return Tagged(tuple(BY_KEY[key] for key in keys), "\n".join(line for line in lines if line))


def for_customer(tags: Iterable[Tag], chosen: bool | None) -> bool:
    """Never with "/internal", whatever else was chosen before that was typed. Then what its author chose, then "/customer", and
    else every tag has to allow it. What is not tagged stays with us."""
    keys = {tag.key for tag in tags}
    if "internal" in keys:
        return False
    if chosen is not None:
        return chosen
    if "customer" in keys:
        return True
    return bool(keys) and all(BY_KEY[key].for_customer for key in keys)
