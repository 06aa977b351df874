"""Rescoring a whole book: the same rows as one deal at a time, whatever came in between."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from crm.services.audit import Act
from deals.models import BantAssessment, Deal, DealScore, MeddpiccElement, Strength
from scoring.models import LeadScore
from scoring.queries.derivations import recomputed
from scoring.rules.bulk import score_bulk
from scoring.services import bulk_compute, bulk_postgres, bulk_work
from scoring.services.bulk import rescore
from scoring.services.lead_scores import score_deal
from tests.scoring.conftest import HOT, NOW, TODAY

LATER = NOW + dt.timedelta(days=100)
LATER_DAY = TODAY + dt.timedelta(days=100)
CHOICES: dict[str, list[Any]] = {
    "budget_amount": ["2000000.00", "300000.00", "90000.00", None],
    "budget_status": ["allocated", "needs_approval", "none", None],
    "authority_access": ["engaged", "access", "path", "none", None],
    "pain_clarity": ["urgent", "clear", "vague", None],
    "impact_amount": ["1500000.00", "600000.00", "1.00", None],
    "decision_date": ["2026-08-01", "2026-12-01", "2027-03-01", "2028-01-01", None],
    "deadline": ["hard", "soft", "researching", None],
    "sponsor_level": ["ceo_cio", "department", "tactical", None],
    "quantum_use_case": ["critical", "none", None],
}


def some_facts(dice: random.Random) -> dict[str, Any]:
    drawn = {key: dice.choice(values) for key, values in CHOICES.items()}
    return {key: value for key, value in drawn.items() if value is not None}


def some_overrides(dice: random.Random) -> dict[str, int]:
    return {dice.choice(["budget", "need", "timeline"]): dice.randint(1, 5)} if dice.random() < 0.3 else {}


@pytest.fixture
def book(deal) -> list[Deal]:
    """Sixty deals scored on one day, of which a third were changed since and a few never scored."""
    dice = random.Random(7)
    made = [
        deal(
            some_facts(dice),
            {"vm_count": dice.choice([20, 150, 700]), "hosts": dice.randint(1, 9)},
            some_overrides(dice),
            dice.choice(["enterprise_it", "cloud", "edge", "research"]),
        )
        for _ in range(60)
    ]
    for one in made[:55]:
        score_deal(act=Act(by=None, at=NOW), deal_id=one.pk, today=TODAY)
    for one in made[:20]:
        BantAssessment.objects.filter(pk=one.pk).update(facts=some_facts(dice), overrides=some_overrides(dice))
    for one in made[15:25]:
        one.account.facts = {**one.account.facts, "hosts": 77}
        one.account.save()
    for one in made[50:]:
        MeddpiccElement.objects.create(
            deal=one, element="champion", strength=Strength.CONFIRMED, confirmed_date=TODAY - dt.timedelta(days=3)
        )
    return made


def stored(deal_ids: list[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All that was stored for some deals, but for ids and times."""
    history = LeadScore.objects.with_derivation().filter(deal_id__in=deal_ids)
    rows, last = [], None
    for row in history.order_by("deal_id", "computed_at", "id"):
        shared = last is not None and last.scored_inputs_id == row.scored_inputs_id
        derivation = {"inputs": row.inputs, "contributions": row.contributions, "shared": shared}
        rows.append(model_to_dict(row, exclude=["id", "computed_at", "scored_inputs", "result"]) | derivation)
        last = row
    narrow = DealScore.objects.filter(pk__in=deal_ids).order_by("pk")
    return rows, [model_to_dict(row, exclude=["computed_at"]) for row in narrow]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="same playbook"),
        pytest.param({"weights": {"budget": 10, "authority": 35}}, id="other weights"),
        pytest.param({"two_anchors": "budget"}, id="other anchors"),
        pytest.param({"meddpicc": {"stale_after_days": 400}}, id="evidence ages later"),
    ],
)
def test_a_whole_book_is_scored_as_one_deal_at_a_time(book, publish, seller, change):
    ids = [one.pk for one in book]
    if change:
        publish(**change)
    start, narrow = LeadScore.objects.count(), list(DealScore.objects.all())
    # Evidence that aged is the nightly sweep's; publishing looks at lights again where the playbook judges them otherwise.
    rescore(act=Act(by=seller, at=LATER), since=LATER, today=LATER_DAY, all_lights="meddpicc" not in change)
    by_arrays = stored(ids)
    added = LeadScore.objects.count() - start

    LeadScore.objects.filter(pk__in=LeadScore.objects.order_by("-pk").values_list("pk", flat=True)[:added]).delete()
    DealScore.objects.bulk_update(narrow, [f.name for f in DealScore._meta.fields if not f.primary_key])
    for one in ids:
        score_deal(act=Act(by=seller, at=LATER), deal_id=one, today=LATER_DAY)
    assert by_arrays == stored(ids)
    assert added > 10


