"""A failed job is run again by operations, once however often it is asked."""

from __future__ import annotations

import pytest

from crm.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(playbook):
    return Job.objects.create(
        task="scoring.tasks.score_deal", key="score:7", args={"deal_id": 7}, queue="bulk", state=JobState.FAILED
    )


def test_pressed_twice_it_runs_once_more(otto, sign_in, failed):
    client = sign_in(otto)
    assert "Run again" in client.get(f"/jobs/{failed.pk}/").content.decode()
    first, second = (client.post(f"/jobs/{failed.pk}/again/") for _ in range(2))
    again = Job.objects.exclude(pk=failed.pk).get()
    assert first["Location"] == second["Location"] == f"/jobs/{again.pk}/"
    assert (again.task, again.key, again.args, again.queue, again.created_by) == (
        failed.task,
        failed.key,
        failed.args,
        failed.queue,
        otto,
    )


def test_what_failed_again_is_asked_for_again(otto, sign_in, failed):
    client = sign_in(otto)
    client.post(f"/jobs/{failed.pk}/again/")
    Job.objects.exclude(pk=failed.pk).update(state=JobState.FAILED)
    client.post(f"/jobs/{failed.pk}/again/")
    assert Job.objects.count() == 3


def test_what_is_done_is_left_alone(otto, sign_in, failed):
    Job.objects.update(state=JobState.DONE)
    client = sign_in(otto)
    assert "Run again" not in client.get(f"/jobs/{failed.pk}/").content.decode()
    assert client.post(f"/jobs/{failed.pk}/again/")["Location"] == f"/jobs/{failed.pk}/"
    assert Job.objects.count() == 1
