"""The rules by which notes become proposals, all of them: those of the playbook, and those here. No guess without its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from calls.rules import structural
from calls.rules.by_playbook import by_rule
from calls.rules.known import Draft, Known, NoteView
from calls.rules.tags import BY_KEY
from playbook.schema import Playbook

Make = Callable[[NoteView, Known], Iterator[Draft]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`tag` "" is any note. `says` tells in a sentence what it makes of which notes."""

    key: str
    tag: str
    label: str
    says: str
    make: Make


def _rule(key: str, tag: str, label: str, make: Make, *says: str) -> Rule:
    return Rule(key, tag, label, " ".join(says), make)


BUILT_IN: tuple[Rule, ...] = (
    _rule(
        "count",
        "",
        "Counts",
        structural.counts,
        "A number with the unit of a fact is that fact, in any note: 1,200 VMs.",
    ),
    _rule(
        "answer",
        "",
        "Answers",
        structural.answer,
        "A note tied to a question is its answer.",
        "The one amount, day, choice, or yes or no in it is the fact the question asks for.",
    ),
    _rule(
        "person",
        "person",
        "People",
        structural.person,
        "Name, title and part, apart by commas, are a contact and their part in the deal.",
    ),
    _rule(
        "competitor", "competitor", "Competitors", structural.competitor, "A known competitor it names is on the deal."
    ),
    _rule(
        "metric",
        "metric",
        "Measures",
        structural.metric,
        "The words before the figures name a measure.",
        "Then come today's value, the target, and what it is worth a year.",
    ),
    _rule("criterion", "criterion", "Criteria", structural.criterion, "The note is a row of the decision criteria."),
    _rule(
        "process",
        "process",
        "Steps",
        structural.process,
        "The note is a step: of the paper process for legal, security and procurement, else to their decision.",
    ),
    _rule(
        "date",
        "date",
        "Other days",
        structural.date_step,
        "A day no other rule has a place for is a step of the decision process.",
    ),
    _rule(
        "action",
        "action",
        "Action items",
        structural.action,
        "The note is a task of whoever of us it names, due on the day in it.",
        "It is the deal's next step too, where none is dated.",
    ),
    _rule("objection", "objection", "Objections", structural.objection, "The note is an objection raised on the deal."),
    _rule("risk", "risk", "Red flags", structural.risk, "The note is kept as a red flag on the deal."),
)


def rules_of(playbook: Playbook) -> tuple[Rule, ...]:
    """Every rule in force, those of the playbook first."""
    found = tuple(
        Rule(one.key, one.tag, one.label, one.text, lambda note, known, one=one: by_rule(one, note, known))  # type: ignore[misc]
        for one in playbook.note_rules
    )
    return (*found, *BUILT_IN)


def drafts(notes: Sequence[NoteView], known: Known) -> list[tuple[NoteView, Draft]]:
    """What the notes propose, in the order of notes and rules. The same for the same place once: where two notes say it, the first
    has it; an element goes one step up, however many notes are about it."""
    rules = rules_of(known.playbook)
    found: list[tuple[NoteView, Draft]] = []
    seen: set[tuple[str, ...]] = set()
    for note in notes:
        for rule in rules:
            if rule.tag and not note.tagged.has(rule.tag):
                continue
            for draft in rule.make(note, known):
                once = _once(draft)
                if once not in seen:
                    seen.add(once)
                    found.append((note, draft))
    return found


def _once(draft: Draft) -> tuple[str, ...]:
    if draft.target in ("strength", "next_step", "close_date"):
        return draft.target, draft.key
    return draft.target, draft.key, json.dumps(draft.after, sort_keys=True, default=str)


def identities(found: Sequence[Draft]) -> list[str]:
    """A name for each proposal of one note that stays the same when the note is read again, in their order."""
    counts: dict[str, int] = {}
    names = []
    for draft in found:
        place = f"{draft.rule} {draft.target} {draft.key}"
        counts[place] = counts.get(place, 0) + 1
        names.append(hashlib.sha256(f"{place} {counts[place]}".encode()).hexdigest())
    return names


def tag_label(key: str) -> str:
    return BY_KEY[key].label if key in BY_KEY else "Any note"
