"""BANT+: the panel of facts and verdicts, the form behind it, and a rep's own score for one criterion."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm.lib import rebasing
from deals.forms.bant import BantForm, ClaimForm, bant_values
from deals.forms.base import Difference
from deals.models import BantAssessment, BantClaim
from deals.queries.bant import ShownBant, ShownCriterion, bant
from deals.queries.detail import Sight
from deals.services.bant import save_assessment, set_claim
from deals.views.base import Request, act, attempt, bare, deal_url, deal_view, done, show

METHODS = ("GET", "HEAD", "POST")


@deal_view(methods=METHODS)
def deal_bant(request: Request, sight: Sight) -> HttpResponse:
    """To htmx the panel; to a browser the form, for those who may fill it in; POST saves facts and own scores."""
    deal = sight.deal
    shown = bant(deal, timezone.now().date())
    if request.method == "POST":
        return _save(request, sight, shown)
    if bare(request) or not sight.may_work:
        return show(request, sight, "deals/partials/bant_panel.html", {"bant": shown}, title="BANT+")
    claims = {criterion.spec.key: criterion.claim for criterion in shown.criteria if criterion.claim}
    values = bant_values(shown, getattr(deal, "bant", None), claims)
    return _page(request, sight, shown, BantForm.opened(values, shown.version, bant=shown))


def _save(request: Request, sight: Sight, shown: ShownBant) -> HttpResponse:
    deal = sight.deal
    form = BantForm(request.POST, bant=shown)

    def update(version: int | None) -> BantAssessment:
        return save_assessment(
            act=act(request), deal_id=deal.pk, facts=form.facts, claims=form.claims, expected_version=version
        )

    saved, differences, status = rebasing.save(form, update, lambda current: _values(current, shown))
    if saved is None:
        return _page(request, sight, shown, form, status, differences)
    here = reverse("deals:deal-bant", args=[deal.pk])
    to = deal_url(deal) if request.POST.get("then") == "deal" else here
    return done(request, deal, "Saved. The score is on its way.", to=to)


def _values(current: BantAssessment, shown: ShownBant) -> dict[str, Any]:
    claims = {claim.criterion: claim for claim in BantClaim.objects.filter(deal_id=current.deal_id, is_current=True)}
    return bant_values(shown, current, claims)


def _page(
    request: Request,
    sight: Sight,
    shown: ShownBant,
    form: BantForm,
    status: int = 200,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    context = {
        "deal": sight.deal,
        "sight": sight,
        "bant": shown,
        "form": form,
        "differences": differences,
        "sections": [_section(form, criterion) for criterion in shown.criteria],
        "others": [(form[fact.fact.key], fact) for fact in shown.others],
    }
    return render(request, "deals/deal_bant.html", context, status=status)


def _section(form: BantForm, criterion: ShownCriterion) -> dict[str, object]:
    key = criterion.spec.key
    here = {fact.fact.key for fact in criterion.asked_here}
    return {
        "criterion": criterion,
        "facts": [(form[fact.fact.key], fact) for fact in criterion.asked_here],
        "elsewhere": [fact for fact in criterion.facts if fact.fact.key not in here],
        "score": form[f"score-{key}"],
        "reason": form[f"reason-{key}"],
        "evidence": form[f"evidence-{key}"],
    }


@deal_view(needs="editable", methods=METHODS)
def deal_claim(request: Request, sight: Sight, criterion: str) -> HttpResponse:
    """A rep's own score for one criterion, with the reason where it differs from the suggestion."""
    deal = sight.deal
    shown = bant(deal, timezone.now().date())
    found = next((one for one in shown.criteria if one.spec.key == criterion), None)
    if found is None:
        raise Http404("The playbook in force has no such criterion.")
    start = {"score": found.judged.own or ""}
    if found.claim and found.judged.own:
        start |= {"reason": found.claim.reason, "evidence": found.claim.evidence}
    form = ClaimForm(request.POST or None, initial=start, bant=shown.playbook.bant)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            claim, status = attempt(
                form, lambda: set_claim(act=act(request), deal_id=deal.pk, criterion=criterion, **values)
            )
            if claim is not None:
                return done(request, deal, f"Your score for {found.spec.label.lower()} is saved.")
    context = {"as_form": True, "form": form, "criterion": found}
    part = "deals/partials/claim_form.html"
    title = f"{found.spec.label}: your score"
    return show(request, sight, part, context, title=title, status=status, dialog=True)
