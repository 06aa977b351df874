"""What every page of a draft does first: find it, for an editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from battlecards.models import Card, Draft
from battlecards.rules.states import State
from battlecards.views.base import Request
from crm.lib.errors import NotAllowed
from crm.rules import access

View = Callable[..., HttpResponse]
BESIDE = ("card", "card__competitor", "card__current", "base", "created_by", "submitted_by", "decided_by", "published")


def draft_view(*, writing: bool = False, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A view of one draft: `draft_id` of the address becomes the Draft. No role: 404; whoever does not edit cards: 403. `writing`: where it
    is not being written any more, a page says what became of it."""

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, draft_id: int, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            if not access.reads_cards(asked.user.roles):
                raise Http404("There is nothing here for you yet.")
            if not access.may_edit_cards(asked.user.roles):
                raise PermissionDenied("Drafts are for those who write battle cards.")
            draft = Draft.objects.select_related(*BESIDE).filter(pk=draft_id).first()
            if draft is None:
                raise Http404("There is no such draft.")
            if writing and draft.state != State.WRITING:
                return not_now(asked, draft)
            try:
                return view(asked, draft, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def not_now(request: Request, draft: Draft) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return render(request, "battlecards/draft_not_now.html", {"draft": draft, "card": draft.card}, status=status)


def edit_url(card: Card, key: str = "") -> str:
    url = reverse("battlecards:card-edit", args=[card.slug])
    return f"{url}?claim={key}#claim-{key}" if key else url


def wants_json(request: HttpRequest) -> bool:
    """The page's own script asks, which changes the page by itself."""
    return request.headers.get("Accept", "").startswith("application/json")
