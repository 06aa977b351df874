"""The least a worker can be asked for."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

DONE = "bench:done"


@shared_task(queue="interactive")
def nothing() -> None:
    """Says only that it ran."""
    try:
        cache.incr(DONE)
    except ValueError:
        cache.add(DONE, 0)
        cache.incr(DONE)


def done() -> int:
    return int(cache.get(DONE) or 0)


def forget() -> None:
    cache.set(DONE, 0)
