"""Building a quote: a new one on a deal, and the draft of one that is there; and what it comes to, while one types."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.lib import rebasing
from crm.lib.views import attempt, number
from crm.queries import playbook as playbooks
from crm.services.once import made_before, once
from deals.models import Deal
from deals.queries.detail import Sight, see
from deals.views.base import deal_view
from quotes.forms import choices
from quotes.forms.builder import BuilderForm
from quotes.forms.lines import ITEM, LICENCE
from quotes.forms.proposals import ways, wrongs
from quotes.models import Quote, Revision
from quotes.queries import prices
from quotes.queries.preview import Preview, look, rivals_on
from quotes.rules.actions import Action
from quotes.rules.book import NoPrices, PriceRules
from quotes.rules.starting import starting, valid_until
from quotes.services.drafts import create_quote, save_draft
from quotes.views.base import Request, Seen, act, bare, no_prices, not_now, quote_url, quote_view

LINES = "quote-lines"


@deal_view("competitors__competitor", needs="editable", methods=("GET", "HEAD", "POST"))
def quote_create(request: Request, sight: Sight) -> HttpResponse:
    """A new quote on a deal. Nothing is stored before somebody saves."""
    deal = sight.deal
    try:
        _, rules = prices.current()
    except NoPrices:
        return no_prices(request, deal)
    if not deal.is_open:
        context = {"deal": deal, "here": "New quote"}
        return render(request, "quotes/deal_closed.html", context, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        _, playbook = playbooks.current()
        head = {"title": deal.name, "valid_until": valid_until(rules, timezone.localdate()), "note": ""}
        inputs = starting(playbook, rules, deal.account.facts)
        return _page(request, BuilderForm.opened(BuilderForm.values_of(inputs, rules, **head), 0, rules=rules), deal)
    form = BuilderForm(request.POST, rules=rules)
    if _changed(request, form):
        return _page(request, form, deal)
    token, doing = request.POST.get("once", ""), act(request)
    made = made_before(Quote, token, request.user)
    status = 200 if made else 422
    if made is None and form.is_valid():
        make = partial(create_quote, act=doing, deal_id=deal.pk, inputs=form.inputs, **form.head())
        made, status = attempt(form, lambda: once(Quote, token, doing, make))
    return _page(request, form, deal, status=status) if made is None else _saved(request, made)


@quote_view(editable=True, methods=("GET", "HEAD", "POST"))
def quote_edit(request: Request, seen: Seen) -> HttpResponse:
    """The draft; where the newest revision was submitted, what the next one begins with."""
    quote, deal = seen.quote, seen.deal
    if not {Action.EDIT, Action.REVISE} & set(seen.actions):
        return not_now(request, seen)
    try:
        _, rules = prices.current()
    except NoPrices:
        return no_prices(request, deal)
    if request.method != "POST":
        form = BuilderForm.opened(values_now(quote, rules), quote.version, rules=rules)
        return _page(request, form, deal, quote)
    form = BuilderForm(request.POST, rules=rules)
    if _changed(request, form):
        return _page(request, form, deal, quote)

    def update(version: int | None) -> Quote:
        saved: Quote = save_draft(
            act=act(request), quote_id=quote.pk, inputs=form.inputs, expected_version=version, **form.head()
        )
        return saved

    found, differences, status = rebasing.save(form, update, lambda now: values_now(now, rules))
    if found is None:
        return _page(request, form, deal, quote, status=status, differences=differences)
    return _saved(request, found)


def values_now(quote: Quote, rules: PriceRules) -> dict[str, Any]:
    """What the form shows of a quote's newest revision, read anew."""
    newest = Revision.objects.filter(quote=quote).order_by("-number").first()
    head = {"title": quote.title, "valid_until": None, "note": ""}
    if newest is None:
        return BuilderForm.values_of({}, rules, **head)
    head |= {"valid_until": newest.valid_until, "note": newest.note}
    return BuilderForm.values_of(newest.inputs, rules, **head)


def _changed(request: Request, form: BuilderForm) -> bool:
    """Whether a button changed the form and saves nothing: rows that come and go, a number or a way that is taken over."""
    if "use" in request.POST:
        return form.take(request.POST["use"])
    return form.moved(request.POST.get("do", ""))


def _saved(request: Request, quote: Quote) -> HttpResponse:
    """Saved as it is, finished or not; on to the submission only where nothing is in its way."""
    draft = quote.latest
    assert draft is not None, "it was saved just now"
    if request.POST.get("do") != "submit":
        messages.success(request, f"{quote.reference} is saved as a draft.")
        return redirect(quote_url(quote))
    if draft.refusals:
        many = len(draft.refusals)
        what = "One thing has" if many == 1 else f"{many} things have"
        messages.warning(request, f"{quote.reference} is saved as a draft. {what} to be put right before it is sent.")
        return redirect("quotes:quote-edit", quote.pk)
    return redirect("quotes:quote-submit", quote.pk)


def _page(
    request: Request, form: BuilderForm, deal: Deal, quote: Quote | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    preview = look(form.inputs, form.rules, rivals_on(deal))
    around = preview_context(form, preview)
    form.show(around["wrongs"])
    context = {
        "form": form,
        "deal": deal,
        "quote": quote,
        **rows_context(form),
        **around,
        **more,
    }
    if bare(request) and request.htmx.target == LINES:
        return render(request, "quotes/partials/lines.html", context)
    return render(request, "quotes/quote_form.html", context, status=status)


def rows_context(form: BuilderForm) -> dict[str, Any]:
    products = [(product.key, product.label) for product in playbooks.current()[1].products]
    known, typed = dict(products), {row.get("product", "") for row in form.rows(LICENCE)}
    products += [(key, f"{key} (not in the playbook)") for key in sorted(typed - known.keys()) if key]
    return {
        "models": form.groups[LICENCE],
        "catalogue": form.groups[ITEM],
        "charged": choices.CHARGED,
        "products": products,
        "licences": form.shown_licences(),
        "items": form.shown_items(),
    }


def preview_context(form: BuilderForm, preview: Preview) -> dict[str, Any]:
    found = preview.ways or ()
    levels = choices.levels(form.rules)
    priced = preview.priced
    return {
        "preview": preview,
        "currency": form.rules.currency,
        "wrongs": wrongs(form, preview.refusals),
        "ways": ways(form, priced.ask, found) if priced else (),
        "ways_later": preview.ways is None,
        "asked": [(levels[one.level], one) for one in priced.requirements] if priced else (),
        "warnings": [(form.places.name(one.field) if one.field else "", one) for one in preview.warnings],
    }


@require_POST
@login_required
def quote_preview(request: HttpRequest) -> HttpResponse:
    """The price of what stands in a form, and what goes with it. Stores nothing. `deal` names the deal it is for."""
    asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
    try:
        sight = see(asked.user, number(request.POST.get("deal")), "competitors")
    except Deal.DoesNotExist:
        raise Http404("There is no such deal, or it is not yours to see.") from None
    if not sight.detailed:
        raise Http404("This part of the deal is not yours to see.")
    try:
        _, rules = prices.current()
    except NoPrices:
        return render(request, "quotes/partials/no_prices.html", {})
    form = BuilderForm(request.POST, rules=rules)
    preview = look(form.inputs, rules, rivals_on(sight.deal), all_ways="ways" in request.POST)
    context = preview_context(form, preview)
    part = "quotes/partials/ways.html" if "ways" in request.POST else "quotes/partials/preview.html"
    return render(request, part, {**context, "deal": sight.deal, "preview_url": reverse("quotes:quote-preview")})
