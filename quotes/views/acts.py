"""What is done with a quote besides typing: the next revision, a copy, dropping a draft."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.lib.errors import NotAllowed
from crm.lib.views import attempt
from crm.services.once import made_before, once
from deals.models import Deal
from deals.views.base import deal_url
from quotes.forms.acts import ActForm, DuplicateForm
from quotes.models import Quote
from quotes.queries.lists import deals_for_copy
from quotes.rules.actions import Action
from quotes.rules.book import NoPrices
from quotes.services.drafts import discard_draft, duplicate, revise
from quotes.views.base import Request, Seen, act, no_prices, quote_url, quote_view


@quote_view(needs=Action.REVISE, methods=("POST",))
def quote_revise(request: Request, seen: Seen) -> HttpResponse:
    """Begins the next revision and opens it. What has approval keeps it until the next one is submitted."""
    form = ActForm(request.POST)
    try:
        made, status = attempt(form, partial(revise, act=act(request), quote_id=seen.quote.pk))
    except NoPrices:
        return no_prices(request, seen.deal)
    if made is None:
        return ask(request, seen, form, "Revise", "quotes/partials/ask_revise.html", status=status)
    return redirect("quotes:quote-edit", made.pk)


@quote_view(needs=Action.DISCARD, methods=("GET", "HEAD", "POST"))
def quote_discard(request: Request, seen: Seen) -> HttpResponse:
    """Asks, then drops the draft; a quote that was nothing else goes with it."""
    quote = seen.quote
    form = ActForm(request.POST or None, initial={"version": quote.version})
    part = "quotes/partials/ask_discard.html"
    if request.method != "POST" or not form.is_valid():
        return ask(request, seen, form, "Drop the draft", part, status=200 if request.method != "POST" else 422)
    version = form.cleaned_data["version"]
    do = partial(_discard, act=act(request), quote_id=quote.pk, expected_version=version)
    left, status = attempt(form, do)
    if left is None:
        return ask(request, seen, form, "Drop the draft", part, status=status)
    messages.success(request, f"The draft of {quote.reference} is dropped.")
    return redirect(quote_url(quote) if left == "quote" else deal_url(seen.deal))


def _discard(**asked: object) -> str:
    """What is left afterwards: the quote with its revision before, or the deal alone."""
    return "quote" if discard_draft(**asked) is not None else "deal"  # type: ignore[arg-type]


@quote_view(methods=("GET", "HEAD", "POST"))
def quote_duplicate(request: Request, seen: Seen) -> HttpResponse:
    """A copy as a new draft, on this deal or another of one's own; it carries no approval."""
    if Action.DUPLICATE not in seen.actions:
        raise PermissionDenied("A copy needs a deal you may change.")
    quote = seen.quote
    deals = deals_for_copy(request.user, quote)
    form = DuplicateForm(request.POST or None, deals=deals, initial={"deal": quote.deal_id})
    part, title = "quotes/partials/ask_duplicate.html", "Duplicate"
    if request.method != "POST":
        return ask(request, seen, form, title, part)
    token, doing = request.POST.get("once", ""), act(request)
    made, status = made_before(Quote, token, request.user), 422
    if made is None and form.is_valid():
        copy = partial(duplicate, act=doing, quote_id=quote.pk, deal_id=form.cleaned_data["deal"])
        try:
            made, status = attempt(form, lambda: once(Quote, token, doing, copy))
        except NoPrices:
            return no_prices(request, seen.deal)
        except (Deal.DoesNotExist, NotAllowed):
            form.add_error("deal", "This deal is not yours to change any more. Choose another.")
    if made is None:
        return ask(request, seen, form, title, part, status=status)
    messages.success(request, f"{made.reference} is a copy of {quote.reference}. Nobody has approved it yet.")
    return redirect("quotes:quote-edit", made.pk)


def ask(
    request: Request, seen: Seen, form: object, title: str, part: str, *, status: int = 200, **more: object
) -> HttpResponse:
    """The page that says what will happen before it does."""
    context = {"quote": seen.quote, "deal": seen.deal, "form": form, "title": title, "part": part, **more}
    return render(request, "quotes/quote_ask.html", context, status=status)
