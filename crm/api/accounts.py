"""Accounts and the people who work there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import hidden_filters, identity, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import NotAllowed
from crm.lib.keyset import Sort
from crm.models import Account, Contact
from crm.queries.accounts import (
    AccountFilter,
    ContactFilter,
    filtered_accounts,
    filtered_contacts,
    permitted_accounts,
)
from crm.queries.duplicates import similar_accounts
from crm.rules import access
from crm.serializers.accounts import (
    NAMES,
    AccountAnswer,
    AccountBody,
    AccountMade,
    ContactAnswer,
    ContactBody,
    SimilarAnswer,
)
from crm.serializers.bin import DeleteAccountBody
from crm.services.accounts import create_account, create_contact, update_account, update_contact
from crm.services.deletion import delete_account, delete_contact

READS_ONLY = "Your role reads accounts and contacts; it does not change them."
PATH = {"account_id": "The account's id."}
CONTACT_PATH = {"contact_id": "The contact's id."}
RELATED = ("owner", "parent", "current_vendor")


class AccountView(ApiView):
    """What list and single account share: the rows, and the columns this person sees."""

    def rows(self) -> QuerySet[Account]:
        return Account.objects.visible_to(self.person).select_related(*RELATED)

    @property
    def sees_details(self) -> bool:
        return access.sees_contacts(self.person.roles)

    def show(self, accounts: list[Account]) -> list[Any]:
        columns = None if self.sees_details else NAMES
        context = {"request": self.request, "columns": lambda _: columns}
        return list(AccountAnswer(accounts, many=True, context=context).data)

    def shown(self, account_id: int) -> Shown:
        account = self.rows().get(pk=account_id)
        return Shown(self.show([account])[0], account.version)


class AccountList(AccountView):
    filters = (
        text("q", "Part of the name, whatever the case."),
        text("segment", "A segment key."),
        text("vertical", "A vertical key."),
        text("region", "A region key."),
        text("domain", "The exact domain, such as example.com."),
        text("current_vendor", "A competitor's key."),
        identity("owner", "A person's id."),
        identity("parent", "The id of the account above."),
    )
    sorts = keyset.both_ways(
        Sort("name", "Name", ("name_key",)),
        Sort("created", "Created", ("created_at",)),
        Sort("updated", "Changed", ("updated_at",)),
    )

    @listing(id="accounts_list", tag="accounts", says="Accounts", rows=AccountAnswer, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        asked = AccountFilter(**self.wanted())
        if refused := permitted_accounts(self.person, asked).dropped:
            raise NotAllowed(hidden_filters(refused))
        rows = filtered_accounts(self.person, asked).select_related(*RELATED)
        return self.listed(rows, self.show, default="name")

    @operation(
        id="accounts_create", tag="accounts", says="Make an account", takes=AccountBody, answers=AccountMade, status=201
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        values = self.body(AccountBody)
        alike = similar_accounts(self.person, name=values["name"], domain=values.get("domain", ""))
        account = create_account(act=self.act(), values=values)
        made = self.shown(account.pk)
        # A script can't be asked "the same company?", so it is told, and goes on.
        body = {**made.data, "similar": list(SimilarAnswer(alike, many=True).data)}
        address = reverse("api:account", args=[account.pk])
        return Response(body, status=201, headers={"ETag": made.etag, "Location": address})


class AccountDetail(AccountView):
    @operation(id="accounts_read", tag="accounts", says="One account", path=PATH, answers=AccountAnswer)
    def get(self, request: Request, account_id: int) -> Response:
        return self.answer(self.shown(account_id))

    @operation(
        id="accounts_update",
        tag="accounts",
        says="Change an account",
        path=PATH,
        takes=AccountBody,
        answers=AccountAnswer,
        guarded=True,
    )
    def patch(self, request: Request, account_id: int) -> Response:
        self.rows().get(pk=account_id)
        self.require(access.may_edit_accounts, READS_ONLY)
        self.replace(
            lambda: self.shown(account_id),
            lambda version: update_account(
                act=self.act(),
                account_id=account_id,
                values=self.body(AccountBody, partial=True),
                expected_version=version,
            ),
        )
        return self.answer(self.shown(account_id))

    @operation(
        id="accounts_delete",
        tag="accounts",
        says="Put an account into the bin, with its contacts and deals",
        path=PATH,
        takes=DeleteAccountBody,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, account_id: int) -> Response:
        self.rows().get(pk=account_id)
        self.require(access.may_edit_accounts, READS_ONLY)
        values = self.body(DeleteAccountBody)
        self.replace(
            lambda: self.shown(account_id),
            lambda version: delete_account(act=self.act(), account_id=account_id, expected_version=version, **values),
        )
        return Response(status=204)


class ContactView(ApiView):
    def rows(self) -> QuerySet[Contact]:
        return Contact.objects.visible_to(self.person).select_related("account", "reports_to")

    def show(self, contacts: list[Contact]) -> list[Any]:
        return list(ContactAnswer(contacts, many=True).data)

    def shown(self, contact_id: int) -> Shown:
        contact = self.rows().get(pk=contact_id)
        return Shown(self.show([contact])[0], contact.version)


class ContactList(ContactView):
    filters = (
        text("q", "Part of the name, whatever the case."),
        identity("account", "An account's id."),
        text("persona", "A persona key."),
        text("email", "The exact address, whatever the case."),
    )
    sorts = keyset.both_ways(Sort("name", "Name", ("name_key",)))

    @listing(id="contacts_list", tag="contacts", says="Contacts", rows=ContactAnswer, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        rows = filtered_contacts(self.person, ContactFilter(**self.wanted()))
        return self.listed(rows.select_related("account", "reports_to"), self.show, default="name")

    @operation(
        id="contacts_create",
        tag="contacts",
        says="Make a contact",
        takes=ContactBody,
        answers=ContactAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        contact = create_contact(act=self.act(), values=self.body(ContactBody))
        return self.answer(self.shown(contact.pk), status=201, location=reverse("api:contact", args=[contact.pk]))


class ContactDetail(ContactView):
    @operation(id="contacts_read", tag="contacts", says="One contact", path=CONTACT_PATH, answers=ContactAnswer)
    def get(self, request: Request, contact_id: int) -> Response:
        return self.answer(self.shown(contact_id))

    @operation(
        id="contacts_update",
        tag="contacts",
        says="Change a contact",
        path=CONTACT_PATH,
        takes=ContactBody,
        answers=ContactAnswer,
        guarded=True,
    )
    def patch(self, request: Request, contact_id: int) -> Response:
        self.rows().get(pk=contact_id)
        self.require(access.may_edit_accounts, READS_ONLY)
        self.replace(
            lambda: self.shown(contact_id),
            lambda version: update_contact(
                act=self.act(),
                contact_id=contact_id,
                values=self.body(ContactBody, partial=True),
                expected_version=version,
            ),
        )
        return self.answer(self.shown(contact_id))

    @operation(
        id="contacts_delete",
        tag="contacts",
        says="Put a contact into the bin",
        path=CONTACT_PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, contact_id: int) -> Response:
        self.rows().get(pk=contact_id)
        self.require(access.may_edit_accounts, READS_ONLY)
        self.replace(
            lambda: self.shown(contact_id),
            lambda version: delete_contact(act=self.act(), contact_id=contact_id, expected_version=version),
        )
        return Response(status=204)
