"""Win rates with and without a card, over the deals somebody may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from battlecards.models import Card, Use
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules.rates import Rate, rate
from deals.models import Deal, DealCompetitor
from playbook.schema.cards import CardRules


@dataclass(frozen=True, slots=True)
class Result:
    """`used`: closed deals against the card's competitor on which somebody used the card before they closed; `not_used` the others.
    `documented` is what the playbook's document says, None where it says nothing."""

    card: Card
    used: Rate
    not_used: Rate
    documented: Rate | None
    minimum: int

    @property
    def closed(self) -> int:
        return self.used.closed + self.not_used.closed


def results(user: Person, cards: Iterable[Card]) -> list[Result]:
    """For competitors' cards, each in one statement. Everybody counts over the deals they may see (`Deal.objects.visible_to`), as all
    reports do: whoever sees names and outcomes of all deals counts them all, a rep their own. So a number tells nobody of a deal they
    may not know of. A deal is against a competitor that stands on it, or that its outcome names."""
    playbook = playbooks.current()[1]
    minimum = (playbook.cards or CardRules()).minimum_deals
    documented = {one.key: (one.documented_won, one.documented_of) for one in playbook.competitors}
    found = []
    for card in cards:
        if card.competitor is None:
            continue
        named = Exists(DealCompetitor.objects.filter(deal=OuterRef("pk"), competitor=card.competitor_id))
        before = Use.objects.filter(card=card.pk, deal=OuterRef("pk"), at__lt=OuterRef("closed_at"))
        deals = Deal.objects.visible_to(user).filter(outcome__in=("won", "lost"))
        deals = deals.filter(Q(outcome_competitor=card.competitor_id) | named)
        counted = (
            deals.annotate(used=Exists(before)).order_by().values_list("used", "outcome").annotate(count=Count("pk"))
        )
        counts = {(bool(used), outcome): count for used, outcome, count in counted}
        sides = []
        for used in (True, False):
            won, lost = counts.get((used, "won"), 0), counts.get((used, "lost"), 0)
            sides.append(rate(won, won + lost, minimum))
        won, of = documented.get(card.competitor.key, (None, None))
        told = rate(won, of, 1) if won is not None and of else None
        found.append(Result(card, sides[0], sides[1], told, minimum))
    return found


def competitor_cards(user: Person) -> list[Card]:
    rows = Card.objects.visible_to(user).filter(competitor__isnull=False, current__isnull=False)
    return list(rows.select_related("competitor").order_by(F("title"), "pk"))
