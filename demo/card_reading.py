"""The demo's cards in use: objections raised on open deals, some answered, and who read and copied what: the same every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from battlecards.models import Card, Claim, Placed, Use
from battlecards.queries.library import objections
from battlecards.services.seeding import seed_cards
from battlecards.services.uses import record_use
from crm.registry.objections import KnownObjection
from crm.services.audit import Act
from deals.models import Deal, DealCompetitor, DealContact, RaisedObjection
from deals.services.objections import raise_objection, settle_objection

EVERY = 3
"""Every third open deal against a competitor has heard something against us."""
DAY = dt.timedelta(days=1)


def read_cards(now: dt.datetime) -> None:
    """Through the services, at the time each thing was done, by whoever owns the deal."""
    seed_cards(act=Act(by=None, at=now - 60 * DAY))
    known = objections()
    cards = {card.competitor_id: card for card in Card.objects.published().filter(competitor__isnull=False)}
    if not known or not cards:
        return
    rivals = DealCompetitor.objects.filter(deal__outcome="open", competitor__in=cards).select_related("competitor")
    for number, rival in enumerate(rivals.order_by("deal_id", "pk")):
        deal: Deal = rival.deal
        opened = max(deal.created_at, now - (number % 20 + 1) * DAY)
        act = Act(by=deal.owner, at=opened)
        card = cards[rival.competitor_id]
        if number % 2 == 0:
            record_use(act=act, card=card, how=Use.How.VIEWED, deal_id=deal.pk)
        if number % EVERY:
            continue
        contact = DealContact.objects.filter(deal=deal).order_by("pk").first()
        fitting = _of(card, known)
        said = fitting[(number // EVERY) % len(fitting)]
        row = raise_objection(
            act=act,
            deal_id=deal.pk,
            text=said.text,
            key=said.key,
            contact_id=contact.contact_id if contact else None,
            competitor_key=rival.competitor.key,
        )
        claim = Claim.objects.filter(card__sort="objections", key=said.key).first()
        if number % (2 * EVERY) == 0:
            _answer(row, said.quick, act, claim)


def _of(card: Card, known: Sequence[KnownObjection]) -> Sequence[KnownObjection]:
    """Those of the library that the competitor's card has a case of; any where it has none."""
    said = Placed.objects.filter(version=card.current, wording__kind="objection").order_by("place")
    keys = {content.get("library") for content in said.values_list("wording__content", flat=True)}
    return [one for one in known if one.key in keys] or known


def _answer(row: RaisedObjection, said: str, act: Act, claim: Claim | None) -> None:
    """An hour later, with what the library says where it is short about it."""
    later = Act(by=act.by, at=act.now + dt.timedelta(hours=1))
    settle_objection(act=later, deal_id=row.deal_id, objection_id=row.pk, answer=said)
    if claim is not None:
        record_use(act=later, card=claim.card, how=Use.How.COPIED, claim=claim, deal_id=row.deal_id)
