"""What an editor fills in for a claim of each kind, in the order of the form. `tests/rules` holds it to `playbook.schema.cards`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Widget(StrEnum):
    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    TEXTS = "texts"
    """Several texts, each in a box of its own, so that one may have lines."""
    POINTS = "points"
    """Several, each of a title and a text."""
    DAY = "day"
    CHECK = "check"
    KEYS = "keys"
    """Some of the playbook's, by their keys."""


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the path in the claim's content: "source.date" is the date of its source."""

    name: str
    label: str
    widget: Widget = Widget.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    needed: bool = False

    @property
    def is_many(self) -> bool:
        return self.widget in (Widget.TEXTS, Widget.POINTS, Widget.KEYS)


def _line(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, Widget.LINE, **more)


def _choice(name: str, label: str, *choices: tuple[str, str]) -> Field:
    return Field(name, label, Widget.CHOICE, choices, needed=True)


WINNERS = (("us", "Ours"), ("them", "Theirs"), ("tie", "Tie"))
ASPECTS = (
    ("position", "Market position"),
    ("share", "Market share"),
    ("strength", "Strength"),
    ("weakness", "Weakness"),
    ("advantage", "Our advantage"),
)
STEPS = tuple(
    (key, key.capitalize())
    for key in ("land", "expand", "timeline", "timing", "message", "position", "phase", "offer", "incentive", "target")
)
GROUPS = (
    ("audience", "Audience"),
    ("use_case", "Use case"),
    ("pitch", "Elevator pitch"),
    ("deep_dive", "Deep dive"),
    ("segment", "Segment"),
    ("land_expand", "Land and expand"),
)

SAID: dict[str, tuple[Field, ...]] = {
    "overview": (_choice("aspect", "About", *ASPECTS), Field("text", "Text", needed=True)),
    "row": (
        _line("capability", "Capability", needed=True),
        Field("ours", "Ours", needed=True),
        Field("theirs", "Theirs", needed=True),
        _choice("winner", "Winner", *WINNERS),
        Field("criteria", "Decision criteria it bears on", Widget.TEXTS, help="By name, as deals weigh them."),
    ),
    "talking_point": (
        _line("title", "Title", needed=True),
        Field("claim", "What we say", needed=True),
        Field("proof", "What shows it"),
        Field("counter", "What to say of theirs"),
    ),
    "objection": (
        Field("objection", "What they say", needed=True),
        Field("quick", "The answer in one breath"),
        Field("responses", "What to answer", Widget.TEXTS, needed=True),
        Field("proofs", "What shows it", Widget.TEXTS),
        _line("category", "Category"),
        _line("library", "A case of", help="The key of an objection in the library."),
    ),
    "position": (
        _choice("side", "We stand", ("strong", "Strong"), ("weak", "Weak")),
        Field("text", "Where", needed=True),
    ),
    "strategy": (
        _choice("aspect", "Part", *STEPS),
        _line("title", "Title"),
        Field("text", "Text", needed=True),
        Field("points", "Points", Widget.TEXTS),
    ),
    "step": (
        _line("title", "Title", needed=True),
        Field("text", "Text", needed=True),
        Field("example", "Example"),
    ),
    "message": (
        _choice("group", "Sort of message", *GROUPS),
        _line("title", "Title", needed=True),
        Field("headline", "Headline"),
        Field("text", "Text"),
        Field("points", "Points", Widget.POINTS),
        Field("proofs", "What shows it", Widget.TEXTS),
        Field("call_to_action", "What to ask for"),
    ),
}
"""What is said, by kind."""

SOURCE = (
    _line("source.document", "Source"),
    _line("source.section", "Section"),
    Field("source.date", "Date of the source", Widget.DAY),
    _line("source.url", "Address"),
)
KEPT = (
    Field("verified_on", "Verified on", Widget.DAY),
    Field("expires_on", "Expires on", Widget.DAY),
    Field("segments", "Segments", Widget.KEYS, help="None means all."),
    Field("personas", "Personas", Widget.KEYS, help="None means all."),
    Field("customer", "Customers may be shown this", Widget.CHECK),
    Field("retired", "Retired: kept, but said no more", Widget.CHECK),
    Field("note", "Note for editors", help="Never leaves the house."),
)


def fields_of(kind: str) -> tuple[Field, ...]:
    """Every field of a claim but its key, in the order of the form."""
    return SAID[kind] + SOURCE + KEPT


def value_at(content: dict[str, Any], name: str) -> Any:
    """What a content has at a field's path; None where there is nothing."""
    first, _, rest = name.partition(".")
    value = content.get(first)
    if not rest:
        return value
    return value.get(rest) if isinstance(value, dict) else None


def said(field: Field, value: Any) -> str:
    """A field's value as one reads it; "" for none. Several stand in lines."""
    if value in (None, "", [], False):
        return ""
    if field.widget is Widget.CHECK:
        return "yes"
    if field.widget is Widget.CHOICE:
        return dict(field.choices).get(str(value), str(value))
    if isinstance(value, list):
        return "\n".join(_point(one) if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def _point(one: dict[str, Any]) -> str:
    title, text = str(one.get("title", "")), str(one.get("text", ""))
    return f"{title}: {text}" if title and text else title or text


def title_of(kind: str, content: dict[str, Any]) -> str:
    """What a claim is called in a line: the first text of it that is there."""
    for field in SAID.get(kind, ()):
        if field.widget in (Widget.LINE, Widget.TEXT):
            text = said(field, content.get(field.name)).strip()
            if text:
                return text if len(text) <= 120 else f"{text[:119]}…"
    return f"New {kind.replace('_', ' ')}"
