"""What colleagues read after a call: the six blocks of the playbook's template, then competition, and risks and red flags.

Each block says first what this call brought, in the words of the notes, then what is known of the deal by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calls.rules.blocks import Block, items, paragraphs, under

LABELS = (
    ("context", "Business context"),
    ("pain", "Pain points and business impact"),
    ("requirements", "Requirements and success criteria"),
    ("meddpicc", "MEDDPICC assessment"),
    ("next_steps", "Next steps and action items"),
    ("forecast", "Forecast and close plan"),
    ("competition", "Competition"),
    ("risks", "Risks and red flags"),
)
_TOLD = frozenset(
    {
        "pain",
        "metric",
        "must",
        "nice",
        "criterion",
        "action",
        "competitor",
        "objection",
        "risk",
        "date",
        "budget",
        "person",
    }
)
"""Tags that have a place of their own; whatever else was noted is context."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A piece of a note: its tag ("" for none), its words, the question it answers. `owner` and `due` are an action's, in words."""

    tag: str
    text: str
    question: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of what is known: "Hosts", "120 hosts". `more` stands in brackets."""

    label: str
    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a deal by now, in words, each in the order in which it is told. `unasked` are the questions of this call that
    nobody came to."""

    company: tuple[Said, ...] = ()
    infrastructure: tuple[Said, ...] = ()
    pain: tuple[Said, ...] = ()
    elements: tuple[Said, ...] = ()
    forecast: tuple[Said, ...] = ()
    competitors: tuple[Said, ...] = ()
    risks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


def summary(notes: Sequence[Noted], known: Known) -> tuple[Block, ...]:
    """The eight blocks; one of which nothing is known is empty, and says so where it is shown."""
    texts = {
        "context": paragraphs(
            _lines(known.company),
            under("Infrastructure", _texts(known.infrastructure)),
            under("From this call", [_answered(note) for note in notes if note.tag not in _TOLD]),
        ),
        "pain": paragraphs(
            items(_of(notes, "pain")),
            under("In figures", _of(notes, "metric")),
            under("What is known", _texts(known.pain)),
        ),
        "requirements": paragraphs(
            under("Must have", _of(notes, "must")),
            under("Nice to have", _of(notes, "nice")),
            under("Success criteria", _of(notes, "criterion")),
        ),
        "meddpicc": paragraphs(_lines(known.elements), under("People named", _of(notes, "person"))),
        "next_steps": paragraphs(
            items(_step(note) for note in notes if note.tag == "action"),
            under("Questions for next time", known.unasked),
        ),
        "forecast": paragraphs(
            _lines(known.forecast), under("From this call", [*_of(notes, "date"), *_of(notes, "budget")])
        ),
        "competition": paragraphs(
            _lines(known.competitors),
            under("From this call", _of(notes, "competitor")),
            under("Objections", _of(notes, "objection")),
        ),
        "risks": paragraphs(
            under("From this call", _of(notes, "risk")), under("Risks", known.risks), under("Red flags", known.flags)
        ),
    }
    return tuple(Block(key, label, texts[key]) for key, label in LABELS)


def _of(notes: Sequence[Noted], tag: str) -> list[str]:
    return [_answered(note) for note in notes if note.tag == tag]


def _answered(note: Noted) -> str:
    """A note that answers a question says which: without it, "Yes, in March" says nothing."""
    return f"{note.question} {note.text}" if note.question else note.text


def _step(note: Noted) -> str:
    owner, due = f"Owner: {note.owner}" if note.owner else "", f"Due: {note.due}" if note.due else ""
    return " · ".join(part for part in (note.text, owner, due) if part)


def _texts(lines: Sequence[Said]) -> list[str]:
    return [f"**{line.label}:** {line.text}" + (f" ({line.more})" if line.more else "") for line in lines]


def _lines(lines: Sequence[Said]) -> str:
    return items(_texts(lines))
