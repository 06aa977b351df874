"""The panel of Today that tells what changed: the first table of the report of changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.lib.views import allowed, person, today_panel
from crm.rules import access
from deals.queries.standing import MANY, standing
from reports.forms import asked
from reports.kinds import report_kinds
from reports.queries.changes import Overview, overview
from reports.rules.charts import drawn
from reports.rules.svg_charts import svg

LARGE = 1_000
"""From so many changed deals on, or `MANY` open ones, what was worked out stands for a while."""


@allowed(access.reads_a_pipeline)
def changed(request: HttpRequest) -> HttpResponse:
    """What changed the open pipeline since last Monday, in steps that sum exactly. A large company's stands for some minutes, and
    says since when; `anew` works it out now."""
    who, now = person(request), timezone.now()
    wanted, _ = asked(who, {}, asks=(), now=now)
    name = f"changes:{wanted.as_of}:{wanted.number}"
    anew = bool(request.GET.get("anew"))
    kept = standing(name, who, now, lambda: overview(wanted), _is_large, anew=anew)
    made = kept.found
    context = {
        "kind": report_kinds.get("changes"),
        "made": made,
        "kept": kept,
        "table": made.report.table("steps"),
        "drawing": svg(drawn(made.report, made.report.charts[0])) if made.took else "",
        "query": wanted.query(since=made.span.since),
    }
    return today_panel(
        request, "reports/partials/today_changes.html", "changes", "What changed since last Monday?", context
    )


def _is_large(made: Overview) -> bool:
    return made.took >= LARGE or max(made.found.counts) >= MANY
