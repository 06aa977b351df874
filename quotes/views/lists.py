"""Quotes: the list, and the panel on a deal's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.lib import keyset
from crm.lib.lists import Choice, list_context
from crm.lib.views import allowed, person
from crm.rules import access
from deals.queries.detail import Sight
from deals.views.base import deal_view, show
from quotes.models import Revision
from quotes.queries.detail import shown
from quotes.queries.lists import SORTS, QuoteFilter, deal_named, given_on, listed, of_deal, states
from quotes.queries.preview import current, look, rivals_on
from quotes.rules.states import State
from quotes.views.base import Request

MOST_ON_DEAL = 6
VIEWS = (
    ("", "All"),
    ("mine=yes", "Mine"),
    ("state=draft", "Drafts"),
    ("state=submitted", "Waiting"),
    ("state=approved", "Approved"),
    ("state=accepted", "Accepted"),
)


@require_safe
@allowed(access.sees_contacts)
def quote_list(request: HttpRequest) -> HttpResponse:
    """Every quote of the deals one sees in full, the last changed first."""
    user = person(request)
    wanted = QuoteFilter.from_query(request.GET)
    page = keyset.page(listed(user, wanted), SORTS, request.GET, default="-updated", noun="quotes")
    filters = [
        Choice("state", "State", states(), wanted.state),
        Choice("mine", "Whose", [("yes", "Mine")], "yes" if wanted.mine else ""),
        Choice("deal", "Deal", (), str(wanted.deal or ""), deal_named(user, wanted.deal) if wanted.deal else ""),
    ]
    context = list_context(request.GET, page, wanted, filters, VIEWS)
    context |= {"has_prices": current() is not None}
    return render(request, "quotes/quote_list.html", context)


@deal_view()
def deal_panel(request: Request, sight: Sight) -> HttpResponse:
    """The deal's quotes; of the newest how its price comes about, and while it is a draft what would be cheaper."""
    quotes = list(of_deal(sight.deal)[: MOST_ON_DEAL + 1])
    rules = current()
    newest = quotes[0] if quotes else None
    revision = (
        Revision.objects.select_related("playbook").defer("playbook__data").get(pk=newest.latest_id) if newest else None
    )
    way = None
    if rules is not None and revision is not None and revision.state == State.DRAFT and revision.total is not None:
        ways = look(revision.inputs, rules, rivals_on(sight.deal)).ways
        way = ways[0] if ways else None
    context = {
        "quotes": quotes[:MOST_ON_DEAL],
        "more": len(quotes) > MOST_ON_DEAL,
        "newest": newest,
        "shown": shown(revision) if revision else None,
        "way": way,
        "given": given_on(sight.deal, rules) if any(quote.state == State.ACCEPTED for quote in quotes) else (),
        "has_prices": rules is not None,
    }
    return show(request, sight, "quotes/partials/deal_panel.html", context, title="Quotes")
