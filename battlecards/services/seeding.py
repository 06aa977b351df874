"""The cards that come with the product, written once. From then on the database rules (domain: part 7)."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction

from battlecards.models import Card
from battlecards.services.naming import RESERVED, is_reserved
from battlecards.services.publishing import put_in_force
from crm.models import Competitor
from crm.services.audit import Act
from playbook.cards import load_cards
from playbook.problems import PlaybookErrors, Problem
from playbook.schema import cards as schema
from playbook.spec import CARD_FOLDER

log = logging.getLogger(__name__)


@transaction.atomic
def seed_cards(*, act: Act, cards: Sequence[schema.Card] | None = None) -> list[Card]:
    """Publishes the cards whose slug no card has yet, those that were retired included, and gives them back. A competitor's waits until
    the playbook knows the competitor. Raises PlaybookErrors where the files are wrong."""
    cards = load_cards() if cards is None else cards
    wrong = [one.slug for one in cards if is_reserved(one.slug, one.sort)]
    if wrong:
        raise PlaybookErrors(
            [Problem(CARD_FOLDER, "slug", f"is {slug}, which {RESERVED}; choose another") for slug in wrong]
        )
    there = set(Card.objects.values_list("slug", flat=True))
    rivals = {rival.key: rival for rival in Competitor.objects.all()}
    taken = set(Card.objects.filter(competitor__isnull=False).values_list("competitor__key", flat=True))
    made = []
    for one in cards:
        if one.slug in there or one.competitor in taken:
            continue
        if one.competitor is not None and one.competitor not in rivals:
            log.warning("The card %s waits: the playbook in force has no competitor %s.", one.slug, one.competitor)
            continue
        card = Card.objects.create(
            slug=one.slug,
            title=one.title,
            sort=one.sort,
            competitor=rivals[one.competitor] if one.competitor else None,
            document_tally=one.document_tally.model_dump() if one.document_tally else None,
            created_at=act.now,
        )
        put_in_force(act=act, card=card, claims=one.claims, note="As it came with the product.")
        made.append(card)
    return made
