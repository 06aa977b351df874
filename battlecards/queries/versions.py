"""The versions of a card, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass

from battlecards.models import Card, CardVersion, Draft
from battlecards.queries.cards import Content, content_of
from battlecards.queries.drafts import published
from battlecards.rules.differing import Difference, compare

BESIDE = ("published_by", "submitted_by", "restored_from")


def versions_of(card: Card) -> list[CardVersion]:
    """The newest first."""
    return list(CardVersion.objects.filter(card=card).select_related(*BESIDE).order_by("-number"))


def ended_drafts(card: Card) -> list[Draft]:
    """Those that were discarded, the last one first."""
    return list(Draft.objects.filter(card=card, state="discarded").select_related("decided_by", "created_by")[:20])


def version_of(card: Card, number: int) -> CardVersion | None:
    found: CardVersion | None = (
        CardVersion.objects.filter(card=card, number=number).select_related(*BESIDE, "card__competitor").first()
    )
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    before: CardVersion
    after: CardVersion
    before_content: Content
    after_content: Content
    differences: tuple[Difference, ...]


def compared(card: Card, before: CardVersion, after: CardVersion) -> Compared:
    found = compare(published(before), published(after))
    return Compared(before, after, content_of(before, card.sort), content_of(after, card.sort), tuple(found))
