"""The bin, and what puts accounts and contacts into it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.forms.deletion import DeleteAccountForm
from crm.lib import keyset
from crm.lib.errors import Clash
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt, person
from crm.models import Account, Contact
from crm.models.bin import KEPT_DAYS
from crm.queries.bin import goes_at, goes_with, in_bin
from crm.registry import bins
from crm.rules import access
from crm.services.bin import restore
from crm.services.deletion import delete_account, delete_contact, may_delete

SORTS = keyset.both_ways(Sort("deleted", "Deleted", ("deleted_at",)))
KEPT = f"It stays in the bin for {KEPT_DAYS} days."


@require_GET
@allowed(access.may_edit_accounts)
def bin_list(request: HttpRequest) -> HttpResponse:
    """What was deleted, a sort of record at a time, the latest first."""
    user = person(request)
    key = request.GET.get("kind", "deal")
    kind = bins.get(key if key in bins else "deal")
    rows = in_bin(user, kind).select_related("deleted_by")
    page = keyset.page(rows, SORTS, request.GET, default="-deleted", noun=kind.label)
    context = {
        "page": page,
        "kind": kind,
        "kinds": [bins.get(key) for key in ("deal", "account", "contact") if key in bins],
        "rows": [(row, kind.name(row), goes_at(row)) for row in page.rows],
        "kept_days": KEPT_DAYS,
    }
    return render(request, "crm/bin_list.html", context)


@require_POST
@allowed(access.may_edit_accounts)
def bin_restore(request: HttpRequest, bin_kind: str, binned_id: int) -> HttpResponse:
    if bin_kind not in bins:
        raise Http404("There is no such sort of record.")
    found = bins.get(bin_kind)
    try:
        row = restore(act=act(request), kind=found, record_id=binned_id)
    except ObjectDoesNotExist:
        raise Http404("This is not in the bin, or not yours to bring back.") from None
    except Clash as clash:
        messages.error(request, str(clash))
        return redirect(f"{reverse('crm:bin')}?kind={bin_kind}")
    messages.success(request, f"{found.name(row)} is back.")
    return redirect(found.url_name, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def account_delete(request: HttpRequest, account_id: int) -> HttpResponse:
    """Says what goes with the account, and deletes it with all of that."""
    account = Account.objects.visible_to(person(request)).filter(pk=account_id).first()
    if account is None:
        raise Http404("There is no such account.")
    if not may_delete(act(request), account):
        raise PermissionDenied("Only its owner, their manager or operations deletes an account.")
    goes = goes_with(account.pk)
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, asks=goes.asks)
    status = 200
    if request.method == "POST":
        form.is_valid()
        with_all = bool(form.cleaned_data.get("with_all"))
        done, status = attempt(form, lambda: delete_account(act=act(request), account_id=account.pk, with_all=with_all))
        if done is not None:
            messages.success(request, f"{account.name} is deleted. {KEPT}")
            return redirect("crm:account-list")
    context = {"record": account, "name": account.name, "form": form, "goes": goes, "noun": "account"}
    return render(request, "crm/record_delete.html", context | {"kept_days": KEPT_DAYS}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def contact_delete(request: HttpRequest, contact_id: int) -> HttpResponse:
    rows = Contact.objects.visible_to(person(request)).select_related("account")
    contact = rows.filter(pk=contact_id).first()
    if contact is None:
        raise Http404("There is no such contact.")
    form = forms.Form(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        done, status = attempt(form, lambda: delete_contact(act=act(request), contact_id=contact.pk))
        if done is not None:
            messages.success(request, f"{contact.full_name} is deleted. {KEPT}")
            return redirect("crm:account-detail", contact.account_id)
    context = {"record": contact, "name": contact.full_name, "form": form, "noun": "contact"}
    return render(request, "crm/record_delete.html", context | {"kept_days": KEPT_DAYS}, status=status)
