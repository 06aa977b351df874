"""Cells of the lists of accounts and contacts, edited where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crm.forms.cells import account_cell_form, contact_cell_form
from crm.lib import rebasing
from crm.lib.cells import Saved, edit_cell
from crm.lib.lists import Column
from crm.lib.views import act, allowed
from crm.models import Account, Contact
from crm.queries import playbook as playbooks
from crm.queries.record_columns import ACCOUNT_COLUMNS, CONTACT_COLUMNS, account_text, contact_text, words_of
from crm.rules import access
from crm.services.accounts import update_account, update_contact
from crm.templatetags.record_rows import cell
from crm.views.accounts import seen_account
from crm.views.contacts import seen_contact


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def account_cell(request: HttpRequest, account_id: int, field: str) -> HttpResponse:
    column, account = _column(ACCOUNT_COLUMNS, field), seen_account(request, account_id)

    def save(form: Any) -> Saved[Account]:
        update = partial(update_account, act=act(request), account_id=account.pk)
        return rebasing.save(form, lambda seen: update(values=form.values, expected_version=seen), form.now)

    return edit_cell(
        request,
        account,
        partial(account_cell_form, field, account),
        save,
        partial(_shown, column, account_text),
        edit_url=reverse("crm:account-edit", args=[account.pk]),
        list_url=reverse("crm:account-list"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def contact_cell(request: HttpRequest, contact_id: int, field: str) -> HttpResponse:
    column, contact = _column(CONTACT_COLUMNS, field), seen_contact(request, contact_id)

    def save(form: Any) -> Saved[Contact]:
        update = partial(update_contact, act=act(request), contact_id=contact.pk)
        return rebasing.save(form, lambda seen: update(values=form.values, expected_version=seen), form.now)

    return edit_cell(
        request,
        contact,
        partial(contact_cell_form, field, contact),
        save,
        partial(_shown, column, contact_text),
        edit_url=reverse("crm:contact-edit", args=[contact.pk]),
        list_url=reverse("crm:contact-list"),
    )


def _column(columns: Sequence[Column], field: str) -> Column:
    found = next((column for column in columns if column.is_edited and column.key == field), None)
    if found is None:
        raise Http404("This is not edited in a list.")
    return found


def _shown(column: Column, text: Callable[[Any, str, Any], Any], record: Any) -> str:
    return cell(record, column, text(record, column.key, words_of(playbooks.current()[1])))
