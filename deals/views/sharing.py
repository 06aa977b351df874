"""Who sees a deal and why, sharing it, and giving it to another owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.registry import goes_along
from deals.forms.deal import possible_owners
from deals.forms.sharing import READ, WRITE, NewShareForm, OwnerForm, ShareForm
from deals.models import DealShare
from deals.queries import visibility
from deals.queries.detail import Sight
from deals.services.handing_over import hand_over_deal
from deals.services.sharing import end_share, share_deal
from deals.views.base import Request, act, attempt, bare, deal_view, done, show

METHODS = ("GET", "HEAD", "POST")


@deal_view(needs="seen")
def deal_access(request: Request, sight: Sight) -> HttpResponse:
    """Why one sees the deal oneself; to those who see it in full who else does. ?who= looks colleagues up."""
    deal, today = sight.deal, _today()
    rows = visibility.share_rows(deal)
    who = request.GET.get("who", "").strip()[:100] if sight.detailed else ""
    context: dict[str, Any] = {
        "mine": visibility.why(request.user, deal, rows, today),
        "viewers": visibility.viewers(deal, rows, today) if sight.detailed else None,
        "who": who,
        "found": visibility.look_up(who, deal, rows, today),
        "may_hand_over": sight.editable and possible_owners(request.user) is not None,
        "panel": bare(request) and not who,
    }
    return show(request, sight, "deals/partials/access_panel.html", context, title="Who can see this?")


@deal_view(needs="editable", methods=METHODS)
def deal_shares(request: Request, sight: Sight) -> HttpResponse:
    """Shares the deal with a person or a team."""
    deal = sight.deal
    form = NewShareForm(
        request.POST or None, people=visibility.people_to_share_with(deal), teams=visibility.teams_to_share_with()
    )

    def share() -> DealShare:
        return share_deal(act=act(request), deal_id=deal.pk, whom=form.cleaned_data["whom"], **form.values)

    if request.method == "POST":
        return _answer(request, sight, form, share, {}, title="Share this deal", said="Shared.")
    return _form(request, sight, form, {}, title="Share this deal")


@deal_view(needs="editable", methods=METHODS)
def deal_share(request: Request, sight: Sight, share_id: int) -> HttpResponse:
    """One share: for what, and until when; POST changes it, or ends it."""
    deal = sight.deal
    row = get_object_or_404(DealShare.objects.select_related("person", "team"), deal=deal, pk=share_id)
    if "remove" in request.POST:
        end_share(act=act(request), deal_id=deal.pk, share_id=row.pk)
        return done(request, deal, f"No longer shared with {row}.")
    start = {"right": WRITE if row.can_write else READ, "until_date": row.until_date}
    form, title, context = ShareForm(request.POST or None, initial=start), f"Shared with {row}", {"share": row}

    def change() -> DealShare:
        return share_deal(act=act(request), deal_id=deal.pk, whom=row.whom, **form.values)

    if request.method == "POST":
        return _answer(request, sight, form, change, context, title=title, said="Saved.")
    return _form(request, sight, form, context, title=title)


@deal_view(needs="editable", methods=METHODS)
def deal_owner(request: Request, sight: Sight) -> HttpResponse:
    """Gives the deal to another owner, with what goes along."""
    deal = sight.deal
    owners = possible_owners(request.user)
    if owners is None:
        raise PermissionDenied("Only a manager or operations may hand a deal to somebody else.")
    counts = [(one, one.count(deal.pk, deal.owner_id)) for one in goes_along]
    along = [(one.key, f"Its {one.label} ({count})") for one, count in counts if count]
    start = {"along": [key for key, _ in along], "owner": request.GET.get("to")}
    form = OwnerForm(request.POST or None, initial=start, owners=owners, before=deal.owner, along=along)

    def hand_over() -> object:
        values = {"along": (), **form.cleaned_data}
        return hand_over_deal(act=act(request), deal_id=deal.pk, to=values.pop("owner"), **values)

    context = {"part": "deals/partials/owner_form.html"}
    if request.method == "POST":
        return _answer(request, sight, form, hand_over, context, title="Change owner", said="Handed over.")
    return _form(request, sight, form, context, title="Change owner")


def _answer(
    request: Request, sight: Sight, form: forms.Form, do: Any, context: dict[str, Any], *, title: str, said: str
) -> HttpResponse:
    result, status = attempt(form, do) if form.is_valid() else (None, 422)
    if result is not None:
        return done(request, sight.deal, said)
    return _form(request, sight, form, context, title=title, status=status)


def _form(
    request: Request, sight: Sight, form: forms.Form, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    part = context.get("part", "deals/partials/share_form.html")
    context = {"form": form, "as_form": True, **context}
    return show(request, sight, part, context, title=title, status=status, dialog=True)


def _today() -> dt.date:
    return timezone.now().date()
