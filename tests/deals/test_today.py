"""Today: a rep's day and a manager's week, each number leading to its rows."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.services.audit import Act
from deals.models import Deal, DealRisk
from deals.services import risks
from deals.services.deals import update_deal
from deals.services.stages import close_deal
from tests.factories import make_deal

HTMX = {"HX-Request": "true"}
DAY = dt.timedelta(days=1)


def names(answer) -> list[str]:
    return re.findall(r'class="title" href="/deals/\d+/">([^<]+)', answer.content.decode())


@pytest.fixture
def today() -> dt.date:
    return timezone.now().date()


def test_a_rep_sees_what_is_due_and_what_has_no_next_step(playbook, rae, remy, sign_in, today):
    make_deal(rae, "Late", next_step_date=today - DAY)
    make_deal(rae, "Soon", next_step_date=today + 7 * DAY)
    make_deal(rae, "Later", next_step_date=today + 8 * DAY)
    make_deal(rae, "Undated")
    make_deal(remy, "Remy's", next_step_date=today)
    answer = sign_in(rae).get("/today/next-steps/", headers=HTMX)
    assert names(answer) == ["Late", "Soon", "Undated"]
    assert names(sign_in(rae).get("/deals/?steps=late")) == ["Late"]
    assert names(sign_in(rae).get("/deals/?steps=missing")) == ["Undated"]


def test_a_quiet_day_says_so(playbook, rae, sign_in):
    text = sign_in(rae).get("/today/next-steps/", headers=HTMX).content.decode()
    assert "Nothing is due, and every open deal has a next step." in text
    assert "No open deal is at risk" in sign_in(rae).get("/today/risks/", headers=HTMX).content.decode()


def test_what_stands_still_is_longer_in_its_stage_than_usual(playbook, rae, sign_in):
    usual = playbook.stage("discovery").expected_days
    now = timezone.now()
    make_deal(rae, "Fresh", stage_entered_at=now - usual * DAY)
    make_deal(rae, "Stuck", stage_entered_at=now - (usual + 1) * DAY)
    answer = sign_in(rae).get("/today/stale/", headers=HTMX)
    assert names(answer) == names(sign_in(rae).get("/deals/?over=usual")) == ["Stuck"]
    assert f"{usual + 1} days in discovery, usual {usual}" in answer.content.decode()


def test_the_pipeline_leads_to_its_rows(playbook, mona, rae, sign_in):
    make_deal(rae, "One", amount=Decimal(10), stage="demo")
    make_deal(rae, "Two", amount=Decimal(5), stage="demo", currency="EUR")
    tables = sign_in(mona).get("/today/pipeline/", headers=HTMX).context["tables"]
    found = {table["currency"]: table["lines"][0]["all"] for table in tables}
    assert {currency: (cell["count"], cell["amount"]) for currency, cell in found.items()} == {
        "USD": (1, 10),
        "EUR": (1, 5),
    }
    assert names(sign_in(mona).get(found["EUR"]["url"])) == ["Two"]


def test_risks_are_named_counted_and_open_their_rows(playbook, mona, rae, remy, sign_in, today, run_jobs):
    late = make_deal(rae, "Overdue", close_date=today - DAY, next_step_date=today)
    make_deal(remy, "Another team's", close_date=today - DAY)
    fine = make_deal(rae, "Fine", close_date=today + 300 * DAY, next_step_date=today, stage_entered_at=timezone.now())
    for _ in risks.judge_all(now=timezone.now(), today=today):
        pass
    answer = sign_in(mona).get("/today/risks/", headers=HTMX)
    lines = {line["found"].risk.key: line for line in answer.context["lines"]}
    assert lines["close_date_passed"]["found"].count == 1
    assert names(sign_in(mona).get(lines["close_date_passed"]["url"])) == ["Overdue"]
    assert not fine.risks.exists()
    update_deal(act=Act(by=rae), deal_id=late.pk, values={"close_date": today + 300 * DAY})
    run_jobs()
    assert not DealRisk.objects.filter(deal=late, risk="close_date_passed").exists()


def test_a_closed_deal_is_at_no_risk(playbook, rae, today, run_jobs):
    deal = make_deal(rae, "Overdue", close_date=today - DAY)
    now = timezone.now()
    risks.judge(deal_ids=[deal.pk], now=now, today=today)
    since = deal.risks.get(risk="close_date_passed").since_at
    risks.judge(deal_ids=[deal.pk], now=now + DAY, today=today)
    assert deal.risks.get(risk="close_date_passed").since_at == since
    reason = next(one.key for one in playbook.outcome_reasons if one.outcome == "lost")
    close_deal(act=Act(by=rae), deal_id=deal.pk, outcome="lost", reasons=[reason], no_competitor=True, note="None.")
    run_jobs()
    assert not deal.risks.exists()


def test_who_sees_names_only_cannot_ask_for_risks(playbook, eve, rae, sign_in, today):
    deal = make_deal(rae, "Overdue", close_date=today - DAY)
    risks.judge(deal_ids=[deal.pk], now=timezone.now(), today=today)
    answer = sign_in(eve).get("/deals/?risk=no_next_step")
    said = "Your role does not see “Risk” of everything listed, so it was left out."
    assert said in answer.context["dropped"]


def test_figures_over_very_many_deals_stand_for_some_minutes_and_say_so(
    playbook, mona, rae, sign_in, today, monkeypatch
):
    monkeypatch.setattr("deals.views.today.MANY", 2)
    client = sign_in(mona)
    gone, late, third = (make_deal(rae, name, close_date=today - DAY) for name in ("Gone", "Late", "Third"))
    risks.judge(deal_ids=[gone.pk, late.pk], now=timezone.now(), today=today)

    def shown(address: str) -> Any:
        return client.get(address, headers=HTMX)

    def deals(answer: Any) -> list[str]:
        return [one.deal.name for one in answer.context["deals"]]

    def count(answer: Any) -> int:
        found: int = answer.context["tables"][0]["all"]["count"]
        return found

    assert count(shown("/today/pipeline/")) == 3
    assert sorted(deals(shown("/today/risks/"))) == ["Gone", "Late"]
    Deal.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    risks.judge(deal_ids=[third.pk], now=timezone.now(), today=today)
    # What they no longer see is not among the rows, whatever stands of the figures.
    assert deals(shown("/today/risks/")) == ["Late"]
    assert sorted(deals(shown("/today/risks/?anew=1"))) == ["Late", "Third"]
    assert (count(shown("/today/pipeline/")), count(shown("/today/pipeline/?anew=1"))) == (3, 2)
    assert '<a href="/today/risks/?anew=1">now</a>' in shown("/today/risks/").content.decode()
