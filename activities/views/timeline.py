"""The timeline of an account or a contact."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse

from activities.queries.subjects import Subject
from activities.queries.timeline import filters, timeline
from activities.views.base import Request, record_view, show
from deals.views.timeline import timeline_part


@record_view()
def record_timeline(request: Request, subject: Subject) -> HttpResponse:
    """All of it, or of one kind (?kind=), from a moment back (?before=)."""
    here = reverse("activities:record-timeline", args=[subject.kind, subject.pk])
    part, context = timeline_part(request, here, filters(subject), partial(timeline, request.user, subject))
    return show(request, subject, part, context, title="Timeline", dialog=False)
