"""The columns lists of accounts and contacts can have, closed lists, and what each says of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from crm.lib.lists import Column
from crm.models import Account, Contact, Person
from crm.queries import playbook as playbooks
from playbook.schema import Playbook

ACCOUNT_COLUMNS = (
    Column("name", "Account", "name", "c-title"),
    Column("domain", "Domain"),
    Column("segment", "Segment", css="c-meta", is_edited=True),
    Column("vertical", "Vertical", is_edited=True),
    Column("region", "Region", is_edited=True),
    Column("country", "Country", css="c-value"),
    Column("employees", "Employees", css="num"),
    Column("updated", "Changed", "updated", "num"),
    Column("created", "Added", "created", "num"),
    Column("owner", "Owner", css="c-end", is_edited=True),
)
ACCOUNTS_USUAL = ("name", "segment", "vertical", "region", "country", "updated", "owner")
CONTACT_COLUMNS = (
    Column("name", "Name", "name", "c-title"),
    Column("title", "Title", is_edited=True),
    Column("account", "Account", css="c-meta"),
    Column("persona", "Persona", css="c-value", is_edited=True),
    Column("email", "E-mail"),
    Column("phone", "Phone", css="nowrap", is_edited=True),
    Column("updated", "Changed", css="num"),
)
CONTACTS_USUAL = ("name", "account", "persona", "email", "phone")
Words = Mapping[str, Mapping[str, str]]


def words_of(playbook: Playbook) -> Words:
    """Labels of the playbook's keys, by field."""
    return {
        "segment": {part.key: part.label for part in playbook.segments},
        "vertical": {part.key: part.label for part in playbook.verticals},
        "sub_segment": {sub.key: sub.label for part in playbook.verticals for sub in part.sub_segments},
        "region": {part.key: part.label for part in playbook.regions},
        "persona": {part.key: part.label for part in playbook.personas},
    }


def account_text(account: Account, key: str, words: Words) -> Any:
    """What stands in a column; a key that the playbook no longer has is shown as it is."""
    match key:
        case "updated" | "created":
            return getattr(account, f"{key}_at")
        case "employees":
            return "" if account.employees is None else f"{account.employees:,}"
        case _:
            value = getattr(account, key)
            return words.get(key, {}).get(value, "" if value is None else value)


def contact_text(contact: Contact, key: str, words: Words) -> Any:
    match key:
        case "name":
            return str(contact)
        case "updated":
            return contact.updated_at
        case "account":
            return contact.account.name
        case _:
            value = getattr(contact, key)
            return words.get(key, {}).get(value, value)


def account_table(user: Person, columns: Sequence[Column], rows: QuerySet[Account]) -> Iterator[list[str]]:
    words = words_of(playbooks.current()[1])
    for account in rows.select_related("owner").order_by("pk"):
        yield [_plain(account_text(account, column.key, words)) for column in columns]


def contact_table(user: Person, columns: Sequence[Column], rows: QuerySet[Contact]) -> Iterator[list[str]]:
    words = words_of(playbooks.current()[1])
    for contact in rows.select_related("account").order_by("pk"):
        yield [_plain(contact_text(contact, column.key, words)) for column in columns]


def _plain(value: Any) -> str:
    return str(value.date()) if hasattr(value, "date") else str(value)
