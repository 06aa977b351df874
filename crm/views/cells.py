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
from crm.lib.cells import FieldCell, Saved, edit_cell
from crm.lib.lists import Column
from crm.lib.views import act, allowed
from crm.queries import playbook as playbooks
from crm.queries.record_columns import ACCOUNT_COLUMNS, CONTACT_COLUMNS, Words, account_text, contact_text, words_of
from crm.rules import access
from crm.services.accounts import update_account, update_contact
from crm.templatetags.record_rows import cell
from crm.views.accounts import seen_account
from crm.views.contacts import seen_contact


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def account_cell(request: HttpRequest, account_id: int, field: str) -> HttpResponse:
    account, update = seen_account(request, account_id), partial(update_account, account_id=account_id)
    return _cell(request, account, _column(ACCOUNT_COLUMNS, field), account_cell_form, update, account_text)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def contact_cell(request: HttpRequest, contact_id: int, field: str) -> HttpResponse:
    contact, update = seen_contact(request, contact_id), partial(update_contact, contact_id=contact_id)
    return _cell(request, contact, _column(CONTACT_COLUMNS, field), contact_cell_form, update, contact_text)


def _cell(
    request: HttpRequest,
    record: Any,
    column: Column,
    form_of: Callable[..., FieldCell],
    update: Callable[..., Any],
    text: Callable[[Any, str, Words], Any],
) -> HttpResponse:
    def save(form: FieldCell) -> Saved[Any]:
        return rebasing.save(
            form, lambda seen: update(act=act(request), values=form.values, expected_version=seen), form.now
        )

    def shown(row: Any) -> str:
        return cell(row, column, text(row, column.key, words_of(playbooks.current()[1])))

    noun = record._meta.model_name
    return edit_cell(
        request,
        record,
        partial(form_of, column.key, record),
        save,
        shown,
        edit_url=reverse(f"crm:{noun}-edit", args=[record.pk]),
        list_url=reverse(f"crm:{noun}-list"),
    )


def _column(columns: Sequence[Column], field: str) -> Column:
    found = next((column for column in columns if column.is_edited and column.key == field), None)
    if found is None:
        raise Http404("This is not edited in a list.")
    return found
