"""One quote: where it stands, its revisions, and what changed between two of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.lib import views
from quotes.models import Revision
from quotes.queries.detail import (
    RevisionShown,
    approval_of,
    chain,
    decides,
    difference,
    revision_of,
    revisions_of,
    shown,
)
from quotes.views.base import Request, Seen, quote_view


@quote_view()
def quote_detail(request: Request, seen: Seen) -> HttpResponse:
    return render(request, "quotes/quote_detail.html", _now(request, seen))


@quote_view()
def quote_now(request: Request, seen: Seen) -> HttpResponse:
    """What of the page changes while a quote waits; 204 while nothing did."""
    if request.GET.get("token") == str(seen.quote.version):
        return HttpResponse(status=204)
    return render(request, "quotes/partials/quote_now.html", _now(request, seen))


def _now(request: Request, seen: Seen) -> dict[str, Any]:
    quote, now = seen.quote, timezone.now()
    revisions = revisions_of(quote)
    latest = _shown(seen, revisions[0].number)
    approval = approval_of(_with_approval(revisions)) if any(hasattr(one, "approval") for one in revisions) else None
    before = next((one for one in revisions[1:]), None)
    return {
        "quote": quote,
        "deal": seen.deal,
        "actions": seen.actions,
        "editable": seen.editable,
        "revisions": revisions,
        "shown": latest,
        "currency": quote.currency,
        "approval": approval,
        "chain": chain(approval, latest.rules, now) if approval and latest.rules else (),
        "decides": approval is not None and decides(request.user, approval, now),
        "changed": difference(_shown(seen, before.number), latest) if before else (),
        "before": before,
    }


def _with_approval(revisions: list[Revision]) -> Revision:
    return next(one for one in revisions if hasattr(one, "approval"))


@quote_view()
def revision_detail(request: Request, seen: Seen, number: int) -> HttpResponse:
    """One revision as it was submitted."""
    found = _shown(seen, number)
    approval = approval_of(found.revision)
    context = {
        "quote": seen.quote,
        "deal": seen.deal,
        "shown": found,
        "revision": found.revision,
        "currency": seen.quote.currency,
        "approval": approval,
        "chain": chain(approval, found.rules, timezone.now()) if approval and found.rules else (),
    }
    return render(request, "quotes/revision_detail.html", context)


@quote_view()
def quote_diff(request: Request, seen: Seen) -> HttpResponse:
    """Two revisions side by side: ?from= and ?to=, the newest against the one before unless said."""
    numbers = [one.number for one in revisions_of(seen.quote)]
    after = views.number(request.GET.get("to")) or numbers[0]
    before = views.number(request.GET.get("from")) or next((one for one in numbers if one < after), after)
    one, two = _shown(seen, before), _shown(seen, after)
    context = {
        "quote": seen.quote,
        "deal": seen.deal,
        "numbers": numbers,
        "before": one,
        "after": two,
        "changed": difference(one, two),
    }
    return render(request, "quotes/quote_diff.html", context)


def _shown(seen: Seen, number: int) -> RevisionShown:
    found = revision_of(seen.quote, number)
    if found is None:
        raise Http404("This quote has no such revision.")
    return shown(found)
