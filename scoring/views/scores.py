"""A score on a page of its own: the whole derivation, how it came to be over time, and each score as it was."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.models import Person
from deals.models import Deal
from deals.queries.detail import Sight, see
from deals.views.base import Request, deal_view
from scoring.forms import WhatIfForm
from scoring.models import LeadScore
from scoring.queries import panels, whatif
from scoring.queries.charts import chart
from scoring.queries.derivations import derivation, derivation_now
from scoring.queries.scores import CAUSE_LABELS, history, shares, stored


@deal_view()
def score_detail(request: Request, sight: Sight) -> HttpResponse:
    """Why the deal's score is what it is, in full. `?budget=5&...` adds what it would be with other scores."""
    deal = sight.deal
    moves, today = history(deal.pk), timezone.now().date()
    context = {
        "deal": deal,
        "sight": sight,
        "shown": panels.score_panel(deal, today, panels.computing(deal)),
        "derived": derivation_now(deal, moves[0].row, today) if moves else None,
        "moves": moves,
        "ranges": any(not share.same for move in moves for share in move.shares),
        "chart": chart(moves),
        "plotly": static(settings.PLOTLY_JS_PATH),
    }
    if moves:
        bant = whatif.bant_of(moves[0].row)
        form = WhatIfForm(
            request.GET if whatif.asked(bant, request.GET) else None, bant=bant, initial=whatif.now(moves[0].row)
        )
        context |= {"form": form, "supposed": whatif.score_of(bant, form.cleaned_data) if form.is_valid() else None}
    return render(request, "scoring/score_detail.html", context)


@login_required
@require_safe
def score_version(request: HttpRequest, score_id: int) -> HttpResponse:
    """One stored score as it was computed on its day, and computed again now to show that it comes out the same."""
    row = _seen_in_detail(request, score_id)
    context = {
        "deal": row.deal,
        "row": row,
        "derived": derivation(row),
        "shares": shares(row.causes),
        "cause_label": CAUSE_LABELS.get(row.cause, row.cause),
    }
    return render(request, "scoring/score_version.html", context)


def _seen_in_detail(request: HttpRequest, score_id: int) -> LeadScore:
    assert isinstance(request.user, Person)
    try:
        row = stored().with_derivation().select_related("deal__account").get(pk=score_id)
        if see(request.user, row.deal_id).detailed:
            return row
    except (LeadScore.DoesNotExist, Deal.DoesNotExist):
        pass
    raise Http404("There is no such score, or it is not yours to see.")
