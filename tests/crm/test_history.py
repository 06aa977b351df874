"""The history of changes on a record, and the page of all of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.models import Route
from crm.services.accounts import update_account
from crm.services.audit import Act
from deals.services.committee import set_contact
from deals.services.deals import update_deal
from deals.services.stages import change_stage
from tests.factories import make_account, make_contact, make_deal

NOW = timezone.now()


@pytest.fixture
def changed(rae, otto):
    """Rae moved an amount by page, operations a name by the API three days ago, and somebody joined the deal."""
    account = make_account("Aster Health")
    deal = make_deal(rae, account=account)
    long_ago = Act(by=otto, route=Route.API, at=NOW - dt.timedelta(days=3), why="As they signed.")
    update_account(act=long_ago, account_id=account.pk, values={"country": "Norway"})
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"amount": None, "next_step": "Call"})
    set_contact(act=Act(by=rae), deal_id=deal.pk, contact_id=make_contact(account, "Wolf").pk, role="champion")
    return deal


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_deal_tells_what_was_written_to_it_and_to_what_hangs_on_it(rae, vera, changed, sign_in):
    page = text(sign_in(rae).get(f"/deals/{changed.pk}/history/"))
    for said in ("<dt>Amount</dt><dd><del>926,606.25</del> <ins>—</ins>", "<dt>Next step</dt>", "Ana Wolf", "Rae Test"):
        assert said in page
    assert sign_in(vera).get(f"/deals/{changed.pk}/history/").status_code == 404


def test_an_account_tells_who_when_why_and_by_which_way(rae, vera, changed, sign_in):
    page = text(sign_in(rae).get(f"/accounts/{changed.account_id}/history/"))
    for said in ("Otto Test, by API", "<ins>Norway</ins>", "<blockquote>As they signed.</blockquote>"):
        assert said in page
    assert sign_in(vera).get(f"/accounts/{changed.account_id}/history/").status_code == 403


def test_records_keys_days_and_moments_are_told_as_people_write_them(rae, otto, playbook, sign_in):
    """A related record by its name, above all: a history that says "—" of an owner tells nothing."""
    borea, aster = make_account("Borea Steel"), make_account("Aster Health", vertical="healthcare")
    deal = make_deal(rae, account=aster)
    values = {"account": borea, "owner": otto, "close_date": dt.date(2027, 3, 28), "forecast_category": "best_case"}
    update_deal(act=Act(by=otto), deal_id=deal.pk, values=values)
    change_stage(act=Act(by=otto), deal_id=deal.pk, stage="poc", why="They asked for it.")
    update_account(act=Act(by=otto), account_id=aster.pk, values={"vertical": "retail", "parent": borea})
    page = text(sign_in(otto).get("/changes/"))
    for said in (
        "<del>Aster Health</del> <ins>Borea Steel</ins>",
        "<del>Rae Test</del> <ins>Otto Test</ins>",
        "<ins>28 Mar 2027</ins>",
        "<ins>best case</ins>",
        "<del>Discovery</del> <ins>POC</ins>",
        "<del>Healthcare and life sciences</del>",
        "<dt>Parent</dt><dd><ins>Borea Steel</ins>",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    "query, seen",
    [
        ({}, "amount country committee"),
        ({"kind": "deal"}, "amount"),
        ({"route": "api"}, "country"),
        ({"field": "country"}, "country"),
        ({"field": "role"}, "committee"),
        ({"person": "{otto}"}, "country"),
        ({"kind": "account", "record": "{account}"}, "country"),
        ({"kind": "account", "record": "999999"}, ""),
        ({"last": (NOW - dt.timedelta(days=2)).date().isoformat()}, "country"),
        ({"first": (NOW - dt.timedelta(days=1)).date().isoformat()}, "amount committee"),
        ({"first": "yesterday", "record": "x", "route": "fax"}, "amount country committee"),
    ],
)
def test_operations_filter_all_changes(otto, changed, sign_in, query, seen):
    ids = {"otto": otto.pk, "account": changed.account_id}
    page = text(sign_in(otto).get("/changes/", {name: value.format(**ids) for name, value in query.items()}))
    marks = {"amount": "<dt>Amount</dt>", "country": "<dt>Country</dt>", "committee": "<dt>Role</dt>"}
    assert [name for name, mark in marks.items() if mark in page] == seen.split()


def test_by_the_api(otto, rae, changed, sign_in):
    found = sign_in(otto).get("/api/changes/?route=api").json()["results"]
    assert [(one["kind"], one["changes"], one["why"], one["made_by"]) for one in found] == [
        ("account", {"country": ["", "Norway"]}, "As they signed.", otto.pk)
    ]
    assert sign_in(rae).get("/api/changes/").status_code == 403
    assert sign_in(otto).get("/api/changes/?first=yesterday").status_code == 400
