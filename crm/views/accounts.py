"""Accounts: list, page, and the forms that make and change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from crm.forms.accounts import AccountForm, account_facts, account_values
from crm.forms.facts import PREFIX
from crm.lib import keyset, rebasing
from crm.lib.keyset import Sort
from crm.lib.lists import Choice
from crm.lib.rebasing import Difference
from crm.lib.views import act, allowed, attempt, number, person
from crm.models import Account, Competitor, Contact, Person
from crm.queries import people
from crm.queries import playbook as playbooks
from crm.queries.accounts import AccountFilter, accounts_by_name, filtered_accounts, permitted_accounts
from crm.queries.duplicates import Similar, similar_accounts
from crm.queries.merging import survivor_of
from crm.queries.record_columns import Words, account_text, words_of
from crm.rules import access
from crm.rules.fact_words import names_of, show_value
from crm.services.accounts import create_account, update_account
from crm.services.deletion import may_delete
from crm.services.once import made_before, once
from crm.views.record_lists import around
from playbook.schema import Playbook

MOST_OWNERS = 300
"""Names a select offers; beyond that one filters by another column."""
SORTS = keyset.both_ways(
    Sort("name", "Name", ("name_key",)),
    Sort("created", "Added", ("created_at",)),
    Sort("updated", "Changed", ("updated_at",)),
)


@require_GET
@allowed(access.sees_accounts)
def account_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    _, playbook = playbooks.current()
    wanted = permitted_accounts(user, AccountFilter.from_query(request.GET))
    rows = filtered_accounts(user, wanted).select_related("owner")
    page = keyset.page(rows, SORTS, request.GET, default="name", noun="accounts")
    words = words_of(playbook)
    context = {"page": page, "sort": page.sort.key, "can_edit": access.may_edit_accounts(user.roles)}
    context |= around(
        request,
        "accounts",
        page.rows,
        SORTS,
        lambda row, key: account_text(row, key, words),
        wanted,
        _filters(user, wanted, words),
    )
    if not request.GET and context["pinned_url"]:
        return redirect(str(context["pinned_url"]))
    return render(request, "crm/account_list.html", context)


@require_GET
@allowed(access.sees_accounts)
def account_search(request: HttpRequest) -> HttpResponse:
    """Names for a datalist, the likeliest first. The text comes under the name of the field it is typed in."""
    text = next((request.GET[name] for name in ("q", "account", "parent") if name in request.GET), "")
    found = accounts_by_name(person(request), text[:200])
    names = Counter(account.name_key for account in found)
    twins = {account.pk for account in found if names[account.name_key] > 1}
    return render(request, "crm/partials/account_options.html", {"accounts": found, "twins": twins})


@require_GET
@allowed(access.sees_accounts)
def account_owners(request: HttpRequest) -> HttpResponse:
    """Whose accounts the list can be narrowed to, as options of a select. The list itself does not wait for them."""
    owners, asked = [*people.account_owners()[:MOST_OWNERS]], number(request.GET.get("owner"))
    if asked not in {owner.pk for owner in owners}:
        owners += Person.objects.filter(pk=asked)
    return render(request, "crm/partials/owner_options.html", {"owners": owners, "asked": asked})


@require_GET
@allowed(access.sees_accounts)
def account_detail(request: HttpRequest, account_id: int) -> HttpResponse:
    user = person(request)
    if (survivor := survivor_of("account", account_id)) is not None:
        return redirect("crm:account-detail", survivor)
    account = seen_account(request, account_id)
    _, playbook = playbooks.current()
    detail = access.sees_contacts(user.roles)
    known = [fact for fact in playbook.facts if account.facts.get(fact.key) is not None]
    names = names_of(playbook)
    context = {
        "account": account,
        "detail": detail,
        "facts": [(fact.label, show_value(account.facts[fact.key], names[fact.key])) for fact in known]
        if detail
        else [],
        "facts_asked": len(account_facts(playbook)),
        "labels": _labels(account, words_of(playbook)),
        "subsidiaries": account.subsidiaries.order_by("name_key", "pk")[:50],
        "contacts": _contacts(user, account, playbook),
        "can_edit": access.may_edit_accounts(user.roles),
        "can_delete": may_delete(act(request), account),
    }
    return render(request, "crm/account_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def account_new(request: HttpRequest) -> HttpResponse:
    """Warns of accounts that look alike before it makes another; "add it anyway" makes it."""
    user = person(request)
    _, playbook = playbooks.current()
    form = AccountForm(request.POST or None, playbook=playbook, initial={"name": request.GET.get("name", "")[:200]})
    if request.method != "POST":
        return _form(request, form, None)
    token = request.POST.get("once", "")
    if (before := made_before(Account, token, user)) is not None:
        return redirect("crm:account-detail", before.pk)
    if not form.is_valid():
        return _form(request, form, None, status=422)
    alike = similar_accounts(user, name=form.cleaned_data["name"], domain=form.cleaned_data["domain"])
    if alike and not form.cleaned_data["anyway"]:
        return _form(request, form, None, status=409, alike=alike)
    doing = act(request)
    create = partial(create_account, act=doing, values={**form.values(), "owner": user})
    made, status = attempt(form, lambda: once(Account, token, doing, create), prefix=PREFIX)
    if made is None:
        return _form(request, form, None, status=status)
    messages.success(request, f"{made.name} is added.")
    return redirect("crm:account-detail", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def account_edit(request: HttpRequest, account_id: int) -> HttpResponse:
    account = seen_account(request, account_id)
    _, playbook = playbooks.current()
    values_of = partial(account_values, facts=account_facts(playbook))
    if request.method != "POST":
        form = AccountForm.opened(values_of(account), account.version, playbook=playbook, account=account)
        return _form(request, form, account)
    form = AccountForm(request.POST, playbook=playbook, account=account)

    def update(version: int | None) -> Account:
        return update_account(act=act(request), account_id=account.pk, values=form.values(), expected_version=version)

    saved, differences, status = rebasing.save(form, update, values_of, prefix=PREFIX)
    if saved is None:
        return _form(request, form, account, status=status, differences=differences)
    messages.success(request, f"{saved.name} is saved.")
    return redirect("crm:account-detail", account.pk)


def _form(
    request: HttpRequest,
    form: AccountForm,
    account: Account | None,
    *,
    status: int = 200,
    alike: Iterable[Similar] = (),
    differences: Iterable[Difference] = (),
) -> HttpResponse:
    context = {"form": form, "account": account, "alike": alike, "differences": differences}
    return render(request, "crm/account_form.html", context, status=status)


def seen_account(request: HttpRequest, account_id: int) -> Account:
    related = ("parent", "owner", "current_vendor")
    account = Account.objects.visible_to(person(request)).select_related(*related).filter(pk=account_id).first()
    if account is None:
        raise Http404("There is no such account.")
    return account


def _contacts(user: Person, account: Account, playbook: Playbook) -> list[tuple[Contact, str]]:
    names = {part.key: part.label for part in playbook.personas}
    rows = Contact.objects.visible_to(user).filter(account=account).select_related("reports_to")
    return [(row, names.get(row.persona, row.persona)) for row in rows.order_by("name_key", "pk")[:100]]


def _filters(user: Person, wanted: AccountFilter, words: Words) -> list[Choice]:
    chosen = [
        Choice(field, field.capitalize(), [*words[field].items()], getattr(wanted, field))
        for field in ("segment", "vertical", "region")
    ]
    owner, asked = _name(Person, pk=wanted.owner), str(wanted.owner or "")
    owners = {str(user.pk): f"{user} (you)", **({asked: owner} if asked else {})}
    return [
        *chosen,
        Choice("owner", "Owner", [*owners.items()], asked, owner, f"{reverse('crm:account-owners')}?owner={asked}"),
        Choice("parent", "Belongs to", (), str(wanted.parent or ""), _name(Account, pk=wanted.parent)),
        Choice("current_vendor", "Vendor", (), wanted.current_vendor, _name(Competitor, key=wanted.current_vendor)),
        Choice("domain", "Domain", (), wanted.domain),
    ]


def _name(model: type[Model], **wanted: Any) -> str:
    """What a filter's value stands for; "" for none, and for what is not there."""
    return str(model._default_manager.filter(**wanted).first() or "") if all(wanted.values()) else ""


def _labels(account: Account, words: Words) -> dict[str, str]:
    """The account's keys as people read them; one that the playbook no longer has is shown as it is."""
    fields = ("segment", "vertical", "sub_segment", "region")
    return {field: words[field].get(getattr(account, field), getattr(account, field)) for field in fields}
