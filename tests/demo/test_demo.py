"""The demo a stranger meets first: whole on both engines, the same every time, and with something to say of this week."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Count

from activities.models import Task
from battlecards.models import Draft
from crm.models import Account, Job, PlaybookDraft
from deals.models import Deal, DealRisk, DealScore
from demo.management.commands.seed_demo import CLOSED, LIVE, SEED, seed
from demo.people import PEOPLE, SELLERS
from demo.plans import Plan, draw
from quotes.models import Approval, Delegation
from reports.models import DealChance, ForecastCall
from scoring.models import LeadScore

NOW = dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)
CYCLES = {"enterprise_it": (6, 12), "cloud": (3, 6), "edge": (4, 9), "research": (6, 12)}


def plans() -> list[Plan]:
    accounts = [(number, segment) for number, segment in enumerate(sorted(CYCLES) * 20)]
    return draw(Random(SEED), accounts, SELLERS, CYCLES, closed=CLOSED, live=LIVE)


def test_the_same_lives_are_drawn_every_time() -> None:
    drawn = plans()
    assert drawn == plans()
    assert len(drawn) == CLOSED + LIVE
    assert [plan.opened for plan in drawn] == sorted((plan.opened for plan in drawn), reverse=True)
    for plan in drawn:
        days = [plan.opened, *plan.moves, *([plan.ended] if plan.ended is not None else [])]
        assert days == sorted(days, reverse=True), plan


@pytest.mark.parametrize("team", ["East", "West"])
def test_each_team_opened_moved_won_and_lost_something_in_the_last_days(team: str) -> None:
    mine = [plan for plan in plans() if PEOPLE[plan.seller][3] == team]
    assert any(plan.opened < 4 for plan in mine)
    assert any(plan.outcome == "open" and plan.moves and plan.moves[-1] < 4 for plan in mine)
    assert {plan.outcome for plan in mine if plan.ended is not None and plan.ended < 4} == {"won", "lost"}


@pytest.mark.django_db
def test_a_small_demo_is_whole() -> None:
    call_command("publish_playbook")
    assert seed(NOW, companies=4, closed=2, live=4) == 6
    assert Account.objects.count() == 4
    outcomes = dict(Deal.objects.values_list("outcome").annotate(count=Count("pk")))
    assert outcomes["open"] == 4
    assert sum(outcomes.values()) == 6
    assert DealScore.objects.count() == 6
    assert LeadScore.objects.filter(computed_at__gt=NOW).count() == 0
    assert DealRisk.objects.exists()
    assert Task.objects.exists()
    assert PlaybookDraft.objects.count() == 2
    assert ForecastCall.objects.filter(team__name="East").exists()
    assert DealChance.objects.filter(run__state="done").count() == 4
    assert sorted(Draft.objects.values_list("card__slug", "state")) == [
        ("hyper-v", "in_review"),
        ("vmware", "published"),
        ("vmware", "published"),
        ("vmware", "scheduled"),
    ]
    assert Delegation.objects.count() == 1
    assert set(Approval.objects.values_list("state", flat=True)) <= {"approved", "open", "sent_back", "rejected"}
    # What is left for a worker is the rehearsal alone.
    assert list(Job.objects.filter(state="queued").values_list("task", flat=True)) == ["crm.tasks.rehearse"]
