"""A form that makes something, sent twice, makes one of it; a refused one can be sent again."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from crm.models import Account, Contact, SentForm
from crm.services.audit import Act
from crm.services.once import forget, once
from deals.models import Deal
from deals.services.deals import create_deal
from tests.factories import make_account

DEAL = {
    "name": "Core platform",
    "deal_type": "new",
    "currency": "USD",
    "forecast_category": "pipeline",
    "stage": "prospect",
}


def token_of(client, path):
    return re.findall(r'name="once" value="([^"]+)"', client.get(path).content.decode())[0]


@pytest.mark.parametrize(
    "path, typed, model",
    [
        ("/deals/new/", DEAL, Deal),
        ("/accounts/new/", {"name": "Borea Steel"}, Account),
        ("/contacts/new/", {"last_name": "Berg"}, Contact),
    ],
)
def test_the_second_lands_on_what_the_first_made(rae, sign_in, path, typed, model):
    client, account = sign_in(rae), make_account()
    count = model.objects.count()
    place = account.pk if path == "/deals/new/" else account.name
    form = {**typed, "account": place, "once": token_of(client, f"{path}?account={account.pk}")}
    empty = form | dict.fromkeys(("name", "last_name"), "")
    assert client.post(path, empty).status_code == 422
    first, second = client.post(path, form), client.post(path, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert model.objects.count() == count + 1
    client.post(path, form | {"once": str(uuid.uuid4()), "anyway": "on"})
    assert model.objects.count() == count + 2


def test_forms_are_forgotten_after_a_day(rae, sign_in):
    sign_in(rae).post("/deals/new/", {**DEAL, "account": make_account().pk, "once": str(uuid.uuid4())})
    forget()
    assert SentForm.objects.count() == 1
    forget(timezone.now() + dt.timedelta(days=2))
    assert SentForm.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_at_the_same_moment_make_one(rae):
    values = {"account": make_account(), "name": "Core platform"}
    met, token, made = threading.Barrier(2, timeout=10), str(uuid.uuid4()), []

    def make():
        deal = create_deal(act=Act(by=rae), values=values)
        met.wait()
        return deal

    def send():
        try:
            made.append(once(Deal, token, Act(by=rae), make).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert made == [Deal.objects.get().pk] * 2
