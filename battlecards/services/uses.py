"""What people did with cards: looked at one, copied a claim, took one along. Told to nobody; it is counted."""

from __future__ import annotations

import datetime as dt

from battlecards.models import Card, Claim, Use
from crm.lib.errors import NotAllowed
from crm.services.audit import Act
from deals.models import Deal


def record_use(*, act: Act, card: Card, how: Use.How, claim: Claim | None = None, deal_id: int | None = None) -> bool:
    """Notes a use; whether it is the first of its kind that day (UTC's). The same person, card, claim, deal and way again that day
    changes nothing, however many ask at once. Raises NotAllowed for a deal they don't see in full."""
    by = act.by
    if by is None:
        return False  # a program reads nothing
    if deal_id is not None and not Deal.objects.detailed_to(by).filter(pk=deal_id).exists():
        raise NotAllowed("This deal is not yours to see, so nothing can be noted on it.")
    day = act.now.astimezone(dt.UTC).date()
    same = Use.objects.filter(card=card, claim=claim, deal=deal_id, person=by, how=how, day=day)
    if same.exists():  # nearly always: a page that is read again writes nothing
        return False
    use = Use(card=card, claim=claim, deal_id=deal_id, person=by, how=how, day=day, at=act.now)
    Use.objects.bulk_create([use], ignore_conflicts=True)
    return True
