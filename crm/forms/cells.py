"""What is edited in the cells of the lists of accounts and contacts."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from crm.forms.accounts import owner_field
from crm.forms.fields import offer
from crm.lib.cells import FieldCell
from crm.models import Account, Contact
from crm.queries import playbook as playbooks
from crm.queries.record_columns import words_of


def account_cell_form(field: str, account: Account, data: QueryDict | None = None) -> FieldCell:
    return FieldCell.over(account, field, owner_field(account) if field == "owner" else _key(field, account), data)


def contact_cell_form(field: str, contact: Contact, data: QueryDict | None = None) -> FieldCell:
    text = {"title": 120, "phone": 40}.get(field)
    control = _key(field, contact) if text is None else forms.CharField(max_length=text, required=False)
    return FieldCell.over(contact, field, control, data)


def _key(field: str, record: Account | Contact) -> forms.Field:
    """One of the playbook's keys."""
    control = forms.ChoiceField(required=False)
    offer(control, words_of(playbooks.current()[1])[field].items(), getattr(record, field))
    return control
