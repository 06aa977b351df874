"""A deal's own page: its head, its stages, and the shells of its panels."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deals.queries.detail import Sight, head, head_token
from deals.views.base import Request, deal_view


@deal_view(needs="seen")
def deal_detail(request: Request, sight: Sight) -> HttpResponse:
    found = head(sight, timezone.now().date())
    return render(request, "deals/deal_detail.html", {"deal": sight.deal, "sight": sight, "head": found})


@deal_view(needs="seen")
def deal_head(request: Request, sight: Sight) -> HttpResponse:
    """The head alone, for a page that keeps itself up to date; 204 while it would look the same."""
    if request.GET.get("token") == head_token(sight.deal):
        return HttpResponse(status=204)
    found = head(sight, timezone.now().date())
    return render(request, "deals/partials/deal_head.html", {"deal": sight.deal, "sight": sight, "head": found})
