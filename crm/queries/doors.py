"""Accounts and contacts for what tells of them and what finds them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from crm.lib.finding import by_name
from crm.models import Account, Contact, Person
from crm.queries.merging import survivors
from crm.registry.finding import Found, RecordDoor, record_doors
from crm.rules import access


def _seen_by(people: Sequence[Person], pk: int) -> set[int]:
    """What is written about an account or a contact is for whoever sees contacts."""
    return {person.pk for person in people if access.sees_contacts(person.roles)}


def _accounts_in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return (
        _with_merged("account", Account.objects.visible_to(person), ids)
        if access.sees_contacts(person.roles)
        else set()
    )


def _contacts_in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return _with_merged("contact", Contact.objects.visible_to(person), ids)


def _with_merged(kind: str, rows: QuerySet[Any], ids: Sequence[int]) -> set[int]:
    """Those of the ids that are there, and those whose address leads to another record since they were merged into it."""
    here = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    gone = set(ids) - here
    led = survivors(kind, gone) if gone else {}
    there = set(rows.filter(pk__in=set(led.values())).values_list("pk", flat=True)) if led else set()
    return here | {pk for pk, now in led.items() if now in there}


def _accounts(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    return {row.pk: _account(row) for row in Account.objects.visible_to(person).filter(pk__in=ids)}


def _contacts(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    rows = Contact.objects.visible_to(person).filter(pk__in=ids).select_related("account")
    return {row.pk: _contact(row) for row in rows}


def _find_accounts(person: Person, text: str, most: int) -> Sequence[Found]:
    return [_account(row) for row in by_name(Account.objects.visible_to(person), text, most)]


def _find_contacts(person: Person, text: str, most: int) -> Sequence[Found]:
    rows = Contact.objects.visible_to(person).select_related("account")
    return [_contact(row) for row in by_name(rows, text, most)]


def _account(row: Account) -> Found:
    return Found(row.pk, str(row), reverse("crm:account-detail", args=[row.pk]), row.domain)


def _contact(row: Contact) -> Found:
    note = ", ".join(part for part in (row.title, str(row.account)) if part)
    return Found(row.pk, str(row), reverse("crm:contact-detail", args=[row.pk]), note)


def register() -> None:
    record_doors.add(
        RecordDoor(
            key="account",
            label="Accounts",
            icon="accounts",
            page="crm:account-detail",
            argument="account_id",
            list_page="crm:account-list",
            seen_by=_seen_by,
            in_full=_accounts_in_full,
            shown=_accounts,
            find=_find_accounts,
        )
    )
    record_doors.add(
        RecordDoor(
            key="contact",
            label="Contacts",
            icon="contacts",
            page="crm:contact-detail",
            argument="contact_id",
            list_page="crm:contact-list",
            seen_by=_seen_by,
            in_full=_contacts_in_full,
            shown=_contacts,
            find=_find_contacts,
        )
    )
