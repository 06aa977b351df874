"""What beat asks for, and by which app it is asked."""

from threading import Thread

import pytest
from celery import current_app

from config import tasks
from config.celery import app
from crm.models import Heartbeat, Job


def test_every_entry_of_the_schedule_names_a_task_that_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_every_thread_of_the_web_server_sends_through_our_app():
    seen = []
    thread = Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()
    assert seen == ["quarterdeck"]


@pytest.mark.django_db
def test_a_heartbeat_keeps_one_row_per_queue():
    tasks.heartbeat("bulk")
    tasks.heartbeat("bulk")
    assert Heartbeat.objects.filter(name="bulk").count() == 1


@pytest.mark.django_db
def test_the_sweep_sends_what_was_never_sent(monkeypatch):
    sent = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, *args, **options: sent.append(name))
    job = Job.objects.create(task="scoring.tasks.score_deal", key="score:1")
    Job.objects.update(created_at=job.created_at.replace(year=job.created_at.year - 1))
    tasks.sweep_jobs()
    assert sent == ["scoring.tasks.score_deal"]
