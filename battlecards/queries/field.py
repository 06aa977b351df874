"""What the field says, for its pages: claims by name, the deals somebody can say it of, suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from battlecards.models import Card, Claim, Feedback, Passage, Suggestion, Wording
from battlecards.rules import content as contents
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import Person
from crm.rules import access
from deals.models import Deal
from playbook.schema.cards import KINDS
from playbook.schema.cards import Claim as Said

MOST_DEALS = 30
SORTS = keyset.both_ways(Sort("at", "Suggested", ("at",)))


@dataclass(frozen=True, slots=True)
class Known:
    """A claim with what it says now: its newest wording, and its first line."""

    claim: Claim
    wording: Wording
    said: Said

    @property
    def card(self) -> Card:
        card: Card = self.claim.card
        return card

    @property
    def title(self) -> str:
        return contents.passage(self.said)[0]

    @property
    def body(self) -> str:
        return contents.passage(self.said)[1]

    @property
    def texts(self) -> list[tuple[str, str, str]]:
        """Its texts that are one text each: name, label, what it says."""
        shown = KINDS[self.said.kind].words
        plain = [(name, getattr(self.said, name)) for name in shown if isinstance(getattr(self.said, name), str)]
        return [(name, name.replace("_", " ").capitalize(), text) for name, text in plain]


def find_claim(user: Person, claim_id: int) -> Known:
    """Raises Claim.DoesNotExist where they may not read its card."""
    claim = Claim.objects.select_related("card").filter(card__in=Card.objects.visible_to(user)).get(pk=claim_id)
    placed = Wording.objects.filter(claim=claim, versions=claim.card.current_id).first()
    wording = placed or Wording.objects.filter(claim=claim).order_by("-pk").first()
    if wording is None:
        raise Claim.DoesNotExist
    return Known(claim, wording, contents.claim_of(wording.kind, wording.content))


def deals_for(user: Person, card: Card, named: int = 0) -> list[tuple[int, str]]:
    """A person's own open deals, those against the card's competitor first, and the deal they come from where they may see it."""
    seen = Deal.objects.visible_to(user).select_related("account")
    rows = list(seen.filter(owner=user, outcome="open").order_by("-updated_at", "-pk")[:MOST_DEALS])
    if card.competitor_id and rows:
        against = set(
            seen.filter(pk__in=[row.pk for row in rows], competitors__competitor=card.competitor_id).values_list(
                "pk", flat=True
            )
        )
        rows.sort(key=lambda row: row.pk not in against)
    if named and named not in {row.pk for row in rows}:
        rows = [*seen.filter(pk=named), *rows]
    return [(row.pk, f"{row.account}: {row.name}") for row in rows]


def suggestions(user: Person, *, state: str = "") -> QuerySet[Suggestion]:
    """Editors see all of them, everybody else their own."""
    rows = Suggestion.objects.select_related("card", "claim", "person", "decided_by")
    if not access.may_edit_cards(user.roles):
        rows = rows.filter(person=user)
    return rows.filter(state=state) if state else rows


def titles(claim_ids: list[int]) -> dict[int, str]:
    """What published claims are called, by id."""
    rows: Any = Passage.objects.filter(claim__in=claim_ids).values_list("claim", "title")
    return dict(rows)


def said_of(user: Person, claim: Claim, most: int = 20) -> list[Feedback]:
    """What was said of a claim, the newest first. A deal is named to those who may see it."""
    rows = list(Feedback.objects.filter(claim=claim).select_related("person", "deal", "seen_by")[:most])
    seen = set(
        Deal.objects.visible_to(user)
        .filter(pk__in=[row.deal_id for row in rows if row.deal_id])
        .values_list("pk", flat=True)
    )
    for row in rows:
        if row.deal_id not in seen:
            row.deal = None
    return rows


def to_read() -> tuple[int, int]:
    """Claims with feedback no editor has read, and open suggestions."""
    unread = Feedback.objects.filter(Q(seen_at__isnull=True)).order_by().values("claim").distinct().count()
    return unread, Suggestion.objects.filter(state=Suggestion.State.OPEN).count()
