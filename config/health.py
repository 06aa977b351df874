"""Is this process alive, and can it do its work? Asked by load balancers and container engines, without signing in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app as celery_app
from crm.models import Heartbeat

SEEN_LATELY = timedelta(seconds=60)
"""How old a worker's last sign of life may be: several of beat's rounds, so that one busy moment doesn't count."""


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer "ok" from the process alone; a broken database must not get the process restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 where database, broker and workers are there, else 503; either way one sentence per part."""
    database_problem = _database_problem()
    parts = {"database": database_problem, "broker": _broker_problem()}
    for queue in settings.WORKER_QUEUES:
        parts[f"worker {queue}"] = database_problem or _worker_problem(queue)
    is_ready = not any(parts.values())
    answer = {"ready": is_ready, "parts": {name: problem or "Ready." for name, problem in parts.items()}}
    return JsonResponse(answer, status=200 if is_ready else 503)


def _database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database doesn't answer."
    return ""


def _broker_problem() -> str:
    try:
        if settings.CELERY_BROKER_URL.startswith("filesystem:"):
            _touch_broker_folder()
        elif settings.CELERY_BROKER_URL.startswith("redis"):
            cache.get("readiness")  # the cache is the same Redis
        else:
            with celery_app.connection_for_write() as broker:
                broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # noqa: BLE001 - every transport has errors of its own; all of them mean "not there"
        return "The broker can't be reached, so work is written down but not started."
    return ""


def _touch_broker_folder() -> None:
    probe = Path(settings.BROKER_DIR) / "control" / "readiness"
    probe.touch()


def _worker_problem(queue: str) -> str:
    try:
        seen_at = Heartbeat.objects.filter(name=queue).values_list("seen_at", flat=True).first()
    except DatabaseError:
        return "The database has no tables yet. Run: manage.py migrate"
    if seen_at is None:
        return f"No worker for the {queue} queue has been seen yet."
    if timezone.now() - seen_at > SEEN_LATELY:
        return f"The worker for the {queue} queue was last seen at {seen_at:%H:%M:%S} UTC."
    return ""
