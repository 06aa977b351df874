"""Deals over the API, from opened to reopened, with exact values."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.models import Product
from deals.models import Deal
from tests.factories import make_account


def test_a_deal_is_opened(api, rae):
    account = make_account("Vega Cloud")
    body = {
        "name": "Edge pilot",
        "account": account.pk,
        "amount": "250000.10",
        "currency": "EUR",
        "term_months": 36,
        "close_date": "2026-12-31",
        "next_step": "Call Ana",
        "next_step_date": "2026-07-01",
        "deal_type": "expansion",
        "forecast_category": "best_case",
        "stage": "discovery",
    }
    me = api(rae)
    made = me.post("/api/deals/", body)
    assert made.status_code == 201
    assert made["Location"] == f"/api/deals/{made.json()['id']}/"
    assert me.get(made["Location"]).json() == made.json()
    assert made.json() | body == made.json()
    shown = made.json()
    assert (shown["owner"], shown["owner_name"], shown["account_name"]) == (rae.pk, "Rae Test", "Vega Cloud")
    assert (shown["outcome"], shown["stage_label"], shown["version"]) == ("open", "Discovery", 1)
    assert shown["score"] | {"low": "1.00", "high": "5.00", "total": None, "lead_class": None} == shown["score"]
    assert list(Deal.objects.get().intervals.values_list("route", flat=True).distinct()) == ["api"]


@pytest.mark.parametrize(
    "given,kept",
    [
        ("0", "0.00"),
        ("185000.5", "185000.50"),
        (185000, "185000.00"),
        (0.1, "0.10"),
        (9999999999999.99, "9999999999999.99"),
    ],
)
def test_amounts_are_exact(api, rae, deal, given, kept):
    path = f"/api/deals/{deal.pk}/"
    assert api(rae).patch(path, {"amount": given}, "*").json()["amount"] == kept
    assert api(rae).get(path).json()["amount"] == kept


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "given", ["-1", "1e30", "10000000000000", "0.001", "a lot", "", True, [], {}, "NaN", "Infinity", 1e300]
)
def test_amounts_that_are_none(api, rae, deal, given):
    done = api(rae).patch(f"/api/deals/{deal.pk}/", {"amount": given}, "*")
    assert done.status_code == 422
    assert list(done.json()["error"]["fields"]) == ["amount"]


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "body",
    [
        {"name": None}, {"name": 5}, {"name": "x" * 201}, {"name": "a\u0000b"}, {"name": "\ud800"}, {"owner": None},
        {"owner": "1"}, {"owner": 10**30}, {"account": None}, {"term_months": 0}, {"term_months": "12"},
        {"term_months": 12.5}, {"close_date": "2026-02-30"}, {"close_date": 20260101}, {"close_date": ""},
        {"currency": "dollars"}, {"stage": "poc"}, {"outcome": "won"}, {"version": 2}, {"id": 7}, {"next_step": None},
    ],
    ids=str,
)  # fmt: skip
def test_values_a_deal_can_t_have(api, rae, deal, body):
    before = Deal.objects.values().get()
    done = api(rae).patch(f"/api/deals/{deal.pk}/", body, "*")
    assert done.status_code == 422, done.content
    assert list(done.json()["error"]["fields"]) == list(body)
    assert Deal.objects.values().get() == before


def test_only_a_manager_hands_a_deal_over(api, rae, remy, mona, deal):
    path = f"/api/deals/{deal.pk}/"
    assert api(rae).patch(path, {"owner": remy.pk}, "*").status_code == 422
    assert api(mona).patch(path, {"owner": remy.pk}, "*").status_code == 422  # not of her team
    assert api(mona).patch(path, {"owner": mona.pk}, "*").json()["owner_name"] == "Mona Test"
    assert api(rae).get(path).status_code == 404


def test_products_of_a_deal_are_shown(api, rae, deal):
    deal.lines.create(product=Product.objects.create(key="core", name="Core platform"), amount="1.50")
    lines = api(rae).get(f"/api/deals/{deal.pk}/").json()["lines"]
    assert lines == [{"product": "core", "product_name": "Core platform", "amount": "1.50"}]


def test_moving_on_against_the_criteria_wants_a_reason(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/stage/"
    refused = me.post(path, {"stage": "qualified"}, '"1"')
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]["why"][0].startswith("Not met: ")
    done = me.post(path, {"stage": "qualified", "why": "The CIO asked for it."}, '"1"')
    assert (done.json()["stage"], done.json()["stage_label"], done.json()["version"]) == ("qualified", "Qualified", 2)
    move = deal.intervals.get(field="stage", to_at=None)
    assert (move.value, move.why, move.route) == ("qualified", "The CIO asked for it.", "api")
    assert move.unmet
    assert me.post(path, {"stage": "won", "why": "Done."}, "*").status_code == 422


CLOSING = {"outcome": "lost", "reasons": ["price"], "competitor": "vmware", "note": "They stayed with what they know."}


@pytest.fixture
def lost_reason(playbook):
    return next(reason.key for reason in playbook.outcome_reasons if reason.outcome == "lost")


def test_closing_and_reopening(api, rae, deal, lost_reason):
    deal.created_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    deal.save()
    me, path = api(rae), f"/api/deals/{deal.pk}/"
    body = CLOSING | {"reasons": [lost_reason], "close_date": "2026-03-31"}
    closed = me.post(f"{path}close/", body, me.etag(path))
    assert closed.status_code == 200, closed.content
    shown = closed.json()
    assert (shown["outcome"], shown["outcome_reasons"], shown["outcome_competitor"]) == (
        "lost",
        [lost_reason],
        "vmware",
    )
    assert (shown["close_date"], shown["outcome_note"]) == ("2026-03-31", body["note"])
    assert me.post(f"{path}close/", body, "*").status_code == 409
    assert me.post(f"{path}stage/", {"stage": "poc", "why": "On."}, "*").status_code == 409
    assert me.patch(f"{path}bant/", {"facts": {"budget_amount": "1"}}, "*").status_code == 409
    opened = me.post(f"{path}reopen/", {"stage": "qualified", "why": "They called back."}, closed["ETag"])
    assert (opened.json()["outcome"], opened.json()["outcome_reasons"]) == ("open", [])
    assert me.post(f"{path}reopen/", {"stage": "qualified", "why": "Again."}, "*").status_code == 409


def test_closing_names_everything_that_is_missing(api, rae, deal):
    done = api(rae).post(f"/api/deals/{deal.pk}/close/", {"outcome": "won", "reasons": [], "note": ""}, "*")
    assert done.status_code == 422
    assert set(done.json()["error"]["fields"]) == {"reasons", "competitor", "note"}
    assert Deal.objects.get().outcome == "open"
