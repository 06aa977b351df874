"""A card's content, as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from battlecards.models import Card, CardVersion, Placed, Wording
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


def contents_of(cards: Sequence[Card]) -> dict[int, Content]:
    """The published content of several cards by the card's id, in one statement."""
    sorts = {card.current_id: card for card in cards if card.current_id}
    found: dict[int, list[Said]] = {card.pk: [] for card in cards}
    placed = Placed.objects.filter(version__in=list(sorts)).select_related("wording").order_by("version", "place")
    for one in placed:
        found[sorts[one.version_id].pk].append(_said(one.wording))
    return {card.pk: Content(card.sort, tuple(found[card.pk])) for card in cards}


def content_of(version: CardVersion, sort: str) -> Content:
    """Two statements' worth of a version: its wordings in order. Wordings never change, so neither does this."""
    placed = Placed.objects.filter(version=version).select_related("wording").order_by("place")
    return Content(sort, tuple(_said(one.wording) for one in placed))


def _said(wording: Wording) -> Said:
    return Said(claim_of(wording.kind, wording.content), wording.pk, wording.claim_id)


def tallies(cards: Sequence[Card]) -> dict[int, Tally]:
    """The tally of each card's current version, by the card's id, in one statement."""
    counts = {card.pk: {"us": 0, "them": 0, "tie": 0} for card in cards}
    placed = Placed.objects.filter(
        version__in=[card.current_id for card in cards if card.current_id],
        wording__kind="row",
        wording__retired=False,
    )
    grouped = placed.order_by().values_list("version__card_id", "wording__winner").annotate(Count("pk"))
    for card_id, winner, count in grouped:
        counts[card_id][winner] = count
    return {pk: Tally(**count) for pk, count in counts.items()}
