"""Cards on a deal: the panel of its page, and the objections raised on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from battlecards.forms.raising import RaiseForm, SettleForm
from battlecards.queries.library import library, objections
from battlecards.queries.on_deal import on_deal
from battlecards.views.base import Request, act
from crm.lib.views import allowed, attempt, person
from crm.models import Competitor, Contact
from crm.rules import access
from deals.models import Deal, RaisedObjection
from deals.queries.detail import Sight
from deals.services.objections import raise_objection, remove_objection, reopen_objection, settle_objection
from deals.views.base import deal_view, done, show

METHODS = ("GET", "HEAD", "POST")
MOST_DEALS = 20


@deal_view()
def deal_panel(request: Request, sight: Sight) -> HttpResponse:
    """The cards of the deal's competitors, opened on what matters here, and the objections raised. Looking at the deal is no use of a
    card: only opening one is."""
    found = on_deal(sight.deal, timezone.localdate())
    context = {"facing": found.facing, "raised": found.raised, "library": library()}
    return show(request, sight, "battlecards/partials/deal_panel.html", context, title="Battle cards")


@deal_view(needs="editable", methods=METHODS)
def raised_create(request: Request, sight: Sight) -> HttpResponse:
    """Notes an objection; ?key= comes from the library, ?competitor= from a card."""
    deal = sight.deal
    people = Contact.objects.filter(pk__in=deal.committee.values("contact")).order_by("name_key", "pk")
    rivals = Competitor.objects.filter(pk__in=deal.competitors.values("competitor")).order_by("name", "pk")
    start = {name: request.GET.get(name, "") for name in ("key", "competitor")}
    form = RaiseForm(request.POST or None, initial=start, known=objections(), people=list(people), rivals=list(rivals))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            made, status = attempt(
                form,
                lambda: raise_objection(
                    act=act(request),
                    deal_id=deal.pk,
                    text=values["text"],
                    key=values["key"],
                    contact_id=int(values["contact"]) if values["contact"] else None,
                    competitor_key=values["competitor"],
                ),
            )
            if made is not None:
                return done(request, deal, "Objection noted.")
    context = {"form": form, "as_form": True}
    part = "battlecards/partials/raise_form.html"
    return show(request, sight, part, context, title="Note an objection", status=status, dialog=True)


@deal_view(needs="editable", methods=METHODS)
def raised_detail(request: Request, sight: Sight, objection_id: int) -> HttpResponse:
    """What came of it: `do` is answer, drop, reopen or remove."""
    deal = sight.deal
    row = RaisedObjection.objects.select_related("competitor", "contact").filter(pk=objection_id, deal=deal).first()
    if row is None:
        raise Http404("This objection is not noted on the deal any more.")
    form = SettleForm(request.POST or None, initial={"answer": row.answer})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said, status = attempt(form, lambda: _do(request, deal, objection_id, form.cleaned_data["answer"]))
            if said is not None:
                return done(request, deal, said)
    known = next((one for one in objections() if one.key == row.key), None) if row.key else None
    context = {"form": form, "row": row, "known": known, "as_form": True}
    part = "battlecards/partials/settle_form.html"
    return show(request, sight, part, context, title="An objection", status=status, dialog=True)


def _do(request: Request, deal: Deal, objection_id: int, answer: str) -> str:
    at: dict[str, Any] = {"act": act(request), "deal_id": deal.pk, "objection_id": objection_id}
    match request.POST.get("do"):
        case "drop":
            settle_objection(**at, answered=False, answer=answer)
            return "It is no longer raised."
        case "reopen":
            reopen_objection(**at)
            return "It is raised again."
        case "remove":
            remove_objection(**at)
            return "The objection is taken off the deal."
        case _:
            settle_objection(**at, answer=answer)
            return "Answered."


@require_safe
@allowed(access.may_create_deals)
def raise_on_deal(request: HttpRequest, objection: str) -> HttpResponse:
    """On which deal an objection of the library was raised: the open ones one may change, the last changed first."""
    known = next((one for one in objections() if one.key == objection), None)
    if known is None:
        raise Http404("The library has no such objection any more.")
    q = request.GET.get("q", "").strip()[:100]
    rows = Deal.objects.editable_by(person(request)).open().select_related("account")
    if q:
        rows = rows.filter(name_key__contains=q.casefold())
    deals = list(rows.order_by("-updated_at", "-pk")[:MOST_DEALS])
    links = [(deal, f"{reverse('battlecards:raised-create', args=[deal.pk])}?key={objection}") for deal in deals]
    context = {"known": known, "links": links, "q": q}
    return render(request, "battlecards/raise_on_deal.html", context)
