"""Calling a quarter: who may, what stands, and two who call at once."""

from __future__ import annotations

import pytest

from crm.models import AuditEntry
from reports.models import ForecastCall

QUARTER = "2099-Q1"
ADDRESS = "/api/forecast-calls/"


def said(**changed):
    return {
        "quarter": QUARTER,
        "commit": "1200000",
        "best_case": "1500000.50",
        "note": "Two of three signed.",
    } | changed


def post(client, **changed):
    return client.post(ADDRESS, said(**changed), content_type="application/json")


def test_the_newest_call_holds_and_every_one_is_kept(rae, mona, sign_in):
    client = sign_in(rae)
    first = post(client)
    assert first.status_code == 201
    assert first.json() | {"id": 0, "made_at": ""} == {
        "id": 0,
        "quarter": QUARTER,
        "person": rae.pk,
        "team": None,
        "commit": "1200000.00",
        "best_case": "1500000.50",
        "currency": "USD",
        "note": "Two of three signed.",
        "made_at": "",
    }
    assert post(client, commit="900000", seen=first.json()["id"]).status_code == 201
    shown = sign_in(mona).get(ADDRESS, {"quarter": QUARTER}).json()["results"]
    assert [row["commit"] for row in shown] == ["900000.00", "1200000.00"]
    entry = AuditEntry.objects.filter(kind="forecast_call").latest("pk")
    assert entry.changes["commit"] == ["1200000.00", "900000.00"]


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"best_case": "1"}, "best_case"),
        ({"commit": "-1"}, "commit"),
        ({"commit": "0.001"}, "commit"),
        ({"quarter": "2020-Q1"}, "quarter"),
        ({"quarter": "Q1"}, "quarter"),
        ({"note": "x" * 2_001}, "note"),
        ({"team": 999_999}, "team"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_called(changed, field, rae, sign_in):
    answer = post(sign_in(rae), **changed)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    assert not ForecastCall.objects.exists()


def test_only_who_leads_a_team_calls_it(rae, remy, mona, vik, east, west, sign_in):
    assert post(sign_in(mona), team=east.pk).status_code == 201
    assert post(sign_in(mona), team=west.pk).status_code == 403
    assert post(sign_in(rae), team=east.pk).status_code == 403
    assert post(sign_in(vik)).status_code == 403
    assert ForecastCall.objects.count() == 1
    assert sign_in(rae).get(ADDRESS).json()["results"] == []
    assert len(sign_in(vik).get(ADDRESS).json()["results"]) == 1


def test_who_knows_deals_by_name_sees_no_calls(rae, eve, vera, sign_in):
    post(sign_in(rae))
    assert sign_in(eve).get(ADDRESS).json()["results"] == []
    assert sign_in(vera).get(ADDRESS).json()["results"] == []


def test_of_two_windows_the_second_is_told_what_the_first_called(rae, sign_in):
    client = sign_in(rae)
    assert post(client, seen=0).status_code == 201
    refused = post(client, commit="5", best_case="5", seen=0)
    assert refused.status_code == 409
    assert "Rae Test called 1,200,000.00 USD since." in refused.json()["error"]["message"]
    assert ForecastCall.objects.count() == 1
