"""The people on a deal and the competitors: two panels, and a small form behind each line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from deals.forms.committee import MemberForm, NewMemberForm, NewRivalForm, RivalForm
from deals.models import DealCompetitor, DealContact
from deals.queries import committee as queries
from deals.queries.detail import Sight
from deals.services.committee import remove_competitor, remove_contact, set_competitor, set_contact
from deals.views.base import Request, act, attempt, deal_view, done, show

METHODS = ("GET", "HEAD", "POST")


@deal_view(methods=METHODS)
def deal_contacts(request: Request, sight: Sight) -> HttpResponse:
    """The buying committee; ?add shows the form that adds somebody, POST adds."""
    deal = sight.deal
    if request.method != "POST" and "add" not in request.GET:
        found = {"members": queries.members(deal)}
        return show(request, sight, "deals/partials/contacts_panel.html", found, title="Contacts")
    people = queries.people_to_add(deal)
    form = NewMemberForm(request.POST or None, people=people)

    def add() -> object:
        values = form.cleaned_data
        return set_contact(
            act=act(request),
            deal_id=deal.pk,
            contact_id=int(values["contact"]),
            role=values["role"],
            sentiment=values["sentiment"],
        )

    part, context = "deals/partials/member_form.html", {"nobody": not people}
    return _answer(request, sight, form, add, part, context, title="Add a contact", said="Added to the deal.")


@deal_view(methods=METHODS)
def deal_contact(request: Request, sight: Sight, contact_id: int) -> HttpResponse:
    """One person's part in the deal; POST changes it, or takes them off it."""
    deal = sight.deal
    row = get_object_or_404(DealContact.objects.select_related("contact"), deal=deal, contact_id=contact_id)
    if "remove" in request.POST:
        remove_contact(act=act(request), deal_id=deal.pk, contact_id=contact_id)
        return done(request, deal, f"{row.contact} is off the deal.")
    form = MemberForm(request.POST or None, initial={"role": row.role, "sentiment": row.sentiment})

    def change() -> object:
        return set_contact(act=act(request), deal_id=deal.pk, contact_id=contact_id, **form.cleaned_data)

    part, context = "deals/partials/member_form.html", {"member": row}
    return _answer(request, sight, form, change, part, context, title=str(row.contact), said="Saved.")


@deal_view(methods=METHODS)
def deal_competitors(request: Request, sight: Sight) -> HttpResponse:
    """The competitors; ?add shows the form that adds one (?competitor= suggests how to win), POST adds."""
    deal = sight.deal
    if request.method != "POST" and "add" not in request.GET:
        found = {"rivals": queries.rivals(deal)}
        return show(request, sight, "deals/partials/competitors_panel.html", found, title="Competitors")
    chosen = request.GET.get("competitor", "")
    known = queries.strategies().get(chosen)
    start = {"competitor": chosen, "win_strategy": known.strategy if known else ""}
    form = NewRivalForm(request.POST or None, initial=start, competitors=queries.rivals_to_add(deal))

    def add() -> object:
        values = form.cleaned_data
        return set_competitor(
            act=act(request),
            deal_id=deal.pk,
            competitor_key=values["competitor"],
            position=values["position"],
            win_strategy=values["win_strategy"],
        )

    part, context = "deals/partials/rival_form.html", {"known": known}
    return _answer(request, sight, form, add, part, context, title="Add a competitor", said="Added to the deal.")


@deal_view(methods=METHODS)
def deal_competitor(request: Request, sight: Sight, key: str) -> HttpResponse:
    """Where one competitor stands; the playbook's strategy is proposed until somebody writes one for this deal."""
    deal = sight.deal
    row = get_object_or_404(DealCompetitor.objects.select_related("competitor"), deal=deal, competitor__key=key)
    if "remove" in request.POST:
        remove_competitor(act=act(request), deal_id=deal.pk, competitor_key=key)
        return done(request, deal, f"{row.competitor} is off the deal.")
    known = queries.strategies().get(key)
    start = {"position": row.position, "win_strategy": row.win_strategy or (known.strategy if known else "")}
    form = RivalForm(request.POST or None, initial=start)

    def change() -> object:
        return set_competitor(act=act(request), deal_id=deal.pk, competitor_key=key, **form.cleaned_data)

    part, context = "deals/partials/rival_form.html", {"rival": row, "known": known}
    return _answer(request, sight, form, change, part, context, title=str(row.competitor), said="Saved.")


def _answer(
    request: Request,
    sight: Sight,
    form: forms.Form,
    do: Callable[[], object],
    part: str,
    context: dict[str, Any],
    *,
    title: str,
    said: str,
) -> HttpResponse:
    if not sight.editable:
        raise PermissionDenied("You can see this deal but not change it. Ask its owner or their manager.")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            result, status = attempt(form, do)
            if result is not None:
                return done(request, sight.deal, said)
    context = {"form": form, "as_form": True, **context}
    return show(request, sight, part, context, title=title, status=status, dialog=True)
