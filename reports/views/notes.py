"""The notes behind wins and losses, searched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import allowed, person
from crm.rules import access
from reports.forms import asked
from reports.kinds import report_kinds
from reports.queries.outcome_notes import notes
from reports.rules.exporting import basis
from reports.rules.marking import marked, words_of

SORTS = keyset.both_ways(Sort("closed", "Closed", ("close_sort",)))


@require_safe
@allowed(access.works_deals)
def outcome_notes(request: HttpRequest) -> HttpResponse:
    kind = report_kinds.get("wins")
    wanted, form = asked(person(request), request.GET, asks=("q", *kind.asks))
    page = keyset.page(notes(wanted), SORTS, request.GET, default="-closed", size=25, noun="notes")
    words = words_of(wanted.text("q"))
    context = {
        "form": form,
        "page": page,
        "lines": [(deal, tuple(marked(deal.outcome_note, words))) for deal in page.rows],
        "query": wanted.query(),
        "back": wanted.query(q=None),
        "words": " ".join(words),
        "basis": basis(wanted.stated()),
    }
    return render(request, "reports/outcome_notes.html", context)
