"""Demos and proofs of concept begun on a deal: the playbook's structure, the customer's criteria, worked off line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call, DealPlan, PlanItem
from calls.queries.timeline import entries
from calls.services.plans_on import add_item, end_plan, set_item, start_plan
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Person
from deals.models import Deal
from tests.calls.conftest import by, write

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 7, 6)


@pytest.fixture
def poc(live: Call, rae: Person, deal: Deal) -> DealPlan:
    write(
        live,
        rae,
        "/nice Single sign-on",
        "/must Live migration",
        "/criterion Under 5 minutes down",
        "/must Live migration",
    )
    return start_plan(act=by(rae, 30), deal_id=deal.pk, kind="poc", starts_date=DAY)


def texts(plan: DealPlan, section: str, group: str = "") -> list[str]:
    rows = plan.items.filter(section=section)
    return [one.text for one in (rows.filter(group=group) if group else rows)]


def test_a_poc_has_four_phases_of_two_weeks_and_their_criteria_first(poc):
    assert (poc.title, poc.starts_date, poc.ends_date) == (
        "Proof of concept at Aster Health",
        DAY,
        dt.date(2026, 8, 30),
    )
    phases = set(poc.items.filter(section="phase").values_list("group", "due_date"))
    assert sorted(phases, key=lambda one: one[1]) == [
        ("Set-up and training, weeks 1 to 2", dt.date(2026, 7, 19)),
        ("Migration and testing, weeks 3 to 4", dt.date(2026, 8, 2)),
        ("Evaluation and tuning, weeks 5 to 6", dt.date(2026, 8, 16)),
        ("Business case and decision, weeks 7 to 8", dt.date(2026, 8, 30)),
    ]
    assert texts(poc, "criterion")[:3] == ["Live migration", "Under 5 minutes down", "Single sign-on"]
    assert texts(poc, "criterion", "Usual ones")[0] == "The chosen workloads run at least 10 times faster."
    assert poc.items.get(text="Single sign-on").entry is not None
    assert (len(texts(poc, "factor")), len(texts(poc, "flag"))) == (5, 5)


def test_a_demo_shows_the_use_case_that_was_chosen(rae, deal):
    plan = start_plan(act=by(rae), deal_id=deal.pk, kind="demo", starts_date=DAY, variant="edge")
    assert len(texts(plan, "check")) == 7
    assert {one.due_date for one in plan.items.filter(section="check")} == {DAY - dt.timedelta(days=1)}
    shown = texts(plan, "flow", "Their use case, 20 min")
    assert shown[1:] == [
        f"Edge computing: {one}"
        for one in ("Rollout to the edge", "Managing all sites from one place", "WebAssembly that runs anywhere")
    ]


def test_lines_are_marked_once_and_told(poc, rae, vik):
    criterion, task = poc.items.filter(section="criterion").first(), poc.items.filter(section="phase").first()
    for _ in range(2):
        set_item(act=by(rae, 40), plan_id=poc.pk, item_id=criterion.pk, met=True)
        set_item(act=by(rae, 41), plan_id=poc.pk, item_id=task.pk, done=True)
    with pytest.raises(NotAllowed):
        set_item(act=by(vik, 42), plan_id=poc.pk, item_id=task.pk, done=False)
    assert AuditEntry.objects.filter(kind="plan", verb="marked").count() == 2
    with pytest.raises(Invalid):
        add_item(act=by(rae), plan_id=poc.pk, section="nowhere", text="x")
    end_plan(act=by(rae, 50), plan_id=poc.pk, outcome="They buy.")
    with pytest.raises(Clash, match="This is over"):
        set_item(act=by(rae, 51), plan_id=poc.pk, item_id=task.pk, done=False)


def test_over_http_from_the_deal_to_the_end(rae, deal, client: Client):
    client.force_login(rae)
    assert "Begin a proof of concept" in client.get(reverse("calls:plan-panel", args=[deal.pk])).content.decode()
    made = client.post(reverse("calls:plan-create", args=[deal.pk]), {"kind": "demo", "starts_date": "2026-07-06"})
    plan = DealPlan.objects.get()
    page = reverse("calls:plan-detail", args=[plan.pk])
    assert made["Location"] == page
    item = plan.items.earliest("pk")
    client.post(reverse("calls:plan-item", args=[plan.pk, item.pk]), {"is": "done"})
    client.post(reverse("calls:plan-add", args=[plan.pk]), {"section": "check", "text": "A room with a screen"})
    assert "A room with a screen" in client.get(page).content.decode()
    assert "1 of 8 done" in client.get(page).content.decode()
    client.post(reverse("calls:plan-end", args=[plan.pk]), {"outcome": "They want a proof of concept."})
    assert "They want a proof of concept." in client.get(page).content.decode()
    wrong = client.post(reverse("calls:plan-create", args=[deal.pk]), {"kind": "demo", "starts_date": "soon"})
    assert (wrong.status_code, DealPlan.objects.count()) == (422, 1)


def test_a_deals_timeline_tells_when_one_is_begun_and_over(poc, rae, deal, client: Client):
    item = poc.items.filter(section="phase").first()
    set_item(act=by(rae, 41), plan_id=poc.pk, item_id=item.pk, done=True)
    end_plan(act=by(rae, 50), plan_id=poc.pk, outcome="They buy.")
    found = [(one.text, one.more, one.url) for one in entries(deal.pk, None, 9) if "concept" in one.text]
    here = reverse("calls:plan-detail", args=[poc.pk])
    assert found == [
        ("Proof of concept at Aster Health is over", "They buy.", here),
        ("Proof of concept at Aster Health is begun", "From 6 Jul 2026.", here),
    ]


def test_over_the_api_it_is_read_and_ticked(poc, rae, vik, remy, client: Client):
    def tick(item: PlanItem, **body: object) -> Any:
        address = reverse("api:plan-item", args=[poc.pk, item.pk])
        return client.post(address, body, content_type="application/json")

    task, criterion = poc.items.filter(section="phase").first(), poc.items.filter(section="criterion").first()
    client.force_login(rae)
    [row] = client.get(reverse("api:plans"), {"deal": poc.deal_id, "open": "yes"}).json()["results"]
    assert (row["title"], row["starts_date"], row["ended_at"]) == (
        "Proof of concept at Aster Health",
        "2026-07-06",
        None,
    )
    for item, name in ((task, "done"), (criterion, "met")):
        other = {"done": "met", "met": "done"}[name]
        refused = tick(item, **{other: True})
        assert (refused.status_code, [*refused.json()["error"]["fields"]]) == (422, [name])
        lines = {one["id"]: one for one in tick(item, **{name: True}).json()["items"]}
    assert (lines[task.pk]["done_at"] is not None, lines[criterion.pk]["met"]) == (True, True)
    assert lines[criterion.pk]["note"] == str(criterion.entry_id)
    client.force_login(vik)
    assert tick(task, done=False).status_code == 403
    client.force_login(remy)
    assert tick(task, done=False).status_code == 404
    task.refresh_from_db()
    assert task.done_at is not None
    client.force_login(rae)
    end_plan(act=by(rae, 50), plan_id=poc.pk, outcome="They buy.")
    assert tick(task, done=False).status_code == 409
