"""How often one person may ask: generous for scripts, a brake on a loop gone wrong.

A count per minute in the cache, not a list of times: the thousandth request of a minute costs what the first does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, by its settings

WINDOW = 60
"""Seconds. Rates are requests per minute and process (per cluster where the cache is Redis)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class PersonThrottle(BaseThrottle):
    """Reads and writes are counted apart, so that a polling dashboard never keeps a write out."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        kind = "read" if request.method in SAFE else "write"
        limit = (api_settings.DEFAULT_THROTTLE_RATES or {}).get(kind)
        if limit is None:
            return True
        self._now = time.time()
        key = f"api-{kind}-{request.user.pk or self.get_ident(request)}-{int(self._now // WINDOW)}"
        return _count(key) <= int(limit)

    def wait(self) -> float:
        return WINDOW - self._now % WINDOW


def _count(key: str) -> int:
    """One more. Counted up first: all but the first request of a minute then ask the cache once."""
    try:
        return int(cache.incr(key))
    except ValueError:  # the first of this minute
        if cache.add(key, 1, timeout=2 * WINDOW):
            return 1
    try:
        return int(cache.incr(key))  # another was first
    except ValueError:  # the cache dropped it in this instant
        return 1
