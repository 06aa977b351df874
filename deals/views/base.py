"""What every page of a deal does first: find the deal as this person may see it; and how it answers: bare to htmx,
within the deal's page to a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Literal, TypeVar

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crm.lib.views import Request, act, bare, saved
from crm.lib.views import attempt as told
from deals.models import Deal
from deals.queries.detail import HEAD, Sight, see

Needs = Literal["seen", "detailed", "editable"]
Result = TypeVar("Result")

__all__ = ["Request", "act", "attempt", "bare", "deal_url", "deal_view", "done", "show"]


DealView = Callable[..., HttpResponse]
"""Takes the request, the Sight, and what else its address names."""


def deal_view(
    *parts: str,
    needs: Needs = "detailed",
    methods: tuple[str, ...] = ("GET", "HEAD"),
    related: tuple[str, ...] = HEAD,
) -> Callable[[DealView], Callable[..., HttpResponse]]:
    """A view of one deal: `deal_id` of the address becomes the Sight, `parts` prefetched and `related` joined.

    Not seen, or seen by name only where details are needed: 404. Seen but not to be changed: 403, for every method of
    a view that needs "editable", and for writes everywhere.
    """

    def wrap(view: DealView) -> Callable[..., HttpResponse]:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, deal_id: int, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            try:
                sight = see(asked.user, deal_id, *parts, related=related)
            except Deal.DoesNotExist:
                raise Http404("There is no such deal, or it is not yours to see.") from None
            if needs == "detailed" and not sight.detailed:
                raise Http404("This part of the deal is not yours to see.")
            if (needs == "editable" or request.method == "POST") and not sight.editable:
                raise PermissionDenied("You can see this deal but not change it. Ask its owner or their manager.")
            return view(asked, sight, **kwargs)

        return answer

    return wrap


def show(
    request: Request,
    sight: Sight,
    part: str,
    context: Mapping[str, Any],
    *,
    title: str,
    status: int = 200,
    dialog: bool = False,
) -> HttpResponse:
    """`part` (a template of partials/) bare to htmx, else within a page of its own under the deal's name."""
    values = {
        "deal": sight.deal,
        "sight": sight,
        "part": part,
        "title": title,
        "deal_url": deal_url(sight.deal),
        **context,
    }
    if bare(request):
        values["in_dialog"] = dialog
        return render(request, "deals/deal_dialog.html" if dialog else part, values, status=status)
    return render(request, "deals/deal_part.html", values, status=status)


def done(request: Request, deal: Deal, said: str, *, to: str | None = None) -> HttpResponse:
    """After a write: htmx closes its dialog and tells the page's panels; a browser goes back to the deal."""
    return saved(request, said, changed="deal-changed", to=to or deal_url(deal))


def deal_url(deal: Deal) -> str:
    return reverse("deals:deal-detail", args=[deal.pk])


def attempt(form: forms.Form, do: Callable[[], Result]) -> tuple[Result | None, int]:
    """`crm.lib.views.attempt`, but an EditConflict goes on to the caller, who knows how to show both versions."""
    return told(form, do, conflicts=False)
