"""One call: its plan to look through and to print, and its questions to choose among."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from calls.forms.acts import AddQuestionForm
from calls.models import CallQuestion
from calls.queries.live import state
from calls.queries.notes import of_call
from calls.queries.plan import bank, plan_of
from calls.services import questions
from calls.views.base import Request, Seen, act, bare, call_url, call_view, page_of
from calls.views.importing import bringing
from crm.lib.errors import Clash, Invalid

LAST_NOTES = 30
DEEDS: dict[str, tuple[Callable[..., CallQuestion], dict[str, bool]]] = {
    "pin": (questions.pin_question, {"pinned": True}),
    "unpin": (questions.pin_question, {"pinned": False}),
    "drop": (questions.drop_question, {"dropped": True}),
    "restore": (questions.drop_question, {"dropped": False}),
    "ask": (questions.mark_asked, {"asked": True}),
    "unask": (questions.mark_asked, {"asked": False}),
    "answer": (questions.mark_answered, {"answered": True}),
    "unanswer": (questions.mark_answered, {"answered": False}),
}
"""What a button of a question does."""
JSON = "application/json"


@call_view()
def call_detail(request: Request, seen: Seen) -> HttpResponse:
    notes = of_call(seen.call)
    count = notes.count()
    context = _context(seen) | {
        "notes": list(reversed(notes.reverse()[:LAST_NOTES])) if count else (),
        "note_count": count,
        "bring": bringing("plan"),
        "review_url": page_of("calls:call-review", seen.call.pk),
    }
    return render(request, "calls/call_detail.html", context)


def _context(seen: Seen, said: str = "") -> dict[str, Any]:
    plan = plan_of(seen.call)
    return {
        "call": seen.call,
        "deal": seen.deal,
        "actions": seen.actions,
        "editable": seen.editable,
        "plan": plan,
        "bank": bank(plan) if seen.notes else (),
        "takes_notes": seen.notes,
        "said": said,
    }


@call_view(notes=True, methods=("POST",))
def question_do(request: Request, seen: Seen, question_id: int) -> HttpResponse:
    """Pins, drops, marks as asked or answered, by `do`; and takes each back."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponse("There is no such thing to do with a question.", status=422)
    service, values = deed
    said, status = "", 200
    try:
        service(act=act(request), call_id=seen.call.pk, question_id=question_id, **values)
    except CallQuestion.DoesNotExist:
        said, status = "This question is no longer on the call.", 404
    except Clash as clash:
        said, status = str(clash), 409
    return _answer(request, seen, said, status)


@call_view(notes=True, methods=("POST",))
def question_add(request: Request, seen: Seen) -> HttpResponse:
    """One of the playbook's by its key, or one's own words."""
    form = AddQuestionForm(request.POST)
    said, status = "Choose a question, or write one.", 422
    if form.is_valid():
        try:
            questions.add_question(act=act(request), call_id=seen.call.pk, **form.cleaned_data)
            said, status = "", 200
        except Invalid as wrong:
            said = " ".join(one for sentences in wrong.errors.values() for one in sentences)
    return _answer(request, seen, said, status)


def _answer(request: Request, seen: Seen, said: str, status: int) -> HttpResponse:
    """JSON to the page of a running call, the list anew to htmx, and back to where it came from to a browser."""
    seen.call.refresh_from_db(fields=["version", "state"])
    if request.headers.get("Accept") == JSON:
        answer = state(seen.call, timezone.now()) if status == 200 else {"errors": {"": [said]}}
        return JsonResponse(answer, status=status)
    if bare(request):
        # Refused or not, the list as it is now takes its place, with what was wrong in its head.
        return render(request, "calls/partials/questions.html", _context(seen, said), status=status if said else 200)
    if said:
        context = {"call": seen.call, "deal": seen.deal, "said": said}
        return render(request, "calls/call_not_now.html", context, status=status)
    return HttpResponseRedirect(_back(request, seen))


def _back(request: HttpRequest, seen: Seen) -> str:
    if request.POST.get("at") == "live":
        return reverse("calls:call-live", args=[seen.call.pk]) + "#call-questions"
    return call_url(seen.call) + "#call-questions"
