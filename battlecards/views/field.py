"""What the field says of a claim, and what becomes of suggestions."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from battlecards.forms.field import DecideForm, FeedbackForm, SuggestForm
from battlecards.models import Card, Suggestion
from battlecards.queries import field
from battlecards.queries.field import Known
from battlecards.rules.content import content_of
from battlecards.services.feedback import decide, give_feedback, suggest
from battlecards.views.claims import claim_view, edit_url
from crm.lib import keyset
from crm.lib.views import act, allowed, attempt, bare, number, person
from crm.rules import access
from crm.services.once import once

STATES = (("open", "Open"), ("taken", "Taken"), ("declined", "Declined"), ("", "All"))


@claim_view("GET", "HEAD", "POST")
def claim_feedback(request: HttpRequest, known: Known) -> HttpResponse:
    """?deal= is the deal somebody comes from. To htmx bare, in place of the link that asked."""
    deal = number(request.POST.get("deal") or request.GET.get("deal"))
    form = FeedbackForm(
        request.POST or None,
        deals=field.deals_for(person(request), known.card, deal),
        initial={"deal": deal or "", "verdict": request.GET.get("verdict", "")},
        auto_id=f"say{known.claim.pk}_%s",
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            made, status = attempt(
                form,
                lambda: give_feedback(
                    act=act(request),
                    claim_id=known.claim.pk,
                    verdict=said["verdict"],
                    note=said["note"],
                    deal_id=said["deal"],
                ),
            )
            if made is not None:
                return _thanked(request, known, f"Noted as {made.get_verdict_display().lower()}. Editors see it.")
    return _show(request, known, "battlecards/partials/feedback_form.html", {"form": form}, "How did it go?", status)


@claim_view("GET", "HEAD", "POST")
def claim_suggest(request: HttpRequest, known: Known) -> HttpResponse:
    deal = number(request.POST.get("deal") or request.GET.get("deal"))
    form = SuggestForm(
        request.POST or None,
        deals=field.deals_for(person(request), known.card, deal),
        words=known.texts,
        initial={"deal": deal or ""},
        auto_id=f"suggest{known.claim.pk}_%s",
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said, new = form.cleaned_data, form.rewritten()
            content = {**content_of(known.said), **new} if new else None
            doing = act(request)
            write = partial(
                suggest,
                act=doing,
                text=said["text"],
                claim_id=known.claim.pk,
                content=content,
                deal_id=said["deal"],
            )
            made, status = attempt(
                form, lambda: once(Suggestion, request.POST.get("once", ""), doing, write), prefix="new_"
            )
            if made is not None:
                return _thanked(request, known, "Editors have your suggestion. You are told what becomes of it.")
    return _show(request, known, "battlecards/partials/suggest_form.html", {"form": form}, "Suggest a change", status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_cards)
def card_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Something a card lacks."""
    card = Card.objects.visible_to(person(request)).filter(slug=slug).first()
    if card is None:
        raise Http404("There is no such card.")
    form = SuggestForm(request.POST or None, deals=field.deals_for(person(request), card))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said, doing = form.cleaned_data, act(request)
            write = partial(suggest, act=doing, text=said["text"], card_id=card.pk, deal_id=said["deal"])
            made, status = attempt(form, lambda: once(Suggestion, request.POST.get("once", ""), doing, write))
            if made is not None:
                messages.success(request, "Editors have your suggestion. You are told what becomes of it.")
                return redirect("battlecards:suggestion-list")
    return render(request, "battlecards/card_suggest.html", {"card": card, "form": form}, status=status)


@require_safe
@allowed(access.reads_cards)
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """?state=; editors see everybody's, others their own."""
    user = person(request)
    edits = access.may_edit_cards(user.roles)
    state = request.GET.get("state", "open" if edits else "")
    state = state if state in dict(STATES) else "open"
    rows = field.suggestions(user, state=state)
    page = keyset.page(rows, field.SORTS, request.GET, default="-at", noun="suggestions")
    titles = field.titles([row.claim_id for row in page.rows if row.claim_id])
    context = {
        "page": page,
        "edits": edits,
        "rows": [(row, titles.get(row.claim_id or 0, "")) for row in page.rows],
        "views": [(label, f"?state={key}", key == state) for key, label in STATES],
    }
    return render(request, "battlecards/suggestion_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_cards)
def suggestion_detail(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """A suggestion beside what the card says. Editors take or decline it."""
    user = person(request)
    row = field.suggestions(user).filter(pk=suggestion_id).first()
    if row is None:
        raise Http404("There is no such suggestion, or it is not yours to see.")
    edits = access.may_edit_cards(user.roles)
    if request.method == "POST" and not edits:
        raise PermissionDenied("Only those who keep the cards decide this: enablement and operations.")
    form, status = DecideForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            taken = request.POST.get("do") == "take"
            made, status = attempt(
                form,
                lambda: decide(act=act(request), suggestion_id=row.pk, taken=taken, answer=form.cleaned_data["answer"]),
            )
            if made is not None:
                said = "Taken up: write it into the card." if taken else "Declined."
                messages.success(request, f"{said} {row.person} was told.")
                return redirect((taken and _edit_url(row)) or reverse("battlecards:suggestion-list"))
    known = _known(request, row)
    context: dict[str, Any] = {
        "row": row,
        "known": known,
        "form": form if edits and row.state == "open" else None,
        "changes": _changes(known, row),
        "edit_url": _edit_url(row) if edits else "",
    }
    return render(request, "battlecards/suggestion_detail.html", context, status=status)


def _known(request: HttpRequest, row: Suggestion) -> Known | None:
    return field.find_claim(person(request), row.claim_id) if row.claim_id else None


def _changes(known: Known | None, row: Suggestion) -> list[tuple[str, str, str]]:
    """Label, as it is, as it is suggested, of the texts that differ."""
    if known is None or row.content is None:
        return []
    return [
        (label, text, str(row.content.get(name, "")))
        for name, label, text in known.texts
        if row.content.get(name, "") != text
    ]


def _edit_url(row: Suggestion) -> str:
    """The editor, on the claim, with the suggestion beside it; "" while there is none."""
    return edit_url(row.card, row.claim.key if row.claim else "", suggestion=row.pk)


def _thanked(request: HttpRequest, known: Known, said: str) -> HttpResponse:
    if bare(request):
        return render(
            request, "battlecards/partials/claim_said.html", {"known": known, "claim_id": known.claim.pk, "said": said}
        )
    messages.success(request, said)
    return redirect(_card_url(known))


def _card_url(known: Known) -> str:
    try:
        return f"{reverse('battlecards:card-detail', args=[known.card.slug])}#c-{known.claim.key}"
    except NoReverseMatch:
        return reverse("battlecards:claim-feedback", args=[known.claim.pk])


def _show(
    request: HttpRequest, known: Known, part: str, context: dict[str, Any], title: str, status: int
) -> HttpResponse:
    values = {
        **context,
        "known": known,
        "claim_id": known.claim.pk,
        "title": title,
        "part": part,
    }
    values["said_of"] = () if bare(request) else field.said_of(person(request), known.claim)
    values["card_url"] = _card_url(known)
    if bare(request):
        return render(request, values["part"], values, status=status)
    return render(request, "battlecards/claim_page.html", values, status=status)
