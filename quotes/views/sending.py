"""Sending a quote for approval, taking it back, and the customer's yes: each says first what it will do."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.lib.views import attempt
from crm.models import Product
from quotes.forms.acts import AcceptForm, ActForm, WithdrawForm
from quotes.queries.detail import approval_of, revision_of, shown
from quotes.queries.preview import current, look, rivals_on
from quotes.queries.standing import priced_again
from quotes.rules.actions import Action
from quotes.rules.selling import given, sold
from quotes.rules.states import State
from quotes.services.acceptance import accept
from quotes.services.submissions import submit, withdraw
from quotes.views.acts import ask
from quotes.views.base import Request, Seen, act, no_prices, quote_url, quote_view


@quote_view(needs=Action.SUBMIT, methods=("GET", "HEAD", "POST"))
def quote_submit(request: Request, seen: Seen) -> HttpResponse:
    """What will be asked of whom, what is in the way; then it is sent."""
    quote = seen.quote
    rules = current()
    if rules is None:
        return no_prices(request, seen.deal)
    form = ActForm(request.POST or None, initial={"version": quote.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"]
            send = partial(submit, act=act(request), quote_id=quote.pk, expected_version=version)
            sent, status = attempt(form, send)
            if sent is not None:
                messages.success(request, f"{quote.reference} is sent for approval.")
                return redirect(quote_url(quote))
    draft = quote.latest
    assert draft is not None, "its state is a draft's"
    preview = look(draft.inputs, rules, rivals_on(seen.deal))
    levels = {level.key: level.label for level in rules.approvals.levels}
    needed = preview.priced.requirements if preview.priced else ()
    context = {
        "preview": preview,
        "blocking": [one for one in preview.warnings if one.blocks],
        "asked": [(levels[one.level], one) for one in needed],
        "approved": quote.revisions.filter(state=State.APPROVED).order_by("-number").first(),
    }
    return ask(request, seen, form, "Submit", "quotes/partials/ask_submit.html", status=status, **context)


@quote_view(needs=Action.WITHDRAW, methods=("GET", "HEAD", "POST"))
def quote_withdraw(request: Request, seen: Seen) -> HttpResponse:
    quote = seen.quote
    form = WithdrawForm(request.POST or None, initial={"version": quote.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {"expected_version": form.cleaned_data["version"], "why": form.cleaned_data["why"]}
            done, status = attempt(form, partial(withdraw, act=act(request), quote_id=quote.pk, **values))
            if done is not None:
                messages.success(request, f"{quote.reference} is withdrawn. Nobody is asked any more.")
                return redirect(quote_url(quote))
    return ask(request, seen, form, "Withdraw", "quotes/partials/ask_withdraw.html", status=status)


@quote_view(needs=Action.ACCEPT, methods=("GET", "HEAD", "POST"))
def quote_accept(request: Request, seen: Seen) -> HttpResponse:
    """What the deal takes over, before it does."""
    quote = seen.quote
    number = quote.revisions.filter(state=State.APPROVED).order_by("-number").values_list("number", flat=True).first()
    revision = revision_of(quote, number or 0)
    if revision is None:
        raise Http404("No revision of this quote is approved any more.")
    form = AcceptForm(request.POST or None, initial={"version": quote.version, "fingerprint": revision.fingerprint})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {"expected_version": form.cleaned_data["version"], "fingerprint": form.cleaned_data["fingerprint"]}
            done, status = attempt(form, partial(accept, act=act(request), quote_id=quote.pk, **values))
            if done is not None:
                messages.success(request, f"{quote.reference} is accepted. Its deal says what was sold.")
                return redirect(reverse("deals:deal-detail", args=[quote.deal_id]))
    found = shown(revision)
    approval = approval_of(revision)
    context: dict[str, Any] = {"revision": revision, "shown": found, "approval": approval}
    if found.rules is not None:
        priced = priced_again(revision)
        names = dict(Product.objects.values_list("key", "name"))
        context["lines"] = [(names.get(key, key), amount) for key, amount in sold(priced, found.rules)]
        context["gives"] = [text for _, text, _, _ in given(priced.ask, found.rules)]
        context["term_years"] = priced.ask.term_years
    return ask(
        request, seen, form, "The customer accepted", "quotes/partials/ask_accept.html", status=status, **context
    )
