"""The scoring worker. Each task takes the id of a job row, may be killed at any point, and may be run twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from celery import shared_task
from django.utils import timezone

from crm.models import Job, JobState, Person, Route
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal
from deals.services import risks
from scoring.services import bulk, nightly
from scoring.services.lead_scores import score_deal as score_one
from scoring.services.telling import tell_of_classes

RISKS_TASK = "scoring.tasks.judge_risks"
DATES_TASK = "scoring.tasks.nightly_dates"
BY_ARRAYS = 200
"""From so many deals on they are scored by arrays instead of one by one."""


def _act(job: Job) -> Act:
    """Who caused it: the last of those whose changes this job covers."""
    by = Person.objects.filter(pk=job.args.get("by") or job.created_by_id or 0).first()
    return Act(by=by, route=Route.WORKER)


@shared_task(name="scoring.tasks.score_deal")
def score_deal(job_id: int) -> None:
    """One deal after a change. `args`: deal_id, by."""
    with jobs.running(job_id) as job:
        if job is not None:
            _score([job.args["deal_id"]], _act(job))


@shared_task(name="scoring.tasks.score_account_deals")
def score_account_deals(job_id: int) -> None:
    """The open deals of an account whose facts or segment changed. `args`: account_id, by."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        deals = Deal.objects.open().filter(account_id=job.args["account_id"]).order_by("pk")
        _score_some(list(deals.values_list("pk", flat=True)), _act(job), job)


@shared_task(name="scoring.tasks.score_accounts_deals")
def score_accounts_deals(job_id: int) -> None:
    """The open deals of accounts that were changed together. `args`: account_ids, by."""
    with jobs.running(job_id) as job:
        if job is not None:
            deals = Deal.objects.open().filter(account__in=job.args["account_ids"]).order_by("pk")
            _score_some(list(deals.values_list("pk", flat=True)), _act(job), job)


@shared_task(name="scoring.tasks.score_deals")
def score_deals(job_id: int) -> None:
    """Deals that were changed together. `args`: deal_ids, by."""
    with jobs.running(job_id) as job:
        if job is not None:
            open_ones = Deal.objects.open().filter(pk__in=job.args["deal_ids"]).order_by("pk")
            _score_some(list(open_ones.values_list("pk", flat=True)), _act(job), job)


@shared_task(name="scoring.tasks.rescore_all")
def rescore_all(job_id: int) -> None:
    """Every open deal under the playbook in force, after one is published. `args`: by."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        act = _act(job)
        bulk.rescore(act=act, since=job.created_at, progress=jobs.teller(job))
        tell_of_classes(act, job.created_at)
        _ask_for_risks(act.by)


@shared_task(name="scoring.tasks.judge_risks")
def judge_risks(job_id: int) -> None:
    """Which open deals are at risk, all of them: after a playbook is published, and every night, since days count."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        now, total, done = timezone.now(), Deal.objects.open().count(), 0
        for judged in risks.judge_all(now=now, today=now.date()):
            done += judged
            jobs.progress(job, done=done, total=max(total, done))


def _ask_for_risks(by: Person | None) -> None:
    jobs.enqueue(RISKS_TASK, key="risks", queue="bulk", label="Deals at risk", by=by)


@shared_task(name="scoring.tasks.nightly_dates")
def nightly_dates(job_id: int) -> None:
    """What the calendar moved since the sweep before. `args`: since (a date, or null: look at every open deal)."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        act, today = Act(by=None, route=Route.WORKER), timezone.now().date()
        since = job.args.get("since")
        if since:
            _score_some(nightly.affected(dt.date.fromisoformat(since), today), act, job)
        else:
            _score_by_arrays(None, act, job)
        _ask_for_risks(None)


@shared_task(name="scoring.tasks.plan_dates")
def plan_dates() -> None:
    """Asks for today's sweep once; beat calls often, so that a machine that slept at midnight catches up."""
    today = timezone.now().date()
    key = f"dates:{today.isoformat()}"
    if Job.objects.filter(key=key).exists():
        return
    last = Job.objects.filter(task=DATES_TASK, state=JobState.DONE).order_by("-pk").first()
    since = last.key.removeprefix("dates:") if last else None
    jobs.enqueue(DATES_TASK, key=key, args={"since": since}, queue="bulk", label="Scores and evidence by the calendar")


def _score_some(deal_ids: list[int], act: Act, job: Job) -> None:
    if len(deal_ids) < BY_ARRAYS:
        _score(deal_ids, act, job)
    else:
        _score_by_arrays(deal_ids, act, job)


def _score_by_arrays(deal_ids: list[int] | None, act: Act, job: Job) -> None:
    """Those deals, or every open one, lights included."""
    bulk.rescore(
        act=act,
        since=job.created_at,
        deal_ids=deal_ids,
        all_lights=True,
        progress=jobs.teller(job),
    )
    tell_of_classes(act, job.created_at)


def _score(deal_ids: Iterable[int], act: Act, job: Job | None = None) -> None:
    """Deals one by one, each in its own transaction. One that was deleted meanwhile needs no score."""
    todo = list(deal_ids)
    for done, deal_id in enumerate(todo, start=1):
        try:
            score_one(act=act, deal_id=deal_id)
        except Deal.DoesNotExist:
            continue
        # Rules for risks may look at the new score.
        risks.judge(deal_ids=[deal_id], now=act.now, today=act.now.date())
        if job is not None and (done % 50 == 0 or done == len(todo)):
            jobs.progress(job, done=done, total=len(todo))
