"""Where a competitor's card opens beside something else."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from battlecards.models import Card
from crm.registry.cards import CardShelf, card_shelves


def addresses() -> Mapping[str, str]:
    """The panel of each published card by its competitor's key, whatever the card is called. One query."""
    rows = Card.objects.published().filter(competitor__isnull=False).order_by("pk")
    named = rows.values_list("competitor__key", "slug")
    return {key: reverse("battlecards:card-panel", args=[slug]) for key, slug in named}


def register() -> None:
    card_shelves.add(CardShelf(key="battlecards", addresses=addresses))
