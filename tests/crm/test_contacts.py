"""Contacts over HTTP: who sees them, adding, changing, whom they report to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import AuditEntry, Contact, Person
from tests.conftest import SignIn
from tests.factories import make_account, make_contact

NEW, LIST = reverse("crm:contact-new"), reverse("crm:contact-list")


def page(contact: Contact, name: str = "crm:contact-detail") -> str:
    return reverse(name, args=[contact.pk])


def shown(client: Client, contact: Contact) -> dict[str, Any]:
    """The values of the edit form as a browser would post them back."""
    form = client.get(page(contact, "crm:contact-edit")).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() is not None}


@pytest.mark.parametrize(
    "username, status", [("eve", 403), ("vera", 403), ("charlie", 404), ("vik", 200), ("rae", 200)]
)
def test_people_at_accounts_are_details(cast: dict[str, Person], sign_in: SignIn, username: str, status: int):
    contact = make_contact(make_account())
    client = sign_in(cast[username])
    assert [client.get(url).status_code for url in (LIST, page(contact))] == [status, status]


def test_the_list_is_by_name_with_account_and_persona(rae: Person, sign_in: SignIn):
    account = make_account("Aster")
    make_contact(account, "Zorn", first_name="Bea", persona="cio")
    make_contact(account, "Adler")
    answer = sign_in(rae).get(LIST)
    shown = [{column.key: text for column, text in cells} for _, cells in answer.context["cells"]]
    assert [(row["name"], row["persona"]) for row in shown] == [("Ana Adler", ""), ("Bea Zorn", "CIO")]


@pytest.mark.parametrize(
    "query, names", [("?q=ADL", ["Adler"]), ("?persona=cio", ["Zorn"]), ("?q=adl&persona=cio", [])]
)
def test_the_list_is_searched_and_filtered(rae: Person, sign_in: SignIn, query: str, names: list[str]):
    account = make_account()
    make_contact(account, "Adler")
    make_contact(account, "Zorn", persona="cio")
    assert [contact.last_name for contact in sign_in(rae).get(LIST + query).context["page"].rows] == names


def test_the_list_asks_as_often_for_fifty_as_for_five(rae: Person, sign_in: SignIn):
    client, counts = sign_in(rae), []
    client.get(LIST)
    for many in (5, 45):
        for number in range(many):
            make_contact(make_account(f"Account {many} {number}"), f"Name {number}")
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_adding_from_an_account_fills_its_name_in(rae: Person, sign_in: SignIn):
    account = make_account("Aster")
    boss = make_contact(account, "Boss")
    client = sign_in(rae)
    url = f"{NEW}?account={account.pk}"
    assert client.get(url).context["form"]["account"].value() == "Aster"
    client.post(url, {"account": "aster", "last_name": "Adler", "persona": "cio", "reports_to": str(boss.pk)})
    made = Contact.objects.get(last_name="Adler")
    assert (made.account, made.persona, made.reports_to) == (account, "cio", boss)
    assert AuditEntry.objects.get().kind == "contact"


@pytest.mark.parametrize("number", ["x", "0", "-1", "99999999999999999999", "١"])
def test_a_strange_account_in_the_address_is_no_account(rae: Person, sign_in: SignIn, number: str):
    assert sign_in(rae).get(NEW, {"account": number}).context["account"] is None


def test_every_error_is_said_at_once(rae: Person, sign_in: SignIn):
    answer = sign_in(rae).post(
        NEW, {"account": "Nobody", "email": "no address", "persona": "wizard", "phone": "1" * 41}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"account", "last_name", "email", "persona", "phone"}
    assert not Contact.objects.exists()


@pytest.mark.parametrize("username, status", [("eve", 403), ("vera", 403), ("vik", 403), ("charlie", 404)])
def test_who_does_not_sell_changes_nothing(cast: dict[str, Person], sign_in: SignIn, username: str, status: int):
    contact = make_contact(make_account("Aster"))
    client = sign_in(cast[username])
    values = {"account": "Aster", "last_name": "Changed"}
    assert client.post(NEW, values).status_code == status
    assert client.post(page(contact, "crm:contact-edit"), values).status_code == status
    assert [row.last_name for row in Contact.objects.all()] == ["Adler"]


def test_nobody_reports_to_themselves_by_way_of_others(rae: Person, sign_in: SignIn):
    account = make_account()
    top = make_contact(account, "Top")
    low = make_contact(account, "Low", reports_to=make_contact(account, "Mid", reports_to=top))
    client = sign_in(rae)
    answer = client.post(page(top, "crm:contact-edit"), shown(client, top) | {"reports_to": str(low.pk)})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"reports_to"})
    top.refresh_from_db()
    assert top.reports_to is None


def test_a_boss_elsewhere_is_not_offered(rae: Person, sign_in: SignIn):
    contact, stranger = make_contact(make_account("Aster")), make_contact(make_account("Corvid"), "Stranger")
    client = sign_in(rae)
    answer = client.post(page(contact, "crm:contact-edit"), shown(client, contact) | {"reports_to": str(stranger.pk)})
    assert set(answer.context["form"].errors) == {"reports_to"}


def test_a_contact_of_an_account_whose_name_is_taken_twice_can_be_saved(rae: Person, sign_in: SignIn):
    make_account("Aster")
    contact = make_contact(make_account("Aster"))
    client = sign_in(rae)
    assert client.post(page(contact, "crm:contact-edit"), shown(client, contact) | {"title": "CIO"}).status_code == 302
    before = contact.account
    contact.refresh_from_db()
    assert (contact.title, contact.account) == ("CIO", before)


def test_what_somebody_else_saved_is_shown_before_it_is_overwritten(rae: Person, mona: Person, sign_in: SignIn):
    contact = make_contact(make_account("Aster"), phone="1")
    mine, hers = sign_in(rae), sign_in(mona)
    typed = shown(mine, contact)
    hers.post(page(contact, "crm:contact-edit"), shown(hers, contact) | {"phone": "2"})
    answer = mine.post(page(contact, "crm:contact-edit"), typed | {"phone": "3"})
    contact.refresh_from_db()
    assert (answer.status_code, contact.phone) == (409, "2")
    assert [(row.label, row.theirs, row.mine) for row in answer.context["differences"]] == [("Phone", "2", "3")]


def test_two_who_change_different_fields_both_win(rae: Person, mona: Person, sign_in: SignIn):
    contact = make_contact(make_account("Aster"))
    mine, hers = sign_in(rae), sign_in(mona)
    typed = shown(mine, contact)
    hers.post(page(contact, "crm:contact-edit"), shown(hers, contact) | {"phone": "2"})
    answer = mine.post(page(contact, "crm:contact-edit"), typed | {"title": "CIO"})
    assert answer.status_code == 409  # hers is shown first, and taken over
    again = {bound.name: bound.value() for bound in answer.context["form"] if bound.value() is not None}
    mine.post(page(contact, "crm:contact-edit"), again)
    contact.refresh_from_db()
    assert (contact.phone, contact.title) == ("2", "CIO")
