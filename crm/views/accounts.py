"""Accounts: list, page, and the forms that make and change them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from crm.forms.accounts import AccountForm
from crm.forms.facts import in_words
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt
from crm.models import Account, Contact, Person
from crm.queries import playbook as playbooks
from crm.queries.accounts import AccountFilter, filtered_accounts
from crm.queries.duplicates import similar_accounts
from crm.rules import access
from crm.services.accounts import create_account, update_account
from playbook.schema import Playbook

SORTS = keyset.both_ways(
    Sort("name", "Name", ("name_key",)),
    Sort("created", "Added", ("created_at",)),
    Sort("updated", "Changed", ("updated_at",)),
)


@allowed(access.sees_accounts)
def account_list(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    _, playbook = playbooks.current()
    wanted = AccountFilter.from_query(request.GET)
    rows = filtered_accounts(user, wanted).select_related("owner")
    page = keyset.page(rows, SORTS, request.GET, default="name", noun="accounts")
    names = _names(playbook)
    for account in page.rows:
        account.segment_label = names["segment"].get(account.segment, account.segment)  # type: ignore[attr-defined]
        account.vertical_label = names["vertical"].get(account.vertical, account.vertical)  # type: ignore[attr-defined]
        account.region_label = names["region"].get(account.region, account.region)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "sort": page.sort.key,
        "wanted": wanted,
        "narrowed": wanted != AccountFilter(),
        "filters": [(field, field.capitalize(), list(names[field].items()), getattr(wanted, field)) for field in names],
        "can_edit": access.may_edit_accounts(user.roles),
    }
    return render(request, "crm/account_list.html", context)


@allowed(access.sees_accounts)
def account_detail(request: HttpRequest, account_id: int) -> HttpResponse:
    user = _person(request)
    account = _seen(user, account_id)
    _, playbook = playbooks.current()
    detail = access.sees_contacts(user.roles)
    facts = [
        (fact.label, in_words(fact, account.facts[fact.key]))
        for fact in playbook.facts
        if account.facts.get(fact.key) is not None
    ]
    names = _names(playbook)
    sub = {sub.key: sub.label for part in playbook.verticals for sub in part.sub_segments}
    context = {
        "account": account,
        "detail": detail,
        "facts": facts if detail else [],
        "segment": names["segment"].get(account.segment, account.segment),
        "vertical": names["vertical"].get(account.vertical, account.vertical),
        "sub_segment": sub.get(account.sub_segment, account.sub_segment),
        "region": names["region"].get(account.region, account.region),
        "subsidiaries": account.subsidiaries.all()[:50],
        "contacts": _contacts(user, account, playbook),
        "can_edit": access.may_edit_accounts(user.roles),
        "personas": {part.key: part.label for part in playbook.personas},
    }
    return render(request, "crm/account_detail.html", context)


@allowed(access.may_edit_accounts)
def account_new(request: HttpRequest) -> HttpResponse:
    """Warns of accounts that look alike before it makes another; "create anyway" makes it."""
    user = _person(request)
    _, playbook = playbooks.current()
    form = AccountForm(request.POST or None, playbook=playbook)
    if request.method != "POST":
        return _form(request, form, None)
    if not form.is_valid():
        return _form(request, form, None, status=422)
    alike = similar_accounts(user, name=form.cleaned_data["name"], domain=form.cleaned_data["domain"])
    if alike and not form.cleaned_data["anyway"]:
        return _form(request, form, None, status=409, alike=alike)
    made, status = attempt(form, lambda: create_account(act=act(request), values={**form.values(), "owner": user}))
    if made is None:
        return _form(request, form, None, status=status)
    messages.success(request, f"{made.name} is added.")
    return HttpResponseRedirect(reverse("crm:account-detail", args=[made.pk]))


@allowed(access.sees_accounts, write=access.may_edit_accounts)
def account_edit(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _seen(_person(request), account_id)
    _, playbook = playbooks.current()
    form = AccountForm(request.POST or None, playbook=playbook, account=account)
    if request.method != "POST":
        return _form(request, form, account)
    if not form.is_valid():
        return _form(request, form, account, status=422)
    saved, status = attempt(
        form,
        lambda: update_account(
            act=act(request), account_id=account.pk, values=form.values(), expected_version=form.cleaned_data["version"]
        ),
    )
    if saved is None:
        return _form(request, form, account, status=status)
    messages.success(request, f"{saved.name} is saved.")
    return redirect("crm:account-detail", account.pk)


def _form(
    request: HttpRequest, form: AccountForm, account: Account | None, *, status: int = 200, alike: Any = ()
) -> HttpResponse:
    context = {
        "form": form,
        "account": account,
        "alike": alike,
        "names": Account.objects.order_by("name_key").values_list("name", flat=True)[:200],
    }
    return render(request, "crm/account_form.html", context, status=status)


def _seen(user: Person, account_id: int) -> Account:
    account = (
        Account.objects.visible_to(user)
        .select_related("parent", "owner", "current_vendor")
        .filter(pk=account_id)
        .first()
    )
    if account is None:
        raise Http404("There is no such account.")
    return account


def _contacts(user: Person, account: Account, playbook: Playbook) -> list[Contact]:
    names = {part.key: part.label for part in playbook.personas}
    rows = list(
        Contact.objects.visible_to(user)
        .filter(account=account)
        .select_related("reports_to")
        .order_by("name_key", "id")[:100]
    )
    for contact in rows:
        contact.persona_label = names.get(contact.persona, contact.persona)  # type: ignore[attr-defined]
    return rows


def _names(playbook: Playbook) -> dict[str, dict[str, str]]:
    return {
        "segment": {part.key: part.label for part in playbook.segments},
        "vertical": {part.key: part.label for part in playbook.verticals},
        "region": {part.key: part.label for part in playbook.regions},
    }


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
