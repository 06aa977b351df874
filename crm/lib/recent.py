"""The records somebody looked at last, in a cookie of theirs: no page waits for a write. It only names kinds and ids; whoever
shows them asks again what the person may see."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm.registry.finding import record_doors

COOKIE = "recent"
MOST = 12
AGE = 60 * 24 * 3600  # seconds
ITEM = re.compile(r"([a-z]{1,20})\.([1-9]\d{0,17})")


def recent(request: HttpRequest) -> list[tuple[str, int]]:
    """Kinds and ids, the last one first; nothing where the cookie is another person's, or nobody's."""
    owner, _, items = request.COOKIES.get(COOKIE, "").partition("_")
    if not request.user.is_authenticated or owner != str(request.user.pk):
        return []
    return [(kind, int(pk)) for kind, pk in ITEM.findall(items[:400]) if kind in record_doors][:MOST]


def visited(request: HttpRequest) -> tuple[str, int] | None:
    """The record whose page was asked for, as a page of its own."""
    match = request.resolver_match
    if match is None:
        return None
    for door in record_doors:
        if match.view_name == door.page:
            return door.key, match.kwargs[door.argument]
    return None


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Notes a record whose page was answered. The same one again changes nothing."""
    if request.method != "GET" or response.status_code != 200 or not request.user.is_authenticated:
        return
    at = visited(request)
    known = recent(request)
    if at is None or known[:1] == [at]:
        return
    items = [at, *(item for item in known if item != at)][:MOST]
    value = f"{request.user.pk}_{'-'.join(f'{kind}.{pk}' for kind, pk in items)}"
    response.set_cookie(
        COOKIE, value, max_age=AGE, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )
