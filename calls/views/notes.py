"""Notes for the page of a running call: JSON, taken over and answered as `calls.services.notes` says."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from calls.models import Call
from calls.queries.notes import answer, since
from calls.services.notes import save_entries
from crm.lib.errors import Invalid, NotAllowed
from crm.lib.views import act, number, person
from crm.models import Person

SIGN_IN = "You are signed out. What you type stays on this page; sign in again and it is sent."
MALFORMED = "This is no batch of notes."


@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: HttpRequest, call_id: int) -> HttpResponse:
    """GET ?since=N: what changed after that number. POST {"entries": [...], "since": N}: takes notes over, and answers the same
    besides; as JSON, or in a form's field "batch", as a page sends it while it is closed. Not signed in: 401, so that the page
    keeps what it has and asks for the password."""
    if not isinstance(request.user, Person):
        return _said(SIGN_IN, 401)
    rows = Call.objects.visible_to(request.user).select_related("playbook").defer("playbook__data")
    call = rows.filter(pk=call_id).first()
    if call is None:
        raise Http404("There is no such call, or it is not yours to see.")
    if request.method != "POST":
        found, cursor = since(call, number(request.GET.get("since")))
        return JsonResponse(answer(request.user, call, found, cursor))
    try:
        sent = _read(request)
        took = save_entries(act=act(request), call_id=call_id, entries=sent["entries"])
    except ValueError:
        return _said(MALFORMED, 400)
    except Invalid as wrong:
        return JsonResponse({"errors": wrong.errors}, status=422)
    except NotAllowed as refused:
        return _said(str(refused), 403)
    found, cursor = since(call, sent["since"], without=[row.pk for row in took.written])
    known = {"saved": took.saved, "refused": took.refused, "stands": took.stands, "written": took.written}
    return JsonResponse(answer(person(request), call, found, cursor, **known))  # type: ignore[arg-type] # by name


def _read(request: HttpRequest) -> dict[str, Any]:
    """Raises ValueError for what is no JSON of the right shape."""
    form = request.content_type != "application/json"
    sent = json.loads(request.POST.get("batch", "") if form else request.body)
    if not isinstance(sent, dict):
        raise ValueError(sent)
    notes, cursor = sent.get("entries", []), sent.get("since", 0)
    if not isinstance(notes, list) or any(not isinstance(one, dict) for one in notes):
        raise ValueError(notes)
    if not isinstance(cursor, int) or isinstance(cursor, bool) or not 0 <= cursor < 2**62:
        raise ValueError(cursor)
    return {"entries": notes, "since": cursor}


def _said(text: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": {"": [text]}}, status=status)
