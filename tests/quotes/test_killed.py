"""A worker process that is killed with an approval in its hands, on PostgreSQL and Redis: nothing is lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.models import Job, JobState, Notification
from crm.services import jobs
from crm.services.audit import Act
from quotes.models import Approval, Step
from quotes.services.submissions import submit
from tests.factories import make_quote
from tests.quotes.conftest import BOTH

REDIS = os.environ.get("REDIS_URL", "")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (REDIS and connection.vendor == "postgresql"), reason="needs PostgreSQL and Redis"),
]
LONGEST = 60.0
ROOT = Path(__file__).parents[2]


@contextmanager
def worker(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as production runs it, at the test's database; killed at the end if nobody did before."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    environment = os.environ | {
        "DATABASE_URL": f"{base}/{settings.DATABASES['default']['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HANGS_AT": str(folder / "hangs"),
    }
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-Q", "interactive", *options]
    command += ["--pool", "solo", "--without-mingle", "--without-gossip", "--loglevel", "ERROR"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_nothing_is_lost_and_nothing_is_done_twice(deal, rae, vik, tmp_path):
    submit(act=Act(by=rae), quote_id=make_quote(deal, **BOTH).pk)
    job = Job.objects.get(task="quotes.tasks.compute_chain")
    broker = Celery(broker=REDIS)

    def send(one: Job) -> None:
        if one.pk == job.pk:
            broker.send_task(one.task, args=[one.pk], queue=one.queue, ignore_result=True)

    send(job)
    with worker(tmp_path, "--include", "tests.quotes.hanging") as first:
        wait_for((tmp_path / "hangs").exists)
        first.kill()
    job.refresh_from_db()
    assert (job.state, Approval.objects.get().state, Step.objects.count()) == (JobState.RUNNING, "computing", 0)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    jobs.sweep(sender=send)
    for _ in range(3):
        send(job)  # a broker may deliver a message more than once
    with worker(tmp_path):
        wait_for(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE)
        with broker.connection_for_read() as link:
            wait_for(lambda: link.default_channel.client.llen("interactive") == 0)  # type: ignore[attr-defined] # of Redis
    assert (Approval.objects.get().state, Step.objects.count()) == ("open", 2)
    assert Notification.objects.filter(to=vik).count() == 1
