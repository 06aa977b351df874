"""What a card said before: its versions, any two side by side, and one of them again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from battlecards.forms.reviews import CardForm
from battlecards.models import Card, CardVersion, Sort
from battlecards.queries import editing
from battlecards.queries.cards import content_of
from battlecards.queries.drafts import open_draft
from battlecards.queries.reading import read_many
from battlecards.queries.versions import compared, ended_drafts, version_of, versions_of
from battlecards.rules.differing import What, counted, words
from battlecards.services.cards import create_card, set_retired
from battlecards.services.drafts import restore_version
from battlecards.views.base import Request, act, card_view, edits
from battlecards.views.drafting import edit_url
from battlecards.views.reading import BODIES, parts
from crm.lib.errors import Clash
from crm.lib.views import act as act_of
from crm.lib.views import allowed, attempt, number
from crm.models import Competitor
from crm.rules import access


@card_view()
def card_history(request: Request, card: Card) -> HttpResponse:
    """Every version: when, by whom, what changed."""
    found = versions_of(card)
    context = {
        "card": card,
        "versions": found,
        "pairs": [one.number for one in found],
        "editor": edits(request),
        "draft": open_draft(card.pk) if edits(request) else None,
        "ended": ended_drafts(card) if edits(request) else [],
    }
    return render(request, "battlecards/card_history.html", context)


@card_view(methods=("GET", "HEAD", "POST"))
def version_detail(request: Request, card: Card, number: int) -> HttpResponse:
    """A version as it was read then. An editor may make a draft of it."""
    version = _version(card, number)
    editor = edits(request)
    if request.method == "POST":
        try:
            restore_version(act=act(request), card_id=card.pk, number=number)
        except Clash as refused:
            messages.error(request, str(refused))
            return redirect("battlecards:card-history", card.slug)
        messages.success(
            request, f"This draft says what version {number} said. Nothing is in force before it is published."
        )
        return redirect(edit_url(card))
    return render(request, "battlecards/version_detail.html", _shown(card, version, editor))


def _shown(card: Card, version: CardVersion, editor: bool) -> dict[str, Any]:
    read = read_many([card], {card.pk: content_of(version, card.sort)}, timezone.localdate())[card.pk]
    return {
        "card": card,
        "version": version,
        "read": read,
        "body": BODIES[Sort(card.sort)],
        **parts(read),
        "editor": editor,
        "is_current": card.current_id == version.pk,
        "draft": open_draft(card.pk) if editor else None,
    }


@card_view()
def version_compare(request: Request, card: Card) -> HttpResponse:
    """Two versions (?from=1&to=3) claim by claim; the last two where none are named."""
    found = versions_of(card)
    if not found:
        raise Http404("Nothing of this card was published yet.")
    asked = {one.number: one for one in found}
    after = asked.get(number(request.GET.get("to")), found[0])
    before = asked.get(number(request.GET.get("from")), asked.get(after.number - 1, after))
    both = compared(card, before, after)
    changed = [one for one in both.differences if one.what is not What.SAME]
    by_section = [(label, [one for one in changed if one.section == name]) for name, label in editing.LABELS.items()]
    context = {
        "card": card,
        "numbers": [one.number for one in found],
        "both": both,
        "changed": [(label, ones) for label, ones in by_section if ones],
        "counts": [(many, what) for what, many in counted(both.differences).items() if many],
        "same": len(both.differences) - len(changed),
        "title_pieces": words(before.title, after.title) if before.title != after.title else (),
        "has_rows": card.sort == "competitor",
    }
    return render(request, "battlecards/version_compare.html", context)


def _version(card: Card, asked: int) -> CardVersion:
    version = version_of(card, asked)
    if version is None:
        raise Http404("This card has no such version.")
    return version


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_cards)
def card_create(request: HttpRequest) -> HttpResponse:
    """A card against a competitor that has none."""
    bare = Competitor.objects.filter(card__isnull=True, in_playbook=True).order_by("name")
    rivals = [(rival.key, rival.name) for rival in bare]
    asked = request.GET.get("competitor", "")
    name = dict(rivals).get(asked, "")
    initial = {"competitor": asked, "title": name, "slug": asked.replace("_", "-")} if name else {}
    form = CardForm(request.POST or None, rivals=rivals, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            draft, status = attempt(form, lambda: create_card(act=act_of(request), **form.cleaned_data))
            if draft is not None:
                return redirect(edit_url(draft.card))
    return render(request, "battlecards/card_create.html", {"form": form, "rivals": rivals}, status=status)


@card_view(editable=True, methods=("POST",))
def card_retire(request: Request, card: Card) -> HttpResponse:
    """Takes a card from the field, or brings it back (`retired` empty)."""
    retired = bool(request.POST.get("retired"))
    try:
        set_retired(act=act(request), card_id=card.pk, retired=retired)
        said = "is retired. The field does not see it any more." if retired else "is back. The field reads it again."
        messages.success(request, f"{card.title} {said}")
    except Clash as refused:
        messages.error(request, str(refused))
    return redirect(reverse("battlecards:card-history", args=[card.slug]))
