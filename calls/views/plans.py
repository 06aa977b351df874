"""Planning a call: a new one on a deal, a change of plan, its agenda, calling it off and back on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from calls.forms.acts import AgendaForm, CancelForm
from calls.forms.plans import PlanForm, guests_of, starting
from calls.models import Call
from calls.queries.plan import colleagues_for, contacts_for
from calls.rules.actions import Action
from calls.rules.agenda import lengths
from calls.services.plans import cancel_call, change_plan, plan_call, reinstate_call, set_agenda
from calls.views.base import Request, Seen, act, call_url, call_view
from crm.lib.views import attempt
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.services.once import made_before, once
from deals.models import Deal, DealContact
from deals.queries.detail import Sight
from deals.views.base import deal_view


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def call_create(request: Request, sight: Sight) -> HttpResponse:
    """A new call on a deal, with its champion's side of the table ticked already."""
    deal = sight.deal
    _, playbook = playbooks.current()
    if not deal.is_open:
        status = 409 if request.method == "POST" else 200
        return render(request, "calls/deal_closed.html", {"deal": deal}, status=status)
    sent = request.method == "POST"
    form = PlanForm(
        request.POST if sent else None,
        initial=_fresh(request, deal, lengths(playbook)),
        contacts=contacts_for(deal),
        colleagues=colleagues_for(deal, [deal.owner_id, request.user.pk]),
        playbook=playbook,
        lengths=lengths(playbook),
    )
    token, doing = request.POST.get("once", ""), act(request)
    made, status = made_before(Call, token, request.user), 422 if sent else 200
    if sent and made is None and form.is_valid():
        owner = Person.objects.get(pk=form.cleaned_data["owner"])
        make = partial(plan_call, act=doing, deal_id=deal.pk, attendees=form.people, owner=owner, **form.values)
        made, status = attempt(form, lambda: once(Call, token, doing, make))
    if made is None:
        return render(request, "calls/call_form.html", {"deal": deal, "form": form}, status=status)
    messages.success(request, "The call is planned. Its questions stand in the order of what an answer would move.")
    return redirect(call_url(made))


def _fresh(request: Request, deal: Deal, usual: tuple[int, ...]) -> Mapping[str, Any]:
    """Tomorrow at this full hour, with everybody on the deal."""
    soon = timezone.localtime().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    there = DealContact.objects.filter(deal=deal, contact__deleted_at__isnull=True).values_list("contact_id", flat=True)
    ours = list(dict.fromkeys((deal.owner_id, request.user.pk)))
    first = {"starts_at": soon, "length": str(usual[0]), "owner": deal.owner_id, "ours": ours}
    return first | {f"contact-{pk}": True for pk in there}


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def call_plan(request: Request, seen: Seen) -> HttpResponse:
    """Changes what was planned, while it still can be."""
    call, deal = seen.call, seen.deal
    if Action.PLAN not in seen.actions:
        return _not_now(request, seen)
    playbook = playbooks.by_number(call.playbook.number)
    seats = list(call.attendees.all())
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        initial=starting(call, lengths(playbook), seats),
        contacts=contacts_for(deal, call),
        colleagues=colleagues_for(deal, [one.person_id for one in seats if one.person_id] + [call.owner_id]),
        playbook=playbook,
        lengths=lengths(playbook),
        guests=guests_of(seats),
    )
    status = 200
    if request.method == "POST":
        done, status = (None, 422) if not form.is_valid() else _change(request, call, form)
        if done is not None:
            messages.success(request, "The plan is changed.")
            return redirect(call_url(call))
    return render(request, "calls/call_form.html", {"deal": deal, "call": call, "form": form}, status=status)


def _change(request: Request, call: Call, form: PlanForm) -> tuple[Call | None, int]:
    """While a call is under way its beginning and length stay as they are."""
    values = {name: value for name, value in form.values.items() if not call.is_live or name in ("title", "goal")}
    values["title"] = values["title"] or call.title
    owner = Person.objects.get(pk=form.cleaned_data["owner"])
    version = form.cleaned_data["version"]
    doing = act(request)
    return attempt(
        form,
        lambda: change_plan(
            act=doing, call_id=call.pk, expected_version=version, attendees=form.people, owner=owner, **values
        ),
    )


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def call_agenda(request: Request, seen: Seen) -> HttpResponse:
    """Other minutes for its parts."""
    call = seen.call
    parts = list(call.parts.all())
    sent = request.method == "POST"
    form = AgendaForm(request.POST if sent else None, initial={"version": call.version}, parts=parts)
    status = 200
    if sent:
        status = 422
        if form.is_valid():
            version, doing = form.cleaned_data["version"], act(request)
            ask = partial(set_agenda, act=doing, call_id=call.pk, minutes=form.minutes, expected_version=version)
            done, status = attempt(form, ask)
            if done is not None:
                messages.success(request, "The agenda is changed.")
                return redirect(call_url(call))
    context = {
        "call": call,
        "deal": seen.deal,
        "form": form,
        "title": "Agenda",
        "part": "calls/partials/ask_agenda.html",
    }
    return render(request, "calls/call_ask.html", context, status=status)


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def call_cancel(request: Request, seen: Seen) -> HttpResponse:
    """Asks, then calls it off."""
    call = seen.call
    if Action.CANCEL not in seen.actions:
        return _not_now(request, seen)
    form = CancelForm(request.POST if request.method == "POST" else None, initial={"version": call.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            why, version = form.cleaned_data["why"], form.cleaned_data["version"]
            off = partial(cancel_call, act=act(request), call_id=call.pk, why=why, expected_version=version)
            done, status = attempt(form, off)
            if done is not None:
                messages.success(request, "The call is cancelled.")
                return redirect(call_url(call))
    context = {
        "call": call,
        "deal": seen.deal,
        "form": form,
        "title": "Cancel",
        "part": "calls/partials/ask_cancel.html",
    }
    return render(request, "calls/call_ask.html", context, status=status)


@call_view(editable=True, methods=("POST",))
def call_reinstate(request: Request, seen: Seen) -> HttpResponse:
    if Action.REINSTATE not in seen.actions:
        return _not_now(request, seen)
    reinstate_call(act=act(request), call_id=seen.call.pk)
    messages.success(request, "The call is planned again.")
    return redirect(call_url(seen.call))


def _not_now(request: Request, seen: Seen) -> HttpResponse:
    """The call is in another state than when the link was shown."""
    context = {"call": seen.call, "deal": seen.deal}
    return render(request, "calls/call_not_now.html", context, status=409 if request.method == "POST" else 200)
