"""The deals a contact takes part in, as far as whoever looks sees them in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from crm.models import Contact, Person
from deals.models import Deal, DealContact
from deals.queries.contacts import deals_with
from tests.conftest import SignIn
from tests.factories import NOW, make_account, make_contact, make_deal


@pytest.fixture
def contact(playbook) -> Contact:
    return make_contact(make_account("Aster"))


def takes_part(contact: Contact, deal: Deal, role: str = "champion", sentiment: str = "unknown") -> Deal:
    DealContact.objects.create(deal=deal, contact=contact, role=role, sentiment=sentiment)
    return deal


def test_open_deals_come_first_then_the_latest(rae: Person, contact: Contact):
    for name, day, closed in (("Old", 1, False), ("Won", 3, True), ("New", 2, False)):
        state: dict[str, Any] = {"stage": "won", "outcome": "won", "closed_at": NOW} if closed else {}
        takes_part(contact, make_deal(rae, name, close_date=dt.date(2026, 12, day), **state))
    assert [line.deal.name for line in deals_with(rae, contact)] == ["New", "Old", "Won"]


def test_it_says_which_part(rae: Person, contact: Contact):
    takes_part(contact, make_deal(rae), "economic_buyer", "sceptic")
    [line] = deals_with(rae, contact)
    assert (line.role, line.sentiment, line.stage_label) == ("Economic buyer", "Sceptic", "Discovery")


def test_deals_of_others_are_not_told(rae: Person, remy: Person, mona: Person, contact: Contact):
    takes_part(contact, make_deal(rae, "Hers"))
    assert [len(deals_with(person, contact)) for person in (rae, mona, remy)] == [1, 1, 0]


@pytest.mark.parametrize(
    "username, status", [("rae", 200), ("vik", 200), ("eve", 403), ("vera", 403), ("charlie", 404)]
)
def test_who_meets_people_sees_the_panel(
    cast: dict[str, Person], contact: Contact, sign_in: SignIn, username: str, status: int
):
    takes_part(contact, make_deal(cast["rae"], "Hers"))
    answer = sign_in(cast[username]).get(reverse("deals:contact-panel", args=[contact.pk]))
    assert answer.status_code == status
    assert ("Hers" in answer.content.decode()) is (status == 200)


def test_to_htmx_it_is_the_bare_sheet(rae: Person, contact: Contact, sign_in: SignIn):
    answer = sign_in(rae).get(reverse("deals:contact-panel", args=[contact.pk]), headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<section class="sheet" id="contact-deals"')
