"""The cards: their list, and one of them whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from battlecards.models import Card, Sort, Use
from battlecards.queries.library import library
from battlecards.queries.on_deal import open_on, situation_of
from battlecards.queries.raised import raised_lately
from battlecards.queries.reading import (
    ASPECTS,
    GROUPS,
    SIDES,
    STRATEGIES,
    Reading,
    for_every_deal,
    reading,
    rivals,
    without_card,
)
from battlecards.rules.searching import words
from battlecards.services.uses import record_use
from battlecards.views.base import Request, act, bare, card_view, deal_asked, edits
from crm.lib.views import allowed, person
from crm.rules import access

LONGEST = 100  # characters of a filter
BODIES = {
    Sort.COMPETITOR: "battlecards/partials/card_body.html",
    Sort.OBJECTIONS: "battlecards/partials/library_body.html",
    Sort.MESSAGING: "battlecards/partials/messaging_body.html",
}
TEMPLATES = {
    Sort.COMPETITOR: "battlecards/card_detail.html",
    Sort.OBJECTIONS: "battlecards/library_detail.html",
    Sort.MESSAGING: "battlecards/messaging_detail.html",
}


@require_safe
@allowed(access.reads_cards)
def card_list(request: HttpRequest) -> HttpResponse:
    """Every card, and the competitors that have none."""
    user, today = person(request), timezone.localdate()
    page = rivals(user, today, request.GET)
    context: dict[str, Any] = {
        "page": page,
        "rivals": page.rows,
        "others": for_every_deal(user, today),
        "bare": without_card(user),
        "editor": access.may_edit_cards(user.roles),
    }
    return render(request, "battlecards/card_list.html", context)


@card_view()
def card_detail(request: Request, card: Card) -> HttpResponse:
    """The reader: everything a card says on one page. Opened from a deal (?deal=), what matters there comes first."""
    context = _opened(request, card)
    return render(request, TEMPLATES[Sort(card.sort)], context)


@require_safe
@allowed(access.reads_cards)
def objection_list(request: HttpRequest) -> HttpResponse:
    """The objection library, whatever its card is called."""
    card = library()
    if card is None:
        raise Http404("No objections are published yet. Enablement writes them.")
    answer: HttpResponse = card_detail(request, slug=card.slug)
    return answer


@card_view()
def card_panel(request: Request, card: Card) -> HttpResponse:
    """A card beside something else: notes of a call, a deal."""
    context = _opened(request, card)
    template = "battlecards/partials/card_panel.html" if bare(request) else "battlecards/card_panel_page.html"
    return render(request, template, context)


def _opened(request: Request, card: Card) -> dict[str, Any]:
    """The card as this person reads it now, and the note that they did. A page that is fetched ahead or asked for its head only is
    not read by anybody."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    read, deal = reading(card, timezone.localdate(), sought=words(q)), deal_asked(request)
    opened = open_on(read, *situation_of(deal)) if deal is not None else None
    read = opened.reading if opened is not None else read
    if request.method == "GET" and card.current is not None and request.headers.get("Sec-Purpose") is None:
        record_use(act=act(request), card=card, how=Use.How.VIEWED, deal_id=deal.pk if deal else None)
    context: dict[str, Any] = {
        "card": card,
        "version": card.current,
        "read": read,
        "q": q,
        "editor": edits(request),
        "deal": deal,
        "opened": opened,
        "weighted": opened.weighted if opened else None,
        "weights": opened.weights if opened else None,
    }
    if card.sort == Sort.OBJECTIONS:
        keys = [line.claim.key for line in read.sections.get("objections", ())]
        context["lately"] = raised_lately(request.user, keys, timezone.now())
        context["may_raise"] = access.may_create_deals(request.user.roles)
    return context | parts(read)


def parts(read: Reading) -> dict[str, Any]:
    """What the pages of each sort group by, and where their bar jumps to: (id, label, count)."""
    sections = read.sections
    if read.card.sort == Sort.OBJECTIONS:
        categories = read.grouped("objections", "category", {})
        quick = [line for line in sections.get("objections", ()) if getattr(line.claim, "quick", "")]
        jumps = [(f"category-{n}", one.label or "Others", len(one.lines)) for n, one in enumerate(categories, 1)]
        jumps += [("framework", "Steps", len(sections.get("framework", ()))), ("quick", "In one breath", len(quick))]
        return {"categories": categories, "quick": quick, "anchors": [jump for jump in jumps if jump[2]]}
    if read.card.sort == Sort.MESSAGING:
        groups = read.grouped("messages", "group", GROUPS)
        jumps = [(f"group-{one.key}", one.label, len(one.lines)) for one in groups]
        return {"messages_grouped": groups, "anchors": jumps}
    named = (
        ("overview", "Overview", "overview"),
        ("rows", "Head to head", "rows"),
        ("points", "What to say", "talking_points"),
        ("objections", "Objections", "objections"),
        ("positions", "Fight or walk", "positions"),
        ("strategy", "Strategy", "strategy"),
    )
    return {
        "overview": read.grouped("overview", "aspect", ASPECTS),
        "positions": read.grouped("positions", "side", SIDES),
        "strategy": read.grouped("strategy", "aspect", STRATEGIES),
        "anchors": [(id, label, len(sections[name])) for id, label, name in named if name in sections],
    }