def test_deals_are_judged_again_only_where_something_can_have_moved_them(book, publish, monkeypatch):
    judged: list[int] = []

    def counting(playbook, facts, *rest):
        judged.append(facts.rows)
        return score_bulk(playbook, facts, *rest)

    monkeypatch.setattr("scoring.services.bulk_compute.score_bulk", counting)
    publish({"need": 10, "timeline": 25})
    rescore(act=Act(by=None, at=LATER), since=LATER, today=TODAY)
    assert judged == [30]  # the 25 whose facts changed, and the 5 without a score
    publish(two_anchors="budget")
    rescore(act=Act(by=None, at=LATER), since=LATER + dt.timedelta(days=1), today=TODAY)
    assert judged == [30, 60]


def test_causes_sum_to_the_move(book, publish):
    publish({"need": 10, "timeline": 25})
    rescore(act=Act(by=None, at=LATER), since=LATER, today=LATER_DAY)
    for row in LeadScore.objects.exclude(previous_low=None):
        low, high = (sum((Decimal(part[end]) for part in row.causes.values()), Decimal(0)) for end in (0, 1))
        assert (row.previous_low, row.previous_high) == (row.low - low, row.high - high)


def test_a_second_run_finds_nothing_left(book, publish):
    publish({"need": 10, "timeline": 25})
    since = dt.datetime.now(dt.UTC)
    assert rescore(act=Act(by=None), since=since, today=LATER_DAY) == 60
    count = LeadScore.objects.count()
    assert rescore(act=Act(by=None), since=since, today=LATER_DAY) == 0
    assert LeadScore.objects.count() == count


def test_a_killed_run_goes_on_where_it_stopped(book, publish, monkeypatch):
    def killed(done, total):
        raise KeyboardInterrupt

    publish({"need": 10, "timeline": 25})
    since = dt.datetime.now(dt.UTC)
    monkeypatch.setattr(bulk_work, "CHUNK", {"sqlite": 10, "postgresql": 10})
    with pytest.raises(KeyboardInterrupt):
        rescore(act=Act(by=None), since=since, today=LATER_DAY, progress=killed)
    assert rescore(act=Act(by=None), since=since, today=LATER_DAY) == 50


def test_closed_deals_keep_the_score_they_closed_with(deal, publish):
    made = deal(HOT)
    score_deal(act=Act(by=None, at=NOW), deal_id=made.pk, today=TODAY)
    Deal.objects.filter(pk=made.pk).update(outcome="won", closed_at=NOW)
    publish({"need": 10, "timeline": 25})
    assert rescore(act=Act(by=None, at=LATER), since=LATER, today=TODAY) == 0


def test_old_scores_come_out_the_same_after_a_new_playbook(book, publish):
    publish({"need": 10, "timeline": 25})
    rescore(act=Act(by=None, at=LATER), since=LATER, today=LATER_DAY)
    assert all(recomputed(row).same for row in LeadScore.objects.select_related("playbook_version"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write in between.")
def test_a_deal_somebody_scores_meanwhile_is_theirs(book, publish, monkeypatch):
    publish({"need": 10, "timeline": 25})
    since, compute = dt.datetime.now(dt.UTC), bulk_compute.compute_many

    def and_somebody_else(staged, *args, **kwargs):
        score_deal(act=Act(by=None), deal_id=int(staged.deal_ids[0]), today=LATER_DAY)
        return compute(staged, *args, **kwargs)

    monkeypatch.setattr(bulk_postgres, "compute_many", and_somebody_else)
    rescore(act=Act(by=None), since=since, today=LATER_DAY)
    history = LeadScore.objects.filter(deal_id=book[0].pk, computed_at__gte=since)
    assert history.count() == 1


def test_only_the_deals_given_are_scored(book, publish):
    publish({"need": 10, "timeline": 25})
    ids = [book[3].pk, book[40].pk]
    assert rescore(act=Act(by=None), since=dt.datetime.now(dt.UTC), today=LATER_DAY, deal_ids=ids) == 2
    assert set(DealScore.objects.filter(playbook_number=2).values_list("pk", flat=True)) == set(ids)
