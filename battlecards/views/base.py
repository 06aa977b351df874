"""What every page of a card does first: find the card as this person may read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from battlecards.models import Card
from crm.lib.errors import NotAllowed
from crm.lib.views import Request, act, bare, number
from crm.rules import access
from deals.models import Deal

__all__ = ["Request", "act", "bare", "card_view", "deal_asked", "edits"]

View = Callable[..., HttpResponse]
BESIDE = ("competitor", "current", "current__published_by", "current__submitted_by")


def card_view(
    *, editable: bool = False, methods: tuple[str, ...] = ("GET", "HEAD"), related: tuple[str, ...] = BESIDE
) -> Callable[[View], View]:
    """A view of one card: `slug` of the address becomes the Card. Not readable: 404. `editable`: 403 for those who only read."""

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            card = Card.objects.visible_to(asked.user).select_related(*related).filter(slug=slug).first()
            if card is None:
                raise Http404("There is no such card, or nothing of it is published.")
            if editable and not edits(asked):
                raise PermissionDenied("You can read this card but not change it. Suggest a change to enablement.")
            try:
                return view(asked, card, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def edits(request: Request) -> bool:
    return access.may_edit_cards(request.user.roles)


def deal_asked(request: Request) -> Deal | None:
    """The deal a card was opened from (?deal=), where somebody sees it in full. Any other is left out: the card is the same without."""
    pk = number(request.POST.get("deal") or request.GET.get("deal"))
    if not pk:
        return None
    found: Deal | None = Deal.objects.detailed_to(request.user).select_related("account").filter(pk=pk).first()
    return found
