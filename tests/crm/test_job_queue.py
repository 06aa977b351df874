"""The rows behind background work: bursts coalesce, one worker takes a job, nothing is lost and nothing runs for ever."""

from __future__ import annotations

import datetime as dt

import pytest
from celery import current_app
from django.utils import timezone

from crm.models import Job, JobState
from crm.services import jobs

pytestmark = pytest.mark.django_db

TASK = "scoring.tasks.score_deal"


def ask(key: str = "score:1", **args: object) -> Job:
    return jobs.enqueue(TASK, key=key, args=args)


def aged(job: Job, **values: object) -> Job:
    Job.objects.filter(pk=job.pk).update(**values)
    job.refresh_from_db()
    return job


def minutes_ago(minutes: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(minutes=minutes)


def test_a_burst_is_one_job_with_the_latest_arguments() -> None:
    first = ask(by=1)
    assert [ask(by=2).pk, ask(by=3).pk] == [first.pk, first.pk]
    assert Job.objects.get().args == {"by": 3}


def test_a_change_while_it_runs_asks_for_another_run() -> None:
    first = ask()
    jobs.claim(first.pk)
    assert ask().pk != first.pk


def test_a_message_that_comes_twice_runs_once() -> None:
    job = ask()
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None


def test_a_finished_job_is_not_taken_again() -> None:
    job = ask()
    with jobs.running(job.pk) as taken:
        assert taken is not None
    with jobs.running(job.pk) as again:
        assert again is None
    assert Job.objects.get().state == JobState.DONE


def test_one_that_raises_has_failed_and_says_why() -> None:
    job = ask()
    with pytest.raises(ValueError, match="no such deal"), jobs.running(job.pk):
        raise ValueError("no such deal")
    job.refresh_from_db()
    assert (job.state, "no such deal" in job.message) == (JobState.FAILED, True)


def test_the_message_goes_out_once_the_change_is_committed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    sent: list[tuple[str, list[int], str]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, queue, **more: sent.append((name, args, queue)))
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
        ask()
        assert sent == []
    assert sent == [(TASK, [job.pk], "interactive")]


def test_a_broker_that_is_away_costs_a_delay_only(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    aged(job, created_at=minutes_ago(1))
    again: list[int] = []
    assert jobs.sweep(sender=lambda one: again.append(one.pk)) == 1
    assert again == [job.pk]


def test_the_sweep_leaves_what_is_on_its_way() -> None:
    ask("fresh")
    aged(ask("running"), state=JobState.RUNNING, beat_at=timezone.now())
    aged(ask("done"), state=JobState.DONE, created_at=minutes_ago(60))
    assert jobs.sweep(sender=lambda one: None) == 0


def test_a_job_whose_worker_died_goes_to_another_until_it_is_given_up() -> None:
    job = aged(ask(), state=JobState.RUNNING, beat_at=minutes_ago(5), attempts=jobs.MAX_ATTEMPTS - 1)
    assert jobs.sweep(sender=lambda one: None) == 1
    assert jobs.claim(job.pk) is not None
    aged(job, beat_at=minutes_ago(5))
    assert jobs.sweep(sender=lambda one: None) == 0
    job.refresh_from_db()
    assert (job.state, "Given up" in job.message) == (JobState.FAILED, True)


def test_progress_is_a_sign_of_life() -> None:
    job = aged(ask(), state=JobState.RUNNING, beat_at=minutes_ago(5))
    jobs.progress(job, done=3, total=9)
    job.refresh_from_db()
    assert (job.done, job.total) == (3, 9)
    assert jobs.sweep(sender=lambda one: None) == 0
