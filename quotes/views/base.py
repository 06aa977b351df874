"""What every page of a quote does first: find the quote as this person may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crm.lib.errors import NotAllowed
from crm.lib.views import Request, act, bare, saved
from crm.rules import access
from deals.models import Deal
from quotes.models import Quote
from quotes.rules.actions import Action, actions
from quotes.rules.states import State

__all__ = ["Request", "Seen", "act", "bare", "done", "no_prices", "not_now", "quote_url", "quote_view"]

View = Callable[..., HttpResponse]
BESIDE = ("deal", "deal__account", "deal__owner", "latest", "latest__playbook", "created_by", "copied_from")


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote in somebody's eyes. `editable`: may change its deal, and so the quote."""

    quote: Quote
    editable: bool
    actions: tuple[Action, ...]

    @property
    def deal(self) -> Deal:
        deal: Deal = self.quote.deal
        return deal


def quote_view(
    *, needs: Action | None = None, editable: bool = False, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View], View]:
    """A view of one quote: `quote_id` of the address becomes the Seen.

    Not seen: 404. `editable`, or an action it `needs` that changes the deal's own quote: 403 for those who see it but may not
    change it. An action that its state does not allow is for the view to explain.
    """
    changing = editable or needs is not None

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, quote_id: int, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            quote = Quote.objects.visible_to(asked.user).select_related(*BESIDE).filter(pk=quote_id).first()
            if quote is None:
                raise Http404("There is no such quote, or it is not yours to see.")
            seen = _seen(asked, quote)
            if changing and not seen.editable:
                raise PermissionDenied("You can see this quote but not change it. Ask the owner of its deal.")
            if needs is not None and needs not in seen.actions:
                return not_now(asked, seen)
            try:
                return view(asked, seen, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def _seen(request: Request, quote: Quote) -> Seen:
    editable = Quote.objects.editable_by(request.user).filter(pk=quote.pk).exists()
    sells = access.may_create_deals(request.user.roles)
    approved = quote.state == State.APPROVED or quote.revisions.filter(state=State.APPROVED).exists()
    may = actions(quote.state, approved=approved, editable=editable, deal_open=quote.deal.is_open, sells=sells)
    return Seen(quote, editable, may)


def not_now(request: Request, seen: Seen) -> HttpResponse:
    """The quote is in another state than when the link was shown: said on a page, with what it is now."""
    context = {"quote": seen.quote, "deal": seen.deal, "here": "Not any more"}
    return render(request, "quotes/quote_not_now.html", context, status=409 if request.method == "POST" else 200)


def quote_url(quote: Quote) -> str:
    return reverse("quotes:quote-detail", args=[quote.pk])


def done(request: Request, quote: Quote, said: str, *, to: str = "") -> HttpResponse:
    return saved(request, said, changed="quote-changed", to=to or quote_url(quote))


def no_prices(request: Request, deal: Deal | None = None) -> HttpResponse:
    """The playbook in force has nothing to sell."""
    return render(request, "quotes/no_prices.html", {"deal": deal})
