"""Noting that a claim was used."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from battlecards.models import Card, Use
from battlecards.services.uses import record_use
from battlecards.views.base import Request, act, card_view, deal_asked
from crm.lib.texts import storable


@card_view(methods=("POST",), related=())
def card_copied(request: Request, card: Card) -> HttpResponse:
    """Somebody copied a claim (`claim` its key), on a deal where `deal` names one they see. The browser has copied it already; what
    can't be noted takes nothing away, so a claim that is gone meanwhile is a plain 404."""
    key = request.POST.get("claim", "")
    claim = card.claims.filter(key=key).first() if storable(key) else None
    if claim is None:
        raise Http404("This card has no such claim any more.")
    deal = deal_asked(request)
    record_use(act=act(request), card=card, how=Use.How.COPIED, claim=claim, deal_id=deal.pk if deal else None)
    return HttpResponse(status=204)
