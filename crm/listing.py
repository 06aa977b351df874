"""Accounts and contacts among the lists people live in: columns, and what can be done to many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from crm.list_kinds import BulkAction, ListKind, list_kinds
from crm.models import Person
from crm.queries import playbook as playbooks
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
    words_of,
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
            actions=(OWNER, SEGMENT),
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
            actions=(PERSONA,),
        )
    )


def _owner_control(user: Person) -> forms.Field:
    return forms.ModelChoiceField(account_owners(), label="New owner")


def _choice(field: str) -> Callable[[Person], forms.Field]:
    def control(user: Person) -> forms.Field:
        offered = words_of(playbooks.current()[1])[field]
        return forms.ChoiceField(label=f"New {field}", choices=[*offered.items()])

    return control


def _labels(field: str) -> Callable[[Iterable[Any]], Mapping[Any, str]]:
    def words(values: Iterable[Any]) -> Mapping[Any, str]:
        known = words_of(playbooks.current()[1])[field]
        return {value: known.get(value, value) for value in values}

    return words


OWNER = BulkAction(
    key="owner",
    label="Change owner",
    control=_owner_control,
    read=lambda person: (person.pk, str(person)),
    check=bulk.check_owner,
    expected=lambda user, rows: [],
    change=bulk.change_owner,
    restore=bulk.restore_owner,
    in_words=lambda values: {pk: str(one) for pk, one in Person.objects.in_bulk(list(values)).items()},
)
SEGMENT = BulkAction(
    key="segment",
    label="Change segment",
    control=_choice("segment"),
    read=lambda key: (key, _labels("segment")([key])[key]),
    check=bulk.check_segment,
    expected=lambda user, rows: [],
    change=bulk.change_segment,
    restore=bulk.restore_segment,
    in_words=_labels("segment"),
)
PERSONA = BulkAction(
    key="persona",
    label="Change persona",
    control=_choice("persona"),
    read=lambda key: (key, _labels("persona")([key])[key]),
    check=bulk.check_persona,
    expected=lambda user, rows: [],
    change=bulk.change_persona,
    restore=bulk.restore_persona,
    in_words=_labels("persona"),
)
