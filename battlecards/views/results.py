"""Does it help? Win rates with and without a card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from battlecards.models import Card
from battlecards.queries.intel import events
from battlecards.queries.results import competitor_cards, results
from battlecards.views.base import Request, bare, card_view
from crm.lib.views import allowed, person
from crm.rules import access

NEWS = 3


@card_view(related=("competitor",))
def card_results(request: Request, card: Card) -> HttpResponse:
    """A card's own, as a panel of its page and by itself. The library and the messaging have none."""
    found = next(iter(results(request.user, [card])), None)
    context = {
        "card": card,
        "result": found,
        "everything": access.row_reach(request.user.roles) == "all",
        "news": events(request.user, competitor=card.competitor.key)[:NEWS] if card.competitor else (),
    }
    if bare(request):
        return render(request, "battlecards/partials/card_results.html", context)
    return render(request, "battlecards/card_results.html", context)


@require_safe
@allowed(access.reads_cards)
def result_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = results(user, competitor_cards(user))
    everything = access.row_reach(user.roles) == "all"
    return render(request, "battlecards/result_list.html", {"rows": rows, "everything": everything})
