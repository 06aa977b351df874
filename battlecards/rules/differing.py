"""How a card differs from what it was, claim by claim and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from battlecards.rules.content import SECTION_OF
from battlecards.rules.fields import fields_of, said, title_of, value_at
from battlecards.rules.moving import stayed

MOST_WORDS = 3_000
"""A text of more is compared as a whole: pairing words takes the square of their number."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both (""), only in what was ("del"), only in what is ("ins")."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as it stands on one side, whole or not."""

    key: str
    kind: str
    content: dict[str, Any]

    @property
    def title(self) -> str:
        return title_of(self.kind, self.content)


class What(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one claim. `moved` says so of a changed one too. `fields` of an added or removed claim are all it says."""

    key: str
    kind: str
    title: str
    what: What
    moved: bool = False
    fields: tuple[FieldChange, ...] = ()

    @property
    def section(self) -> str:
        return SECTION_OF[self.kind]


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, with what differs marked, word by word. Spaces go with the word before them and are not compared."""
    old, new = (re.findall(r"^\s+|\S+\s*", text) for text in (before, after))
    if len(old) + len(new) > MOST_WORDS:
        return tuple(Piece(text, mark) for text, mark in ((before, "del"), (after, "ins")) if text)
    pieces: list[Piece] = []
    bare = [word.strip() for word in old], [word.strip() for word in new]
    for tag, from_, to, start, end in SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(new[start:end])))
            continue
        if from_ < to:
            pieces.append(Piece("".join(old[from_:to]), "del"))
        if start < end:
            pieces.append(Piece("".join(new[start:end]), "ins"))
    return tuple(pieces)


def fields_changed(kind: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that say something else, in the form's order."""
    found = []
    for field in fields_of(kind):
        old, new = (said(field, value_at(side, field.name)) for side in (before, after))
        if old != new:
            found.append(FieldChange(field.name, field.label, old, new, words(old, new)))
    return tuple(found)


def compare(before: Sequence[Stated], after: Sequence[Stated]) -> list[Difference]:
    """Every claim of both sides, in the order of `after`; what is gone stands where it was, behind what was before it."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    still: set[str] = set()
    for kind in {one.kind for one in after}:
        still |= stayed(_keys(before, kind), _keys(after, kind))
    found = [_of(one, old.get(one.key), moved=one.key in old and one.key not in still) for one in after]
    for index, gone in enumerate(before):
        if gone.key in new:
            continue
        ahead = {one.key for one in before[:index]}
        at = max((place + 1 for place, one in enumerate(found) if one.key in ahead), default=0)
        fields = fields_changed(gone.kind, gone.content, {})
        found.insert(at, Difference(gone.key, gone.kind, gone.title, What.REMOVED, fields=fields))
    return found


def _keys(side: Sequence[Stated], kind: str) -> list[str]:
    return [one.key for one in side if one.kind == kind]


def _of(now: Stated, was: Stated | None, *, moved: bool) -> Difference:
    if was is None:
        fields = fields_changed(now.kind, {}, now.content)
        return Difference(now.key, now.kind, now.title, What.ADDED, fields=fields)
    fields = fields_changed(now.kind, was.content if was.kind == now.kind else {}, now.content)
    if fields or was.kind != now.kind or was.content != now.content:
        return Difference(now.key, now.kind, now.title, What.CHANGED, moved, fields)
    return Difference(now.key, now.kind, now.title, What.MOVED if moved else What.SAME, moved)


def counted(differences: Sequence[Difference]) -> dict[str, int]:
    """How many of each, in the order people read them; a changed one that was moved too counts as changed."""
    return {what.value: sum(one.what is what for one in differences) for what in What if what is not What.SAME}
