"""Filters, orders and pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from crm.models import Product
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import Deal, DealLine, DealScore
from deals.rules.closing import reasons_for
from deals.services.stages import close_deal
from scoring.services.lead_scores import score_deal
from tests.factories import NOW, make_account, make_contact, make_deal


@pytest.fixture
def book(rae, remy, mona):
    """Deals that differ in everything one can filter by."""
    aster = make_account("Aster Health", segment="enterprise_it")
    vega = make_account("Vega Cloud", segment="cloud_provider")
    return {
        "first": make_deal(rae, "First", aster, amount=Decimal("100.00"), close_date=dt.date(2026, 7, 1)),
        "second": make_deal(rae, "Second", vega, amount=Decimal("200.00"), stage="poc", deal_type="renewal"),
        "third": make_deal(mona, "Third", vega, amount=None, close_date=None, currency="EUR"),
        "won": make_deal(rae, "Won", aster, stage="won", outcome="won", closed_at=NOW, close_date=dt.date(2026, 5, 1)),
        "theirs": make_deal(remy, "Theirs", aster),
    }


FILTERED = [
    ("", "first second third"),
    ("state=won", "won"),
    ("state=closed", "won"),
    ("state=lost", ""),
    ("state=all", "first second third won"),
    ("q=FIR", "first"),
    ("q=vega", "second third"),
    ("stage=poc", "second"),
    ("segment=enterprise_it", "first"),
    ("deal_type=renewal", "second"),
    ("amount_from=150", "second"),
    ("amount_to=100.00", "first"),
    ("close_from=2026-07-01&close_to=2026-07-31", "first"),
    ("currency=EUR", "third"),
    ("owner={mona}", "third"),
    ("team={east}", "first second third"),
    ("team={west}", ""),
    ("account={vega}", "second third"),
    ("lead_class=none", "first second third"),
    ("forecast_category=commit", ""),
    ("q=vega&owner={rae}", "second"),
]


@pytest.mark.parametrize("query,found", FILTERED, ids=[row[0] or "none" for row in FILTERED])
def test_filters(api, rae, mona, east, west, book, query, found):
    query = query.format(rae=rae.pk, mona=mona.pk, east=east.pk, west=west.pk, vega=book["third"].account_id)
    rows = api(mona).get(f"/api/deals/?{query}").json()["results"]
    assert {row["id"] for row in rows} == {book[name].pk for name in found.split()}


@pytest.mark.parametrize(
    "query,order",
    [
        ("", "first second third"),
        ("?sort=-close", "third second first"),
        ("?sort=amount", "third first second"),
        ("?sort=-name", "third second first"),
        ("?state=all&sort=stage", "first third second won"),
    ],
)
def test_orders(api, mona, book, query, order):
    rows = api(mona).get(f"/api/deals/{query}").json()["results"]
    assert [row["id"] for row in rows] == [book[name].pk for name in order.split()]


def walk(me, path: str, key: str = "next"):
    while path:
        page = me.get(path).json()
        yield page
        path = page[key]


def test_paging_walks_every_row_once_while_rows_change(api, rae):
    account = make_account()
    deals = [make_deal(rae, f"Deal {number % 5}", account) for number in range(25)]
    me, seen = api(rae), []
    for number, page in enumerate(walk(me, "/api/deals/?size=4&sort=name")):
        seen += [row["id"] for row in page["results"]]
        # Rows before and after the place come, change and go while somebody reads on.
        make_deal(rae, "Deal 0", account)
        Deal.objects.filter(pk=seen[0]).update(next_step=f"Round {number}", amount=number)
        Deal.objects.filter(pk=deals[0].pk, pk__in=seen).delete()
    assert len(seen) == len(set(seen))
    assert set(seen) >= {deal.pk for deal in deals}
    assert seen[:5] == [deals[place].pk for place in (0, 5, 10, 15)] + [deals[20].pk]


@pytest.mark.parametrize(
    "sort", ["close", "-close", "amount", "-amount", "score", "-name", "stage", "entered", "-created"]
)
def test_every_order_pages_through_ties_and_back(api, rae, sort):
    account = make_account()
    for number in range(9):
        close = None if number % 3 else dt.date(2026, 7, 1)
        made = make_deal(rae, f"Deal {number % 2}", account, close_date=close, amount=None if number % 2 else 5)
        DealScore.objects.filter(deal=made).update(low=Decimal(1 + number % 3))
    me = api(rae)
    pages = list(walk(me, f"/api/deals/?size=2&sort={sort}"))
    forward = [row["id"] for page in pages for row in page["results"]]
    assert len(forward) == len(set(forward)) == 9
    assert pages[0]["previous"] is None
    assert pages[-1]["next"] is None
    back = [[row["id"] for row in page["results"]] for page in walk(me, pages[-1]["previous"], "previous")]
    assert [row for page in reversed(back) for row in page] == forward[:8]


def test_a_page_keeps_its_filter(api, rae, book):
    page = api(rae).get("/api/deals/?q=s&size=1&sort=name").json()
    assert "q=s" in page["next"]
    assert page["next"].startswith("http://testserver/api/deals/?")


def test_accounts_and_contacts_filter_too(api, rae, book):
    me = api(rae)
    ana = make_contact(book["first"].account, "Adler", email="Ana@aster.example")
    make_contact(book["second"].account, "Berg")
    assert [row["name"] for row in me.get("/api/accounts/?q=vEGa").json()["results"]] == ["Vega Cloud"]
    assert [row["name"] for row in me.get("/api/accounts/?segment=enterprise_it").json()["results"]] == ["Aster Health"]
    assert [row["id"] for row in me.get("/api/contacts/?email=ana@ASTER.example").json()["results"]] == [ana.pk]
    assert [row["last_name"] for row in me.get("/api/contacts/?q=ber").json()["results"]] == ["Berg"]


LISTS = ("deals/?state=all", "accounts/", "contacts/", "people/", "jobs/", "competitors/", "playbook-versions/")


@pytest.mark.parametrize("path", LISTS)
def test_a_page_takes_as_many_queries_however_many_rows(api, mona, rae, django_assert_num_queries, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from crm.services import jobs

    def add() -> None:
        for number in range(3):
            account = make_account(f"Account {number}", owner=rae, parent=make_account("Parent"))
            make_contact(account, reports_to=make_contact(account))
            deal = make_deal(rae, account=account)
            deal.outcome_reasons.create(reason="price")
            jobs.enqueue("scoring.tasks.score_deal", key=f"score:{deal.pk}", by=mona)

    me = api(mona)
    add()
    me.get(f"/api/{path}")  # notes when the token was used, and reads the playbook
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert me.get(f"/api/{path}").json()["results"]
    add()
    with CaptureQueriesContext(connection) as many:
        me.get(f"/api/{path}")
    assert len(many) == len(few) <= 8


def test_a_list_shows_deals_as_their_own_address_does(api, rae, otto):
    """Lists are made without models and fields, so every column is compared: open and closed, full and empty."""
    act = Act(by=rae)
    full = make_deal(rae, name="Fjord & Söhne", amount=Decimal("1250000.10"), next_step="Call Ana")
    full.term_months, full.next_step_date, full.close_date = 36, dt.date(2026, 7, 1), dt.date(2026, 12, 31)
    full.save()
    for key, amount in (("edge", Decimal("7.50")), ("core", None)):
        product = Product.objects.create(key=f"test-{key}", name=key.title())
        DealLine.objects.create(deal=full, product=product, amount=amount)
    score_deal(act=act, deal_id=full.pk)
    closed = make_deal(rae, amount=None)
    reasons = [reason.key for reason in reasons_for(playbooks.current()[1], "lost")][:2]
    close_deal(act=act, deal_id=closed.pk, outcome="lost", reasons=reasons, competitor_key="vmware", note="Price.")
    me = api(otto)
    listed = me.get("/api/deals/?state=all&sort=name").json()["results"]
    assert len(listed) == 2
    assert listed == [me.get(f"/api/deals/{row['id']}/").json() for row in listed]
    assert {row["id"]: row["outcome_competitor"] for row in listed} == {full.pk: None, closed.pk: "vmware"}
