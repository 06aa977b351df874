"""Accounts and contacts among the lists people live in: columns, and what can be done to many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from crm.list_kinds import BulkAction, ListKind, list_kinds
from crm.models import Person
from crm.queries.accounts import (
    AccountFilter,
    ContactFilter,
    filtered_accounts,
    filtered_contacts,
    permitted_accounts,
)
from crm.queries.people import account_owners
from crm.queries.record_columns import (
    ACCOUNT_COLUMNS,
    ACCOUNTS_USUAL,
    CONTACT_COLUMNS,
    CONTACTS_USUAL,
    account_table,
    contact_table,
)
from crm.rules import access
from crm.services import bulk_records as bulk


def register() -> None:
    list_kinds.add(
        ListKind(
            key="accounts",
            one="account",
            many="accounts",
            url_name="crm:account-list",
            record_url="crm:account-detail",
            usual=ACCOUNTS_USUAL,
            may_see=access.sees_accounts,
            may_change=access.may_edit_accounts,
            reads=lambda user, query: permitted_accounts(user, AccountFilter.from_query(query)),
            filtered=filtered_accounts,
            columns=lambda user: ACCOUNT_COLUMNS,
            table=account_table,
            actions=(OWNER, _key(bulk.SEGMENT), _key(bulk.REGION)),
        )
    )
    list_kinds.add(
        ListKind(
            key="contacts",
            one="contact",
            many="contacts",
            url_name="crm:contact-list",
            record_url="crm:contact-detail",
            usual=CONTACTS_USUAL,
            may_see=access.sees_contacts,
            may_change=access.may_edit_accounts,
            reads=lambda user, query: ContactFilter.from_query(query),
            filtered=filtered_contacts,
            columns=lambda user: CONTACT_COLUMNS,
            table=contact_table,
            actions=(_key(bulk.PERSONA),),
        )
    )


def _owner_control(user: Person) -> forms.Field:
    return forms.ModelChoiceField(account_owners(), label="New owner")


OWNER = BulkAction(
    key="owner",
    label="Change owner",
    control=_owner_control,
    read=lambda person: person.pk,
    check=bulk.check_owner,
    expected=lambda user, rows: [],
    change=bulk.change_owner,
    restore=bulk.restore_owner,
    in_words=lambda values: {pk: str(one) for pk, one in Person.objects.in_bulk(list(values)).items()},
)


def _key(field: bulk.KeyField) -> BulkAction:
    def words(values: Iterable[Any]) -> Mapping[Any, str]:
        known = field.words()
        return {value: known.get(value, value) for value in values}

    return BulkAction(
        key=field.field,
        label=f"Change {field.field}",
        control=lambda user: forms.ChoiceField(label=f"New {field.field}", choices=[*field.words().items()]),
        read=str,
        check=field.check,
        expected=lambda user, rows: [],
        change=field.change,
        restore=field.restore,
        in_words=words,
    )
