"""A card's content, as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from battlecards.models import Card, CardVersion, Placed
from battlecards.rules.content import SECTION_OF, claim_of, rows
from battlecards.rules.tallies import tally
from playbook.schema.cards import SECTIONS_OF, Claim, Tally


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of a version, with the stored wording it was read from."""

    claim: Claim
    wording_id: int
    claim_id: int

    @property
    def kind(self) -> str:
        return self.claim.kind


@dataclass(frozen=True, slots=True)
class Content:
    """All claims of a version, in reading order."""

    sort: str
    said: tuple[Said, ...]

    @property
    def claims(self) -> list[Claim]:
        return [one.claim for one in self.said]

    @property
    def tally(self) -> Tally:
        return tally(rows(self.claims))

    def section(self, name: str) -> list[Said]:
        return [one for one in self.said if SECTION_OF[one.kind] == name]

    @property
    def sections(self) -> dict[str, list[Said]]:
        """Every section this sort of card has, the empty ones too."""
        return {name: self.section(name) for name in SECTIONS_OF[self.sort]}


COLUMNS = ("version", "wording", *(f"wording__{name}" for name in ("claim", "digest", "kind", "content")))
KEPT = 8_192
"""Claims a process keeps as they were read, some 3 KB each."""


def contents_of(cards: Sequence[Card]) -> dict[int, Content]:
    """The published content of several cards by the card's id, in one statement."""
    sorts = {card.current_id: card for card in cards if card.current_id}
    found: dict[int, list[Said]] = {card.pk: [] for card in cards}
    placed = Placed.objects.filter(version__in=list(sorts)).order_by("version", "place")
    for version, *wording in placed.values_list(*COLUMNS):
        found[sorts[version].pk].append(_said(*wording))
    return {card.pk: Content(card.sort, tuple(found[card.pk])) for card in cards}


def content_of(version: CardVersion, sort: str) -> Content:
    """A version in one statement: its wordings in order."""
    placed = Placed.objects.filter(version=version).order_by("place")
    return Content(sort, tuple(_said(*wording) for _, *wording in placed.values_list(*COLUMNS)))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a wording says. Two of one digest say the same, whichever rows they are."""

    digest: str
    kind: str
    content: Mapping[str, Any] = field(compare=False)


def _said(wording_id: int, claim_id: int, digest: str, kind: str, content: Mapping[str, Any]) -> Said:
    return Said(_claim(_Stored(digest, kind, content)), wording_id, claim_id)


@lru_cache(maxsize=KEPT)
def _claim(stored: _Stored) -> Claim:
    """Kept by what is said and not by an id, so it is never stale; a claim is frozen, so all who read may share it."""
    return claim_of(stored.kind, stored.content)


def tallies(cards: Sequence[Card]) -> dict[int, Tally]:
    """The tally of each card's current version, by the card's id: counted when it was published, and such a version never changes.
    `cards` with their `current`."""
    nothing = Tally(us=0, them=0, tie=0)
    return {card.pk: card.current.tally if card.current is not None else nothing for card in cards}
