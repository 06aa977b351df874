"""What is deleted is nowhere but in the bin: every page and list is read again once everything is thrown away."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from crm.models.bin import KEPT_DAYS, Deletable
from crm.queries.leaving import held_by
from crm.registry import bins
from crm.services.audit import Act
from crm.services.bin import purge, put_away
from crm.services.deletion import delete_account, delete_contact
from crm.services.leaving import deactivate_person
from deals.models import Deal, DealContact
from tests.architecture.access_rows import Row
from tests.architecture.access_table import row_of
from tests.architecture.traces import taken_back
from tests.architecture.url_map import addresses
from tests.architecture.world import APPS, World
from tests.factories import make_account, make_contact, make_deal

pytestmark = pytest.mark.django_db

DELETABLE = [model for app in APPS for model in apps.get_app_config(app).get_models() if issubclass(model, Deletable)]
TELLS = {"crm:bin", "api:bin", "crm:audit", "api:audit"}
"""Addresses that are about what is gone."""
MARKED = {"deals:deal-contacts": ["Gonzales"], "api:deal-contacts": ["Gonzales"]}
"""Where a deleted contact still stands, and is said to be deleted: on the deals they took part in."""
SHOWN = {
    "deals:deal-list": ["Gone Ltd", "Gone deal"],
    "crm:account-list": ["Gone Ltd", "gone.example"],
    "crm:contact-list": ["Gonzales"],
}
"""Where they stand before; that a list shows what there is, is told by test_queries."""
GONE = ("Gone Ltd", "Gone deal", "gone.example", "Gonzales")


def read(row: Row | None, name: str) -> bool:
    return row is not None and row.get["otto"] == 200 and not name.startswith("admin:")


@pytest.mark.parametrize("model", DELETABLE, ids=lambda model: model.__name__)
def test_the_doors_of_a_deletable_model(model):
    """`objects` leaves deleted rows out, and is what relations and forms use; Django's own bookkeeping sees all."""
    hidden = "deleted_at"
    assert hidden in str(model.objects.all().query.where)
    assert model._default_manager.__class__ is model.objects.__class__
    assert hidden not in str(model.everything.all().query.where)
    assert hidden not in str(model._base_manager.all().query.where)
    assert [kind.key for kind in bins if kind.rows().model is model] == [model._meta.model_name]
    for relation in model._meta.related_objects:
        if relation.many_to_many:
            continue
        assert relation.field.remote_field.on_delete in {models.CASCADE, models.PROTECT, models.SET_NULL}, relation


def test_what_is_deleted_is_nowhere_else(world: World):
    """A deal on a list or its account's page, a contact in a search, a child account: each is looked for in every answer."""
    otto = Act(by=world.cast["otto"])
    with taken_back():
        gone = make_account("Gone Ltd", domain="gone.example", parent=world.account, owner=world.cast["rae"])
        make_deal(world.cast["rae"], "Gone deal of Gone Ltd", account=gone)
        one = make_deal(world.cast["rae"], "Gone deal", account=world.account)
        contact = make_contact(world.account, "Gonzales", reports_to=world.contact)
        DealContact.objects.create(deal=world.deal, contact=contact)
        shown = [name for name in addresses() if read(row_of(name), name)]
        assert where_named(world, list(SHOWN)) == SHOWN
        put_away(act=otto, kind=bins.get("deal"), rows=Deal.objects.filter(pk=one.pk))
        delete_account(act=otto, account_id=gone.pk, with_all=True)
        delete_contact(act=otto, contact_id=contact.pk)
        assert where_named(world, [name for name in shown if name not in TELLS]) == MARKED


def where_named(world: World, names: list[str]) -> dict[str, list[str]]:
    found = {}
    for name in names:
        row = row_of(name)
        assert row is not None
        url = addresses()[name].url(world.kwargs | row.args(world))
        answer = world.client("otto").get(url)
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        if hits := [word for word in GONE if word in text]:
            found[name] = hits
    return found


def test_no_page_breaks_once_what_it_points_to_is_gone_for_good(world: World):
    """The account everything hangs on is purged and its owner deactivated: every page answers, with 404 where it was one of
    what is gone. Jobs, imports, merges, notifications, saved views and bulk changes that name it are still read."""
    otto, rae = world.cast["otto"], world.cast["rae"]
    long_ago = timezone.now() - dt.timedelta(days=KEPT_DAYS + 1)
    with taken_back():
        Deal.everything.filter(pk=world.deleted.pk).update(deleted_at=long_ago)
        delete_account(act=Act(by=otto, at=long_ago), account_id=world.account.pk, with_all=True)
        purge(act=Act(by=None))
        deactivate_person(act=Act(by=otto), person_id=rae.pk, to={held.key: None for held in held_by(rae.pk)})
        assert not type(world.account).everything.filter(pk=world.account.pk).exists()
        wrong = []
        for name, address in addresses().items():
            row = row_of(name)
            for who in ("otto", "mona", "eve"):
                if row is None or row.get[who] != 200 or name.startswith("admin:"):
                    continue
                url = address.url(world.kwargs | row.args(world))
                status = world.client(who).get(url).status_code
                if status != 200 and not (status == 404 and address.placeholders):
                    wrong.append(f"{who}: GET {url}: {status}")
        assert wrong == []
        kept = {
            "crm:job-detail",
            "crm:import-detail",
            "crm:import-undo",
            "crm:merge-detail",
            "crm:bulk-detail",
            "crm:view-list",
        }
        for name in sorted(kept):
            row = row_of(name)
            assert row is not None
            reader = world.client("otto" if row.get["otto"] == 200 else row.reader)
            url = addresses()[name].url(world.kwargs | row.args(world))
            if row.reader != "rae":
                assert reader.get(url).status_code == 200, name


@pytest.mark.parametrize("key", ["deal", "account", "contact"])
def test_every_address_of_a_deleted_record_is_gone(world: World, key):
    """Pages, panels, forms and API alike: 404 for those who had it, for reading and for writing."""
    placeholder, record = f"{key}_id", {"deal": world.deal, "account": world.account, "contact": world.contact}[key]
    with taken_back():
        manager: Any = type(record).everything  # type: ignore[attr-defined] # of each of the three
        manager.filter(pk=record.pk).update(deleted_at=world.deal.created_at)
        wrong = []
        for address in addresses().values():
            row = row_of(address.name)
            if row is None or placeholder not in address.placeholders or address.name.startswith("admin:"):
                continue
            if key == "contact" and "deal_id" in address.placeholders:
                continue  # their part on a deal stays, and can be taken away
            url = address.url(world.kwargs | row.args(world) | {placeholder: record.pk})
            if row.get["otto"] == 200 and (status := world.client("otto").get(url).status_code) != 404:
                wrong.append(f"GET {url}: {status}")
            for method, write in row.writes.items():
                ask = getattr(world.client("otto"), method.lower())
                json = {"content_type": "application/json"} if address.name.startswith("api:") else {}
                status = ask(url, write.body(world), headers={"If-Match": "*"}, **json).status_code
                if status != 404:
                    wrong.append(f"{method} {url}: {status}")
    assert wrong == []
