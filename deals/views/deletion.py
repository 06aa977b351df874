"""Deleting a deal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from crm.models.bin import KEPT_DAYS
from deals.queries.detail import Sight
from deals.services.deletion import delete_deal
from deals.views.base import Request, act, bare, deal_view, show


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def deal_delete(request: Request, sight: Sight) -> HttpResponse:
    """Asks, then puts the deal into the bin and goes back to the list."""
    deal = sight.deal
    if request.method != "POST":
        context = {"as_form": True, "kept_days": KEPT_DAYS}
        return show(request, sight, "deals/partials/delete_form.html", context, title="Delete this deal?", dialog=True)
    delete_deal(act=act(request), deal_id=deal.pk)
    messages.success(request, f"{deal.name} is deleted. It stays in the bin for {KEPT_DAYS} days.")
    to = reverse("deals:deal-list")
    return HttpResponse(status=204, headers={"HX-Redirect": to}) if bare(request) else HttpResponseRedirect(to)
