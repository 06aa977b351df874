"""A call as a file for a calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from calls.queries.calendar import file_of
from calls.views.base import Request, Seen, call_view


@call_view()
def call_calendar(request: Request, seen: Seen) -> HttpResponse:
    """The event, or that it is called off; opened again after a change it replaces the one there was."""
    page = request.build_absolute_uri(reverse("calls:call-detail", args=[seen.call.pk]))
    answer = HttpResponse(file_of(seen.call, page), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="call-{seen.call.pk}.ics"'
    answer["Cache-Control"] = "private, no-cache"
    return answer
