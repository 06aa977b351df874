"""/healthz and /readyz, over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(settings):
    """Both workers seen just now."""
    for queue in settings.WORKER_QUEUES:
        Heartbeat.objects.create(name=queue, seen_at=timezone.now())


def test_alive_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.usefixtures("seen")
def test_ready_when_database_broker_and_workers_are_there(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert set(answer.json()["parts"].values()) == {"Ready."}


def test_not_ready_before_a_worker_was_seen(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker bulk"] == "No worker for the bulk queue has been seen yet."


@pytest.mark.usefixtures("seen")
def test_not_ready_once_a_worker_is_silent(client):
    Heartbeat.objects.filter(name="bulk").update(seen_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "was last seen at" in answer.json()["parts"]["worker bulk"]
    assert answer.json()["parts"]["worker interactive"] == "Ready."


@pytest.mark.usefixtures("seen")
def test_not_ready_without_a_broker(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = "filesystem://folder"
    settings.BROKER_DIR = tmp_path / "gone"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "The broker can't be reached" in answer.json()["parts"]["broker"]


def test_health_is_only_read(client):
    assert client.post("/readyz").status_code == 405
