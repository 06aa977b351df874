"""The timeline of an account or a contact."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from activities.queries.subjects import Subject
from activities.queries.timeline import filters, timeline
from activities.views.base import Request, record_view, show
from crm.lib.views import bare
from deals.queries.timeline import filters_shown, moment, older_url


@record_view()
def record_timeline(request: Request, subject: Subject) -> HttpResponse:
    """All of it, or of one kind (?kind=), from a moment back (?before=)."""
    known = filters(subject)
    kind = request.GET.get("kind", "")
    kind = kind if kind in known else ""
    before = moment(request.GET.get("before", ""))
    shown = timeline(request.user, subject, kind, before)
    here = reverse("activities:record-timeline", args=[subject.kind, subject.pk])
    context = {
        "here": here,
        "timeline": shown,
        "kind": kind,
        "before": before,
        "filters": filters_shown(here, known),
        "older_url": older_url(here, kind, shown),
    }
    more = bare(request) and before is not None
    part = "components/timeline_entries.html" if more else "components/timeline_panel.html"
    return show(request, subject, part, context, title="Timeline", dialog=False)
