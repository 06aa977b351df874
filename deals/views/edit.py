"""Opening a deal, editing its head, and its next step in place."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.lib import rebasing
from crm.lib.views import allowed
from crm.models import Account
from crm.queries import playbook as playbooks
from crm.queries.company import company
from crm.rules import access
from crm.rules.formatting import listing
from crm.services.once import made_before, once
from deals.forms.base import Difference
from deals.forms.deal import EditDealForm, HeadForm, NewDealForm, NextStepForm, head_values
from deals.models import Deal
from deals.queries.accounts import accounts_like, open_deals_at
from deals.queries.committee import people_elsewhere
from deals.queries.detail import Sight
from deals.services.deals import create_deal, update_deal
from deals.views.base import Request, act, attempt, bare, deal_url, deal_view, done, show

AnyHeadForm = HeadForm | NextStepForm


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_create_deals)
def deal_new(request: HttpRequest) -> HttpResponse:
    """First the account (searched for, or named by ?account=), then the deal; the chosen account's open deals are named."""
    asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
    account = _account(asked)
    if account is None and request.method != "POST":
        return _pick_account(asked)
    _, playbook = playbooks.current()
    start = {
        "account": account.pk if account else None,
        "owner": asked.user.pk,
        "currency": company().reporting_currency,
        "stage": playbook.open_stages[0].key,
        "forecast_category": "pipeline",
    }
    form = NewDealForm(request.POST or None, initial=start, user=asked.user, playbook=playbook)
    status = 200
    if request.method == "POST":
        token = request.POST.get("once", "")
        deal = made_before(Deal, token, asked.user)
        if deal is not None:
            return redirect(deal_url(deal))
        if form.is_valid():
            doing = act(asked)
            make = partial(create_deal, act=doing, values=form.values)
            deal, status = attempt(form, lambda: once(Deal, token, doing, make))
        else:
            status = 422
        if deal is not None:
            messages.success(request, f"{deal.name} is open.")
            return redirect(deal_url(deal))
    context = {"form": form, "account": account, "known": account and open_deals_at(asked.user, account)}
    return render(request, "deals/deal_new.html", context, status=status)


def _account(request: Request) -> Account | None:
    wanted = request.POST.get("account") or request.GET.get("account") or ""
    if not wanted.isdecimal():
        return None
    return Account.objects.visible_to(request.user).filter(pk=int(wanted)).first()


def _pick_account(request: Request) -> HttpResponse:
    q = request.GET.get("q", "").strip()
    context = {"q": q, "accounts": accounts_like(request.user, q)}
    template = "deals/partials/account_choices.html" if bare(request) else "deals/deal_new_account.html"
    return render(request, template, context)


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def deal_edit(request: Request, sight: Sight) -> HttpResponse:
    deal = sight.deal
    there: dict[str, Any] = {"user": request.user, "owner": deal.owner, "currency": deal.currency}
    if request.method != "POST":
        form = EditDealForm.opened(head_values(deal, EditDealForm.FIELDS), deal.version, **there)
        return render(request, "deals/deal_edit.html", {"deal": deal, "sight": sight, "form": form})
    posted = EditDealForm(request.POST, **there)
    saved, differences, status = _save(request, deal, posted)
    if saved is not None:
        messages.success(request, "Saved.")
        if saved.account_id != deal.account_id and (staying := people_elsewhere(saved)):
            many = "works elsewhere and stays" if len(staying) == 1 else "work elsewhere and stay"
            messages.warning(request, f"{listing(staying)} {many} on the deal. Take off whoever left it.")
        return redirect(deal_url(deal))
    context = {"deal": deal, "sight": sight, "form": posted, "differences": differences}
    return render(request, "deals/deal_edit.html", context, status=status)


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def deal_next_step(request: Request, sight: Sight) -> HttpResponse:
    """The next step, edited where it stands."""
    deal = sight.deal
    if request.method != "POST":
        form = NextStepForm.opened(head_values(deal, NextStepForm.FIELDS), deal.version)
        return _next_step(request, sight, {"form": form})
    posted = NextStepForm(request.POST)
    saved, differences, status = _save(request, deal, posted)
    if saved is None:
        return _next_step(request, sight, {"form": posted, "differences": differences}, status)
    return done(request, deal, "Next step saved.")


def _next_step(request: Request, sight: Sight, context: dict[str, Any], status: int = 200) -> HttpResponse:
    part = "deals/partials/next_step_form.html"
    return show(request, sight, part, {"as_form": True, **context}, title="Next step", status=status, dialog=True)


def _save(request: Request, deal: Deal, form: AnyHeadForm) -> tuple[Deal | None, list[Difference], int]:
    """Saves a form over a deal's head: the deal, or what somebody else changed meanwhile, and the status of the answer."""

    def update(version: int | None) -> Deal:
        return update_deal(act=act(request), deal_id=deal.pk, values=form.values, expected_version=version)

    return rebasing.save(form, update, lambda current: head_values(current, form.FIELDS))
