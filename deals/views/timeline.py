"""The timeline of a deal, and the deals of an account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.lib.views import allowed
from crm.models import Account
from crm.rules import access
from deals.queries.accounts import deals_at
from deals.queries.detail import Sight
from deals.queries.timeline import Timeline, filters, filters_shown, moment, older_url, timeline
from deals.views.base import Request, bare, deal_view, show


@deal_view(related=())
def deal_timeline(request: Request, sight: Sight) -> HttpResponse:
    """All of it, or of one kind (?kind=), from a moment back (?before=)."""
    here = reverse("deals:deal-timeline", args=[sight.deal.pk])
    part, context = timeline_part(request, here, filters(), partial(timeline, sight.deal))
    return show(request, sight, part, context, title="Timeline")


def timeline_part(
    request: Request, here: str, known: Mapping[str, str], find: Callable[[str, dt.datetime | None], Timeline]
) -> tuple[str, dict[str, Any]]:
    """What is shown of a record's timeline at the address `here`: the template and its context. `known` are its filters."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in known else ""
    before = moment(request.GET.get("before", ""))
    shown = find(kind, before)
    context = {
        "here": here,
        "timeline": shown,
        "entries": shown.entries,
        "kind": kind,
        "before": before,
        "filters": filters_shown(here, known),
        "older_url": older_url(here, kind, shown),
    }
    more = bare(request) and before is not None
    return "components/timeline_entries.html" if more else "components/timeline_panel.html", context


@require_safe
@allowed(access.sees_accounts)
def account_panel(request: HttpRequest, account_id: int) -> HttpResponse:
    """The deals of an account that this person may see, for the account's page."""
    asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
    account = Account.objects.visible_to(asked.user).filter(pk=account_id).first()
    if account is None:
        raise Http404("There is no such account.")
    context = {
        "account": account,
        "deals": deals_at(asked.user, account),
        "can_create": access.may_create_deals(asked.user.roles),
    }
    template = "deals/partials/account_panel.html" if bare(asked) else "deals/account_deals.html"
    return render(request, template, context)
