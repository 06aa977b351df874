"""Searching cards, objections and messaging."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from battlecards.models.cards import KINDS
from battlecards.queries.searching import LONGEST, MOST_READ, choices, search
from crm.lib.views import allowed, bare, person
from crm.rules import access


@require_safe
@allowed(access.reads_cards)
def search_cards(request: HttpRequest) -> HttpResponse:
    """?q=, of a kind and on a card where they are given; while one types htmx asks for the results alone."""
    user, q = person(request), request.GET.get("q", "").strip()[:LONGEST]
    cards = choices(user)
    kind = _one_of(request.GET.get("kind", ""), [key for key, _ in KINDS])
    card = _one_of(request.GET.get("card", ""), [slug for slug, _ in cards])
    context = {
        "q": q,
        "kind": kind,
        "card": card,
        "found": search(user, q, kind=kind, card=card),
        "most": MOST_READ,
        "kinds": KINDS,
        "cards": cards,
    }
    template = "battlecards/partials/search_results.html" if bare(request) else "battlecards/search.html"
    return render(request, template, context)


def _one_of(text: str, known: list[str]) -> str:
    return text if text in known else ""
