"""Accounts and contacts out of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crm.importing.records import Record
from crm.importing.writers import Figure, Writer
from crm.models import Account, Contact
from crm.queries import playbook as playbooks
from crm.registry import FieldType, ImportField, ImportKind


def segments() -> Mapping[str, str]:
    _, playbook = playbooks.current()
    return {segment.key: segment.label for segment in playbook.segments}


class AccountWriter(Writer):
    model = Account
    above = "parent"

    def alike(self, records: Sequence[Record]) -> dict[str, list[Account]]:
        keys = {str(record.values["name"]).casefold().strip(): record.source_id for record in records}
        found: dict[str, list[Account]] = {}
        for row in Account.objects.filter(name_key__in=list(keys)).exclude(source=self.context.source):
            found.setdefault(keys[row.name_key], []).append(row)
        return found

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Account]:
        return Account.objects.bulk_create([self._unsaved(record, values) for record, values in items])

    def _unsaved(self, record: Record, values: dict[str, Any]) -> Account:
        return Account(
            **values,
            name_key=str(values["name"]).casefold().strip(),
            is_placeholder=record.is_placeholder,
            source=self.context.source,
            source_id=record.source_id,
        )

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return [_count("accounts", "Accounts, placeholder aside", sum(not record.is_placeholder for record in records))]

    def stored_figures(self) -> list[Figure]:
        rows = Account.objects.filter(source=self.context.source, is_placeholder=False)
        return [_count("accounts", "Accounts, placeholder aside", rows.count())]


class ContactWriter(Writer):
    model = Contact
    above = "reports_to"

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Contact]:
        return Contact.objects.bulk_create([self._unsaved(record, values) for record, values in items])

    def _unsaved(self, record: Record, values: dict[str, Any]) -> Contact:
        contact = Contact(**values, source=self.context.source, source_id=record.source_id)
        contact.name_key = contact.full_name.casefold()
        return contact

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return [_count("contacts", "Contacts", len(list(records)))]

    def stored_figures(self) -> list[Figure]:
        return [_count("contacts", "Contacts", Contact.objects.filter(source=self.context.source).count())]


def _count(key: str, label: str, number: int) -> Figure:
    return Figure(key, label, Decimal(number))


ACCOUNT = ImportKind(
    key="account",
    label="Account",
    plural="accounts",
    writer=AccountWriter,
    id_aliases=("account id", "id", "account", "account name", "company", "customer", "name"),
    fields=(
        ImportField(
            name="name",
            label="Name",
            required=True,
            aliases=("account", "account name", "company", "company name", "customer", "organisation", "organization", "name"),
        ),
        ImportField(name="domain", label="Domain", longest=120, aliases=("website", "domain", "url", "web site")),
        ImportField(name="segment", label="Segment", type=FieldType.CHOICE, choices=segments, longest=60),
        ImportField(name="vertical", label="Vertical", longest=60, aliases=("industry", "sector", "vertical")),
        ImportField(name="sub_segment", label="Sub-segment", longest=60),
        ImportField(name="region", label="Region", longest=60, aliases=("region", "territory")),
        ImportField(
            name="country",
            label="Country",
            longest=80,
            aliases=("country", "billing country", "office location", "headquarters"),
        ),
        ImportField(
            name="employees",
            label="Employees",
            type=FieldType.INTEGER,
            aliases=("employees", "number of employees", "headcount", "company size"),
        ),
        ImportField(
            name="annual_revenue", label="Annual revenue", type=FieldType.MONEY, aliases=("annual revenue", "revenue", "turnover")
        ),
        ImportField(
            name="founded_year", label="Founded", type=FieldType.INTEGER, aliases=("founded", "year established", "year founded")
        ),
        ImportField(
            name="parent",
            label="Parent account",
            type=FieldType.REFERENCE,
            to="account",
            aliases=("parent id", "parent account", "parent", "subsidiary of"),
        ),
        ImportField(
            name="owner",
            label="Owner",
            type=FieldType.REFERENCE,
            to="person",
            aliases=("owner", "owner id", "account owner"),
        ),
    ),
)  # fmt: skip

CONTACT = ImportKind(
    key="contact",
    label="Contact",
    plural="contacts",
    writer=ContactWriter,
    id_aliases=("contact id", "id", "email"),
    fields=(
        ImportField(
            name="account",
            label="Account",
            type=FieldType.REFERENCE,
            to="account",
            required=True,
            aliases=("account id", "account", "account name", "company"),
        ),
        ImportField(name="first_name", label="First name", longest=80, aliases=("first name", "given name")),
        ImportField(
            name="last_name", label="Last name", longest=80, required=True, aliases=("last name", "surname", "family name")
        ),
        ImportField(name="title", label="Title", longest=120, aliases=("title", "job title", "position")),
        ImportField(name="email", label="E-mail", longest=254, aliases=("email", "e-mail", "email address")),
        ImportField(name="phone", label="Phone", longest=40, aliases=("phone", "telephone", "business phone")),
        ImportField(
            name="reports_to", label="Reports to", type=FieldType.REFERENCE, to="contact", aliases=("reports to", "reports to id")
        ),
    ),
)  # fmt: skip
