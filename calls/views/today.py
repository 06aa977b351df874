"""The calls of somebody's day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from calls.queries.today import due
from crm.lib.views import allowed, person, today_panel
from crm.rules import access

TITLE = "Which calls are next?"


@require_safe
@allowed(access.works_own_deals)
def today_calls(request: HttpRequest) -> HttpResponse:
    rows, more = due(person(request), timezone.now())
    return today_panel(request, "calls/partials/today_calls.html", "calls", TITLE, {"rows": rows, "more": more})
