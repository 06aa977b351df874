"""Calls: the list, the week, and the panel on a deal's page."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calls.queries.lists import SHOWN_LABELS, SORTS, CallFilter, deal_named, listed, of_deal, week_of
from calls.views.base import Request
from crm.lib import keyset
from crm.lib.lists import Choice, list_context
from crm.lib.views import allowed, person
from crm.rules import access, moments
from deals.queries.detail import Sight
from deals.views.base import deal_view, show

MOST_ON_DEAL = 5
VIEWS = (
    ("", "All"),
    ("show=upcoming&mine=yes", "My next"),
    ("show=review&mine=yes", "Mine to review"),
    ("show=upcoming", "Upcoming"),
    ("show=review", "To review"),
    ("show=done", "Done"),
)


@require_safe
@allowed(access.sees_contacts)
def call_list(request: HttpRequest) -> HttpResponse:
    """Every call on the deals one sees in full."""
    user = person(request)
    wanted = CallFilter.from_query(request.GET)
    page = keyset.page(listed(user, wanted), SORTS, request.GET, default=wanted.order, noun="calls")
    filters = [
        Choice("show", "State", SHOWN_LABELS, wanted.show),
        Choice("mine", "Whose", [("yes", "Mine")], "yes" if wanted.mine else ""),
        Choice("deal", "Deal", (), str(wanted.deal or ""), deal_named(user, wanted.deal) if wanted.deal else ""),
    ]
    context = list_context(request.GET, page, wanted, filters, VIEWS)
    return render(request, "calls/call_list.html", context)


@require_safe
@allowed(access.sees_contacts)
def call_week(request: HttpRequest) -> HttpResponse:
    """A week of calls: ?from= any day of it, this week unless said; one's own unless ?whose=all."""
    mine = request.GET.get("whose") != "all"
    context = {"week": week_of(person(request), _day(request.GET.get("from", "")), mine=mine), "mine": mine}
    return render(request, "calls/call_week.html", context)


def _day(text: str) -> dt.date:
    """Days so early or late that nobody calls are today."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if moments.FIRST.date() < day < moments.END.date() - dt.timedelta(days=7) else timezone.localdate()


@deal_view()
def deal_panel(request: Request, sight: Sight) -> HttpResponse:
    calls = list(of_deal(sight.deal)[: MOST_ON_DEAL + 1])
    context = {"calls": calls[:MOST_ON_DEAL], "more": len(calls) > MOST_ON_DEAL}
    return show(request, sight, "calls/partials/deal_panel.html", context, title="Calls")
