"""Notes for the page of a running call: JSON, taken over and answered as `calls.services.notes` says."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from calls.models import Call
from calls.queries.live import token
from calls.queries.notes import answer, since
from calls.queries.sight import see
from calls.services.left import save_left
from calls.services.notes import save_entries
from calls.views.base import UNSEEN
from crm.lib.errors import Invalid, NotAllowed
from crm.lib.views import act, number, person
from crm.models import Person

SIGN_IN = "You are signed out. What you type stays on this page; sign in again and it is sent."
SOMEBODY_ELSE = (
    "You are signed in as {person} now. These notes are somebody else's: sign in again as whoever wrote them."
)
MALFORMED = "This is no batch of notes."


@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: HttpRequest, call_id: int) -> HttpResponse:
    """GET ?since=N: what changed after that number. POST {"entries": [...], "since": N}: takes notes over, and answers the same
    besides; as JSON, or in a form's field "batch", as a page sends it while it is closed; "person" is
    whose notes they are. Not signed in, or as somebody else: 401, so that the page
    keeps what it has and asks for the password."""
    if not isinstance(request.user, Person):
        return _said(SIGN_IN, 401)
    try:
        return _take(request, call_id) if request.method == "POST" else _tell(request, call_id)
    except Call.DoesNotExist:
        raise Http404(UNSEEN) from None


def _tell(request: HttpRequest, call_id: int) -> HttpResponse:
    user = person(request)
    call = see(user, call_id, narrow=True).call
    found, cursor = since(call, number(request.GET.get("since")))
    return _answered(call, answer(user, call, found, cursor))


def _take(request: HttpRequest, call_id: int) -> HttpResponse:
    """What a page sent is taken over, and it is told what stands and what others wrote. The service asks whether they may: once."""
    user = person(request)
    try:
        sent = _read(request)
        if sent["person"] not in (None, user.pk):
            return _said(SOMEBODY_ELSE.format(person=user), 401)
        took = save_entries(act=act(request), call_id=call_id, entries=sent["entries"])
    except ValueError:
        return _said(MALFORMED, 400)
    except Invalid as wrong:
        return JsonResponse({"errors": wrong.errors}, status=422)
    except NotAllowed as refused:
        return _said(str(refused), 403)
    own = (took.found, took.left)
    found, cursor = since(took.call, sent["since"], without=[row.pk for row in took.written], own=own)
    known = {"saved": took.saved, "refused": took.refused, "stands": took.stands, "written": took.written}
    return _answered(took.call, answer(user, took.call, found, cursor, **known))  # type: ignore[arg-type] # by name


def _answered(call: Any, found: dict[str, Any]) -> HttpResponse:
    """With the token of clock and questions, so that a page asks for these only when they are others."""
    return JsonResponse(found | {"state": token(call, call.running)})


@require_POST
def left(request: HttpRequest, call_id: int) -> HttpResponse:
    """A batch as `entries` takes it, of somebody who does not see the call any more: their own words are saved, and nothing is
    told but what became of them. 404 for whoever never wrote there, as for any call one does not see."""
    if not isinstance(request.user, Person):
        return _said(SIGN_IN, 401)
    try:
        sent = _read(request)
        if sent["person"] not in (None, request.user.pk):
            return _said(SOMEBODY_ELSE.format(person=request.user), 401)
        took = save_left(act=act(request), call_id=call_id, entries=sent["entries"])
    except Call.DoesNotExist:
        raise Http404(UNSEEN) from None
    except ValueError:
        return _said(MALFORMED, 400)
    except Invalid as wrong:
        return JsonResponse({"errors": wrong.errors}, status=422)
    except NotAllowed as refused:
        return _said(str(refused), 403)
    known = {"saved": took.saved, "refused": took.refused, "stands": took.stands, "written": took.written}
    return JsonResponse(answer(request.user, took.call, [], 0, **known) | {"left": True})  # type: ignore[arg-type] # by name


def _read(request: HttpRequest) -> dict[str, Any]:
    """Raises ValueError for what is no JSON of the right shape."""
    form = request.content_type != "application/json"
    try:
        sent = json.loads(request.POST.get("batch", "") if form else request.body)
    except RecursionError:
        raise ValueError("nested without end") from None
    if not isinstance(sent, dict):
        raise ValueError(sent)
    notes, cursor = sent.get("entries", []), sent.get("since", 0)
    if not isinstance(notes, list) or any(not isinstance(one, dict) for one in notes):
        raise ValueError(notes)
    if not isinstance(cursor, int) or isinstance(cursor, bool) or not 0 <= cursor < 2**62:
        raise ValueError(cursor)
    return {"entries": notes, "since": cursor, "person": sent.get("person")}


def _said(text: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": {"": [text]}}, status=status)
