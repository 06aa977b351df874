"""BANT+, MEDDPICC, people, competitors and scores over the API, with exact values."""

from __future__ import annotations

import datetime as dt

import pytest

from deals.models import BantAssessment, BantClaim, DealCompetitor, DealContact, MeddpiccElement
from tests.factories import make_account, make_contact


def criterion(shown: dict, key: str) -> dict:
    return next(part for part in shown["criteria"] if part["criterion"] == key)


def test_facts_suggest_and_a_claim_counts(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/bant/"
    facts = {"budget_amount": "2000000.00", "budget_status": "allocated"}
    done = me.patch(path, {"facts": facts}, me.etag(path))
    assert done.status_code == 200, done.content
    assert done.json()["facts"] == facts
    assert done.json()["account_facts"] == {"vm_count": 600}
    budget = criterion(done.json(), "budget")
    assert (budget["suggested"], budget["own"], budget["score"], budget["source"]) == (5, None, 5, "facts")
    assert criterion(done.json(), "technical_fit")["score"] == 5
    assert criterion(done.json(), "need")["score"] is None
    claimed = me.patch(path, {"claims": {"budget": {"score": 4, "reason": "Half is spent."}}}, done["ETag"])
    budget = criterion(claimed.json(), "budget")
    assert (budget["suggested"], budget["own"], budget["score"], budget["source"]) == (5, 4, 4, "rep")
    assert budget["reason"] == "Half is spent."
    history = me.get(f"{path}claims/?criterion=budget").json()["results"]
    assert [(row["score"], row["suggested"], row["made_by_name"]) for row in history] == [(4, 5, "Rae Test")]
    back = me.patch(path, {"claims": {"budget": {"score": None}}, "facts": {"budget_status": None}}, claimed["ETag"])
    assert criterion(back.json(), "budget")["own"] is None
    assert back.json()["facts"] == {"budget_amount": "2000000.00"}


def test_facts_and_claims_are_kept_together_or_not_at_all(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/bant/"
    body = {"facts": {"budget_amount": "1"}, "claims": {"charm": {"score": 5, "reason": "x"}}}
    done = me.patch(path, body, "*")
    assert done.status_code == 422
    assert list(done.json()["error"]["fields"]) == ["claims.charm"]
    assert BantAssessment.objects.get().facts == {}
    assert not BantClaim.objects.exists()


@pytest.mark.parametrize(
    "value", [[], {}, "x", -1, True, 1e300, "1e400", [[1]], {"a": {"b": "\u0000"}}, "\ud800", 5, "", None]
)
def test_whatever_a_fact_is_given_it_is_kept_or_named(api, rae, deal, playbook, value):
    """Every kind of fact against every kind of JSON."""
    me, path = api(rae), f"/api/deals/{deal.pk}/bant/"
    kinds = {fact.kind: fact.key for fact in playbook.facts}
    for key in kinds.values():
        done = me.patch(path, {"facts": {key: value}}, "*")
        assert done.status_code in {200, 422}, (key, done.content)
        if done.status_code == 422:
            assert done.json()["error"]["fields"], key


@pytest.mark.parametrize(
    "body",
    [
        {"claims": []},
        {"claims": {"need": 5}},
        {"claims": {"need": {}}},
        {"claims": {"need": {"score": "5"}}},
        {"facts": 1},
    ],
)
def test_claims_of_another_shape_are_named(api, rae, deal, body):
    assert api(rae).patch(f"/api/deals/{deal.pk}/bant/", body, "*").status_code == 422


def test_an_element_is_recorded_and_confirmed(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/meddpicc/economic_buyer/"
    ana = make_contact(deal.account)
    assert me.get(path).json()["version"] == 0
    claimed = me.patch(
        path, {"strength": "claimed", "contact": ana.pk, "fields": {"engaged": "engaged"}}, me.etag(path)
    )
    assert claimed.status_code == 200, claimed.content
    assert (
        claimed.json() | {"contact_name": "Ana Adler", "fields": {"engaged": "engaged"}, "version": 1} == claimed.json()
    )
    refused = me.patch(path, {"strength": "confirmed"}, claimed["ETag"])
    assert list(refused.json()["error"]["fields"]) == ["evidence_kind"]
    body = {"strength": "confirmed", "evidence_kind": "call", "evidence": "Call of 12 June."}
    done = me.patch(path, body, claimed["ETag"])
    today = dt.datetime.now(dt.UTC).date()
    assert (done.json()["counts_as"], done.json()["confirmed_date"]) == ("confirmed", today.isoformat())
    whole = me.get(f"/api/deals/{deal.pk}/meddpicc/").json()
    assert (whole["health_percent"], whole["lights"], whole["next_stale_date"]) == (
        "12.50", "ufuuuuuu", (today + dt.timedelta(days=61)).isoformat(),
    )  # fmt: skip
    assert next(part for part in whole["elements"] if part["element"] == "economic_buyer") == done.json()


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "fields,wrong",
    [
        ({"luck": 1}, "fields.luck"),
        ({"criteria": [{"name": "Price", "weight": 60}]}, "fields.criteria"),
        ({"criteria": [{"weight": 100}]}, "fields.criteria.0.name"),
        ({"criteria": "all"}, "fields.criteria"),
        ({"criteria": [{"name": "Price", "weight": 100, "colour": "red"}]}, "fields.criteria.0"),
        ([], "fields"),
    ],
)
def test_what_is_wrong_in_an_element_is_named_by_its_place(api, rae, deal, fields, wrong):
    done = api(rae).patch(f"/api/deals/{deal.pk}/meddpicc/decision_criteria/", {"fields": fields}, "*")
    assert done.status_code == 422
    assert list(done.json()["error"]["fields"]) == [wrong]
    assert not MeddpiccElement.objects.exists()


def test_people_of_the_account_join_once(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/contacts/"
    ana, stranger = make_contact(deal.account), make_contact(make_account("Other"))
    made = me.post(path, {"contact": ana.pk, "role": "champion"})
    assert (made.status_code, made["Location"]) == (201, f"{path}{ana.pk}/")
    assert made.json() | {"name": "Ana Adler", "role": "champion", "sentiment": "unknown"} == made.json()
    assert me.post(path, {"contact": ana.pk}).status_code == 409
    assert me.post(path, {"contact": stranger.pk}).status_code == 422
    assert me.post(path, {"contact": ana.pk, "role": "king"}).status_code == 422
    changed = me.patch(made["Location"], {"sentiment": "supporter"}, made["ETag"])
    assert (changed.json()["role"], changed.json()["sentiment"]) == ("champion", "supporter")
    assert me.delete(made["Location"], changed["ETag"]).status_code == 204
    assert not DealContact.objects.exists()


def test_competitors_join_once(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/competitors/"
    made = me.post(path, {"competitor": "vmware", "position": "incumbent"})
    assert (made.status_code, made["Location"]) == (201, f"{path}vmware/")
    assert me.post(path, {"competitor": "vmware"}).status_code == 409
    assert me.post(path, {"competitor": "acme"}).status_code == 422
    changed = me.patch(made["Location"], {"win_strategy": "Cost over five years."}, made["ETag"])
    assert (changed.json()["position"], changed.json()["win_strategy"]) == ("incumbent", "Cost over five years.")
    assert me.delete(made["Location"], changed["ETag"]).status_code == 204
    assert not DealCompetitor.objects.exists()


def test_a_score_says_everything_it_was_computed_from(api, rae, deal, run_jobs):
    me, path = api(rae), f"/api/deals/{deal.pk}/"
    me.patch(f"{path}bant/", {"facts": {"budget_amount": "2000000.00", "budget_status": "allocated"}}, "*")
    run_jobs()
    me.patch(f"{path}bant/", {"claims": {"budget": {"score": 3, "reason": "Half is spent."}}}, "*")
    run_jobs()
    later, first = me.get(f"{path}scores/").json()["results"]
    # Budget (20 %) and technical fit (10 %) are 5, the other 70 % open; then budget is 3.
    assert (first["low"], first["high"], first["total"], first["cause"]) == ("2.20", "5.00", None, "first")
    assert (later["low"], later["high"], later["previous_low"], later["cause"]) == ("1.80", "4.60", "2.20", "override")
    assert later["causes"] == {"override": {"low": "-0.4", "high": "-0.4"}}
    assert later["caused_by_name"] == "Rae Test"
    whole = me.get(f"/api/scores/{later['id']}/").json()
    assert whole | later == whole
    assert whole["inputs"]["overrides"] == {"budget": 3}
    assert whole["inputs"]["facts"]["vm_count"] == 600
    assert whole["contributions"][0] == {"criterion": "budget", "score": 3, "weight_percent": "20", "product": "0.60"}
    assert (whole["playbook_version"], whole["to_at"]) == (1, None)
    assert me.get(f"/api/scores/{first['id']}/").json()["to_at"] == later["computed_at"]
    shown = me.get(path).json()["score"]
    assert (shown["low"], shown["high"], shown["possible_classes"]) == ("1.80", "4.60", later["possible_classes"])
