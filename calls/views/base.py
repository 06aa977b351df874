"""What every page of a call does first: find the call as this person may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from calls.models import Call
from calls.queries import sight
from calls.rules.actions import Action, actions
from calls.services.base import NOT_THEIRS, READ_ONLY
from crm.lib.errors import NotAllowed
from crm.lib.views import Request, act, bare, saved
from deals.models import Deal

__all__ = ["Request", "Seen", "act", "bare", "call_url", "call_view", "done", "page_of", "see"]

View = Callable[..., HttpResponse]
UNSEEN = "There is no such call, or it is not yours to see."
BESIDE = ("deal__account", "owner", "created_by")


@dataclass(frozen=True, slots=True)
class Seen:
    """A call in somebody's eyes. `editable`: may change its deal, and so the call; `notes`: may take notes in it."""

    call: Call
    editable: bool
    notes: bool
    actions: tuple[Action, ...]

    @property
    def deal(self) -> Deal:
        return self.call.deal


def see(request: Request, call_id: int) -> Seen:
    """As `calls.queries.sight.see`. Raises Http404 for what is not seen."""
    try:
        found = sight.see(request.user, call_id, related=BESIDE)
    except Call.DoesNotExist:
        raise Http404(UNSEEN) from None
    call, editable, notes = found.call, found.editable, found.notes
    return Seen(call, editable, notes, actions(call.state, editable=editable, notes=notes, deal_open=call.deal.is_open))


def call_view(
    *, editable: bool = False, notes: bool = False, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View], View]:
    """A view of one call: `call_id` of the address becomes the Seen.

    Not seen: 404. `editable`, or `notes`: 403 for those who see it but may not change it, or take no notes in it.
    """

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, call_id: int, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            seen = see(asked, call_id)
            if editable and not seen.editable:
                raise PermissionDenied(READ_ONLY)
            if notes and not seen.notes:
                raise PermissionDenied(NOT_THEIRS)
            try:
                return view(asked, seen, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def call_url(call: Call) -> str:
    return reverse("calls:call-detail", args=[call.pk])


def page_of(name: str, *args: object) -> str:
    """The address of a page that another part of the product may bring; "" where it does not."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def done(request: Request, call: Call, said: str, *, to: str = "") -> HttpResponse:
    return saved(request, said, changed="call-changed", to=to or call_url(call))
