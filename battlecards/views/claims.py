"""What pages of the field share: the claim as this person may read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from battlecards.models import Card
from battlecards.queries.field import Known, find_claim
from crm.lib.errors import NotAllowed
from crm.lib.views import allowed, person
from crm.rules import access

View = Callable[..., HttpResponse]


def claim_view(
    *methods: str, may: Callable[[Any], bool] = access.reads_cards
) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of one claim: `claim_id` of the address becomes what is known of it. Not theirs to read: 404."""

    def wrap(view: View) -> View:
        @require_http_methods([*(methods or ("GET", "HEAD"))])
        @allowed(may)
        @wraps(view)
        def answer(request: HttpRequest, claim_id: int) -> HttpResponse:
            try:
                known: Known = find_claim(person(request), claim_id)
                return view(request, known)
            except ObjectDoesNotExist:
                raise Http404("There is no such claim on a card you may read.") from None
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def edit_url(card: Card, key: str = "", *, suggestion: int = 0) -> str:
    """Where editors change a claim of a card."""
    try:
        url = reverse("battlecards:card-edit", args=[card.slug])
    except NoReverseMatch:
        return ""
    asked = {"suggestion": suggestion} if suggestion else {"claim": key} if key else {}
    return url + (f"?{urlencode(asked)}" if asked else "") + (f"#claim-{key}" if key else "")
