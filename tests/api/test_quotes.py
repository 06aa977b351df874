"""Quotes over the API: priced without being kept, made, changed, revised and copied."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from crm.models import PlaybookVersion
from quotes.models import Approval, Decision, Quote, Revision
from tests.conftest import forget_playbooks, shipped_row
from tests.factories import NOW, make_deal

GOLDEN: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "golden/quotes.yaml").read_text())
ASK = {"price_model": "per_socket", "quantity": 500, "term_years": 3, "prepaid": True}
LIGHTHOUSE = {"reason": "lighthouse", "percent": "10"}


@pytest.fixture
def quote(api, rae, deal):
    body = {"deal": deal.pk, "title": "Three years", "ask": ASK}
    return Quote.objects.get(pk=api(rae).post("/api/quotes/", body).json()["id"])


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_a_worked_example_is_previewed(api, rae, case):
    body = {key: value for key, value in case.items() if key not in ("name", "expect")}
    answer = api(rae).post("/api/quotes/preview/", body)
    found = answer.json()
    assert answer.status_code == 200
    assert {
        "years": [year["amount"] for year in found["years"]],
        "total": found["total"],
        "discount_percent": found["discount_percent"],
        "approvals": [one["level"] for one in found["approvals"]],
    } == case["expect"]


def test_a_preview_explains_itself(api, rae):
    found = api(rae).post("/api/quotes/preview/", {**ASK, "strategic": LIGHTHOUSE}).json()
    assert found["years"][0] == {
        "year": 1,
        "quantity": 500,
        "list_unit": "3000",
        "net_unit": "1853.2125",
        "amount": "926606.25",
        "list_amount": "1500000.00",
        "waterfall": [
            {"discount": "volume", "percent": "15", "before": "3000", "after": "2550"},
            {"discount": "multi_year", "percent": "15", "before": "2550", "after": "2167.5"},
            {"discount": "prepayment", "percent": "5", "before": "2167.5", "after": "2059.125"},
            {"discount": "strategic", "percent": "10", "before": "2059.125", "after": "1853.2125"},
        ],
        "items": [],
    }
    assert found["approvals"] == [
        {
            "level": "svp",
            "because": "Lighthouse customer: 10\xa0% of at most 30\xa0%.",
            "rules": [{"rule": "strategic.lighthouse", "text": "Lighthouse customer: 10\xa0% of at most 30\xa0%."}],
        }
    ]
    assert [(one["rule"], one["field"], one["blocks"]) for one in found["warnings"]] == [
        ("nothing_got", "strategic.got", True)
    ]
    assert (found["currency"], found["arr"]) == ("USD", "926606.25")


def test_several_lines_are_told_apart(api, rae):
    edge = {"price_model": "per_node", "quantity": 500}
    setup = {"kind": "service", "label": "Set-up", "unit_price": "5000", "quantity": 2}
    found = api(rae).post("/api/quotes/preview/", {**ASK, "term_years": 1, "lines": [edge, setup]}).json()
    (year,) = found["years"]
    assert (year["quantity"], year["list_unit"], year["net_unit"]) == (None, None, None)
    assert [line["amount"] for line in year["lines"]] == ["1275000.00", "75000.00"]
    assert year["items"] == [{"label": "Set-up", "amount": "10000.00"}]
    assert found["total"] == "1360000.00"


def test_every_refusal_is_at_its_field(api, rae):
    body = {"price_model": "per_socket", "quantity": 2, "term_years": 7, "strategic": {**LIGHTHOUSE, "percent": "31"}}
    answer = api(rae).post("/api/quotes/preview/", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {
        "term_years": ["A term is 1 to 5 years."],
        "quantity": ["Per socket starts at 3 sockets. Up to 3 hosts, Community Edition is free."],
        "strategic.percent": ["Lighthouse customer is capped at 30\xa0%. Lower it, or use another reason."],
    }


@pytest.mark.parametrize("path", ["preview", "alternatives"])
@pytest.mark.parametrize("body", [{}, {"term_years": 1}, {"quantity": []}, {"lines": [5]}, {"strategic": "x"}])
def test_what_can_not_be_read_is_refused(api, rae, path, body):
    assert api(rae).post(f"/api/quotes/{path}/", body).status_code == 422


def test_cheaper_ways_are_sent_ready_to_ask_for(api, rae):
    body = {"price_model": "per_node", "quantity": 499, "term_years": 1, "prepaid": False}
    found = api(rae).post("/api/quotes/alternatives/", body).json()["alternatives"]
    (more,) = [one for one in found if one["kind"] == "quantity"]
    assert (more["total"], more["saves"], more["levels"]) == ("75000.00", "49750.00", [])
    assert api(rae).post("/api/quotes/preview/", more["ask"]).json()["total"] == "75000.00"


def test_a_playbook_without_prices_says_so(api, rae):
    old = shipped_row()
    data = {
        name: part for name, part in old["data"].items() if name not in ("pricing", "discounts", "terms", "approvals")
    }
    PlaybookVersion.objects.create(number=2, published_at="2026-06-01T00:00Z", **{**old, "data": data})
    forget_playbooks()
    answer = api(rae).post("/api/quotes/preview/", ASK)
    assert answer.status_code == 409
    assert answer.json()["error"]["message"].startswith("The playbook in force has no price book.")


def test_a_quote_is_made_and_read(api, rae, deal):
    me = api(rae)
    made = me.post("/api/quotes/", {"deal": deal.pk, "title": "Three years", "ask": ASK, "valid_until": "2026-12-31"})
    assert made.status_code == 201
    shown = me.get(made["Location"]).json()
    assert shown == made.json()
    assert (shown["reference"], shown["state"], shown["total"]) == (f"Q-{shown['id']:05d}", "draft", "3088687.50")
    latest = shown["latest"]
    assert (latest["number"], latest["playbook"], latest["valid_until"]) == (1, 1, "2026-12-31")
    assert latest["priced"]["total"] == "3088687.50"
    assert [row["id"] for row in me.get(f"/api/quotes/?deal={deal.pk}").json()["results"]] == [shown["id"]]


def test_what_can_not_be_priced_is_kept_as_it_was_typed(api, rae, quote):
    path = f"/api/quotes/{quote.pk}/"
    answer = api(rae).patch(path, {"ask": {**ASK, "quantity": "about 40"}}, "*").json()
    assert answer["total"] is None
    assert answer["latest"]["refusals"] == [
        {"field": "quantity", "rule": "number", "text": "Give a number of sockets."}
    ]
    assert Revision.objects.get(quote=quote).inputs["quantity"] == "about 40"


def test_a_change_needs_the_version_it_was_made_from(api, rae, quote):
    path, me = f"/api/quotes/{quote.pk}/", api(rae)
    seen = me.etag(path)
    assert me.patch(path, {"title": "Other"}).status_code == 428
    assert me.patch(path, {"title": "First"}, seen).status_code == 200
    stale = me.patch(path, {"title": "Second"}, seen)
    assert stale.status_code == 412
    assert Quote.objects.get(pk=quote.pk).title == "First"


def test_a_copy_has_the_inputs_and_nothing_else(api, rae, quote):
    other = make_deal(rae, "Second site")
    made = api(rae).post(f"/api/quotes/{quote.pk}/duplicate/", {"deal": other.pk})
    assert made.status_code == 201
    copy = Quote.objects.get(pk=made.json()["id"])
    assert (copy.deal, copy.copied_from, copy.state, copy.total) == (other, quote, "draft", quote.total)
    assert copy.latest is not None
    assert copy.latest.inputs == quote.latest.inputs
    assert copy.latest.fingerprint == ""


def test_dropping_the_only_draft_drops_the_quote(api, rae, quote):
    assert api(rae).delete(f"/api/quotes/{quote.pk}/", "*").status_code == 204
    assert not Quote.objects.exists()


def test_a_closed_deal_gets_no_quote(api, rae, deal):
    deal.outcome, deal.stage, deal.closed_at = "lost", "lost", NOW
    deal.save()
    answer = api(rae).post("/api/quotes/", {"deal": deal.pk, "title": "Late", "ask": ASK})
    assert answer.status_code == 409
    assert not Quote.objects.exists()


def test_quotes_of_others_are_not_there(api, remy, quote):
    path, them = f"/api/quotes/{quote.pk}/", api(remy)
    assert [them.get(path).status_code, them.patch(path, {"title": "Mine"}, "*").status_code] == [404, 404]
    assert them.get("/api/quotes/").json()["results"] == []
    assert Quote.objects.get().title == "Three years"


def test_who_approves_reads_and_does_not_change(api, vik, quote):
    path = f"/api/quotes/{quote.pk}/"
    assert api(vik).get(path).status_code == 200
    assert api(vik).patch(path, {"title": "Mine"}, "*").status_code == 403
    assert Quote.objects.get().title == "Three years"


# From submitted to accepted


def big(**more: Any) -> dict[str, Any]:
    """Asks the VP (1,000 sockets) and the SVP (lighthouse)."""
    return {**ASK, "quantity": 1000, "strategic": {**LIGHTHOUSE, "got": ["reference"]}, **more}


@pytest.fixture
def waiting(api, rae, quote, run_jobs):
    """Submitted by Rae, and waiting for the VP."""
    path = f"/api/quotes/{quote.pk}/"
    assert api(rae).patch(path, {"ask": big()}, "*").status_code == 200
    assert api(rae).post(f"{path}submit/", None, "*").json()["state"] == "submitted"
    run_jobs()
    return Approval.objects.get(revision__quote=quote)


def decided(client, approval, position, verdict="approve", **more):
    body = {"position": position, "verdict": verdict, "fingerprint": approval.fingerprint, **more}
    return client.post(f"/api/approvals/{approval.pk}/decisions/", body)


def test_a_quote_is_approved_step_by_step_and_accepted(api, rae, vik, sue, deal, waiting):
    shown = api(vik).get(f"/api/approvals/{waiting.pk}/").json()
    assert [(step["level"], step["asked_at"] is not None) for step in shown["steps"]] == [("vp", True), ("svp", False)]
    assert [row["id"] for row in api(vik).get("/api/approvals/?waits_for=me").json()["results"]] == [waiting.pk]
    assert decided(api(vik), waiting, 1, comment="They sign this month.").status_code == 201
    last = decided(api(sue), waiting, 2)
    assert last.json()["state"] == "approved"
    assert [step["decision"]["made_by"] for step in last.json()["steps"]] == ["Vik Test", "Sue Test"]
    path = f"/api/quotes/{waiting.revision.quote_id}/"
    done = api(rae).post(f"{path}accept/", {"fingerprint": waiting.fingerprint}, "*")
    assert done.json()["state"] == "accepted"
    deal.refresh_from_db()
    assert (deal.amount, deal.term_months, deal.currency) == (Decimal("1744200.00"), 36, "USD")


def test_nobody_decides_what_they_asked_for_or_what_is_not_theirs(api, rae, mona, otto, vik, waiting):
    for person in (rae, mona, otto):
        assert decided(api(person), waiting, 1).status_code == 403
    early = decided(api(vik), waiting, 2)
    assert early.status_code == 403
    assert not Decision.objects.exists()


def test_who_comes_second_learns_who_decided(api, vik, sue, waiting):
    decided(api(vik), waiting, 1)
    late = decided(api(sue), waiting, 1, "reject", comment="Too much.")
    assert late.status_code == 409
    assert late.json()["error"]["message"].startswith("Vik Test approved this on ")
    assert Decision.objects.get().verdict == "approve"


def test_a_refusal_says_why(api, vik, waiting):
    answer = decided(api(vik), waiting, 1, "send_back")
    assert answer.json()["error"]["fields"] == {"comment": ["Say why: the next revision is made by it."]}
    assert not Decision.objects.exists()


def test_what_was_not_looked_at_is_not_decided(api, vik, waiting):
    body = {"position": 1, "verdict": "approve", "fingerprint": "f" * 64}
    assert api(vik).post(f"/api/approvals/{waiting.pk}/decisions/", body).status_code == 409
    assert not Decision.objects.exists()


def test_a_quote_without_what_was_got_is_not_sent(api, rae, quote):
    path = f"/api/quotes/{quote.pk}/"
    api(rae).patch(path, {"ask": {**ASK, "strategic": LIGHTHOUSE}}, "*")
    answer = api(rae).post(f"{path}submit/", None, "*")
    assert list(answer.json()["error"]["fields"]) == ["strategic.got"]
    assert Quote.objects.get().state == "draft"


def test_what_nobody_has_to_agree_to_is_approved_by_its_rules(api, rae, quote, run_jobs):
    api(rae).post(f"/api/quotes/{quote.pk}/submit/", None, "*")
    run_jobs()
    (row,) = api(rae).get(f"/api/approvals/?quote={quote.pk}").json()["results"]
    assert row["state"] == "approved"
    assert [one["rule"] for one in row["cleared_by"]] == ["volume", "term", "prepayment"]


def test_a_change_after_approval_begins_the_next_revision(api, rae, vik, sue, waiting):
    decided(api(vik), waiting, 1)
    decided(api(sue), waiting, 2)
    path = f"/api/quotes/{waiting.revision.quote_id}/"
    changed = api(rae).patch(path, {"ask": big(quantity=1001)}, "*").json()
    assert (changed["state"], changed["latest"]["number"]) == ("draft", 2)
    first = api(rae).get(f"{path}revisions/1/").json()
    assert (first["state"], first["fingerprint"]) == ("approved", waiting.fingerprint)
    assert api(rae).post(f"{path}withdraw/", {"why": "They want more."}, "*").status_code == 200
    assert api(rae).get(f"{path}revisions/1/").json()["state"] == "withdrawn"


def test_a_remark_decides_nothing(api, vik, waiting):
    answer = api(vik).post(f"/api/approvals/{waiting.pk}/comments/", {"text": "Why four years?"})
    assert [one["text"] for one in answer.json()["comments"]] == ["Why four years?"]
    assert answer.json()["state"] == "open"
