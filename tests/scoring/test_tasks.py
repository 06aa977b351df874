"""The scoring worker: one run per burst, nothing twice, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.models import Job, JobState
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal, DealScore, MeddpiccElement, Strength
from deals.services.bant import set_facts
from scoring import tasks
from scoring.models import LeadScore
from scoring.services import nightly
from tests.scoring.conftest import HOT, NOW, TODAY


@pytest.fixture
def job(deal):
    """A waiting job for the score of a hot deal."""
    made = deal(HOT)
    return jobs.enqueue("scoring.tasks.score_deal", key=f"score:{made.pk}", args={"deal_id": made.pk, "by": None})


def test_a_burst_of_changes_is_one_job(deal, seller):
    made = deal()
    for amount in ("100000.00", "300000.00", "2000000.00"):
        set_facts(act=Act(by=seller), deal_id=made.pk, facts={"budget_amount": amount})
    assert Job.objects.filter(key=f"score:{made.pk}", state=JobState.QUEUED).count() == 1


def test_a_change_names_who_made_it(deal, seller):
    made = deal()
    set_facts(act=Act(by=seller), deal_id=made.pk, facts={"sponsor_level": "ceo_cio"})
    tasks.score_deal(Job.objects.get().pk)
    assert LeadScore.objects.get().caused_by == seller


def test_a_duplicate_message_decides_nothing_twice(job):
    tasks.score_deal(job.pk)
    row = DealScore.objects.get()
    tasks.score_deal(job.pk)
    assert LeadScore.objects.count() == 1
    assert DealScore.objects.get().computed_at == row.computed_at


def test_a_killed_workers_job_is_taken_again(job):
    jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    sent: list[Job] = []
    jobs.sweep(sender=sent.append)
    tasks.score_deal(sent[0].pk)
    assert Job.objects.get().state == JobState.DONE
    assert LeadScore.objects.count() == 1


def test_a_job_somebody_else_has_is_left_alone(job):
    jobs.claim(job.pk)
    tasks.score_deal(job.pk)
    assert not LeadScore.objects.exists()


def test_a_deleted_deal_needs_no_score(job):
    Deal.objects.all().delete()
    tasks.score_deal(job.pk)
    assert Job.objects.get().state == JobState.DONE


def test_an_accounts_open_deals_are_scored(deal):
    made = deal(HOT, {"vm_count": 600})
    tasks.score_account_deals(
        jobs.enqueue("scoring.tasks.score_account_deals", key="a", args={"account_id": made.account_id, "by": None}).pk
    )
    assert DealScore.objects.get().computed_at is not None
    assert Job.objects.get().done == 1


def test_many_deals_of_an_account_are_scored_by_arrays(deal, monkeypatch):
    monkeypatch.setattr(tasks, "BY_ARRAYS", 1)
    monkeypatch.setattr(tasks, "_score", lambda *args: pytest.fail("one by one"))
    made = deal(HOT)
    tasks.score_account_deals(
        jobs.enqueue("scoring.tasks.score_account_deals", key="a", args={"account_id": made.account_id, "by": None}).pk
    )
    assert LeadScore.objects.get().deal == made


def test_publishing_rescores_every_open_deal_and_tells_how_far_it_is(deal, publish):
    deal(HOT), deal(HOT)
    number = publish({"budget": 10, "authority": 35})
    tasks.rescore_all(jobs.enqueue("scoring.tasks.rescore_all", key="rescore", args={"by": None}, queue="bulk").pk)
    assert set(DealScore.objects.values_list("playbook_number", flat=True)) == {number}
    found = Job.objects.get(key="rescore")
    assert (found.state, found.done, found.total) == (JobState.DONE, 2, 2)
    risks = Job.objects.get(key="risks", state=JobState.QUEUED)
    tasks.judge_risks(risks.pk)
    risks.refresh_from_db()
    assert (risks.state, risks.done, risks.total) == (JobState.DONE, 2, 2)


def test_the_calendar_is_asked_once_a_day(db):
    tasks.plan_dates()
    tasks.plan_dates()
    assert Job.objects.filter(task=tasks.DATES_TASK).count() == 1


def test_the_first_sweep_looks_at_every_open_deal(deal):
    deal(HOT)
    tasks.plan_dates()
    tasks.nightly_dates(Job.objects.get().pk)
    assert LeadScore.objects.count() == 1


def test_a_later_sweep_starts_from_the_last_one(db, monkeypatch):
    tasks.plan_dates()
    Job.objects.update(state=JobState.DONE, key="dates:2026-01-01")
    tasks.plan_dates()
    assert Job.objects.get(state=JobState.QUEUED).args == {"since": "2026-01-01"}


@pytest.mark.parametrize(
    "date, seen",
    [
        pytest.param("2026-06-16", True, id="passed in between"),
        pytest.param("2026-12-16", True, id="came within six months"),
        pytest.param("2027-06-16", True, id="came within twelve months"),
        pytest.param("2026-09-01", False, id="well within"),
        pytest.param("2029-09-01", False, id="far away"),
    ],
)
def test_only_deals_whose_date_passed_a_bound_are_looked_at(deal, date, seen):
    made = deal({**HOT, "decision_date": date})
    assert nightly.affected(TODAY, TODAY + dt.timedelta(days=2)) == ([made.pk] if seen else [])


def test_an_accounts_date_counts_as_well(deal):
    made = deal({}, {"decision_date": "2026-06-16"})
    assert nightly.affected(TODAY, TODAY + dt.timedelta(days=2)) == [made.pk]


def test_evidence_that_grew_old_is_looked_at(deal):
    made = deal(HOT)
    confirmed = TODAY - dt.timedelta(days=60)
    MeddpiccElement.objects.create(deal=made, element="champion", strength=Strength.CONFIRMED, confirmed_date=confirmed)
    assert nightly.affected(TODAY, TODAY + dt.timedelta(days=2)) == [made.pk]


def test_closed_deals_are_left_alone(deal):
    deal({**HOT, "decision_date": "2026-06-16"})
    Deal.objects.update(outcome="won", closed_at=NOW)
    assert nightly.affected(TODAY, TODAY + dt.timedelta(days=2)) == []
