"""A call under way: its page, beginning and ending it, going from part to part, a note by form."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from calls.forms.acts import NoteForm
from calls.models import CallQuestion
from calls.queries.clock import clock
from calls.queries.live import completions, rivals, state
from calls.queries.notes import of_call
from calls.queries.plan import plan_of
from calls.services.holding import begin_call, end_call, go_on, switch_part
from calls.services.notes import save_entries
from calls.views.base import Request, Seen, act, call_url, call_view, page_of
from calls.views.importing import bringing
from crm.lib.errors import Clash, Invalid
from crm.registry.cards import card_addresses

LAST_NOTES = 50
"""Shown where no script takes over; with scripts a page fetches all of them."""
JSON = "application/json"


def live_url(call_id: int) -> str:
    return reverse("calls:call-live", args=[call_id])


@call_view()
def call_live(request: Request, seen: Seen) -> HttpResponse:
    """Agenda, notes and questions side by side. Who takes no notes reads along."""
    return _page(request, seen, NoteForm(questions=_questions(seen)))


def _questions(seen: Seen) -> list[CallQuestion]:
    return list(seen.call.questions.filter(dropped=False))


def _page(request: Request, seen: Seen, form: NoteForm, *, status: int = 200) -> HttpResponse:
    call = seen.call
    parts = clock(call, timezone.now())
    plan = plan_of(call)
    named, cards = rivals(plan), card_addresses()
    context = {
        "call": call,
        "deal": seen.deal,
        "actions": seen.actions,
        "takes_notes": seen.notes,
        "plan": plan,
        "parts": parts,
        "cards": [(one, cards.get(one.key, "")) for one in named],
        "notes": list(reversed(of_call(call).reverse()[:LAST_NOTES])),
        "form": form,
        "bring": bringing("live"),
        "review_url": page_of("calls:call-review", call.pk),
        "data": _addresses(request, seen) | completions(plan, named),
    }
    return render(request, "calls/call_live.html", context, status=status)


def _addresses(request: Request, seen: Seen) -> dict[str, object]:
    """Where the page's script sends what. The question's id stands for 0."""
    pk = seen.call.pk
    return {
        "person": request.user.pk,
        "call": pk,
        "state": reverse("calls:call-state", args=[pk]),
        "entries": reverse("calls:call-entries", args=[pk]),
        "left": reverse("calls:call-left", args=[pk]),
        "partUrl": reverse("calls:call-part", args=[pk]),
        "questionUrl": reverse("calls:question-do", args=[pk, 0]),
        "callState": seen.call.state,
        "first": state(seen.call, timezone.now()),
    }


@call_view()
def call_state(request: Request, seen: Seen) -> HttpResponse:
    """Clock and questions as JSON; 204 while ?token= is still theirs."""
    now = state(seen.call, timezone.now())
    return HttpResponse(status=204) if request.GET.get("token") == now["token"] else JsonResponse(now)


@call_view(notes=True, methods=("POST",))
def call_note(request: Request, seen: Seen) -> HttpResponse:
    """A note by form, as a page without scripts sends it."""
    form = NoteForm(request.POST, questions=_questions(seen))
    if not form.is_valid():
        return _page(request, seen, form, status=422)
    values = form.cleaned_data
    note = {
        "id": str(uuid.uuid4()),
        "revision": 1,
        "text": values["text"],
        "question": values["question"],
        "for_customer": True if values["for_customer"] else None,
    }
    took = save_entries(act=act(request), call_id=seen.call.pk, entries=[note])
    for sentence in took.refused.values():
        form.add_error(None, sentence)
    return _page(request, seen, form, status=422) if took.refused else redirect(live_url(seen.call.pk) + "#notes")


@call_view(notes=True, methods=("POST",))
def call_part(request: Request, seen: Seen) -> HttpResponse:
    """The clock goes to another part; none stops it."""
    try:
        switch_part(act=act(request), call_id=seen.call.pk, part=request.POST.get("part", ""))
    except (Clash, Invalid) as refused:
        return _refused(request, seen, refused)
    if request.headers.get("Accept") == JSON:
        return JsonResponse(state(seen.call, timezone.now()))
    return redirect(live_url(seen.call.pk))


@call_view(editable=True, methods=("POST",))
def call_begin(request: Request, seen: Seen) -> HttpResponse:
    try:
        begin_call(act=act(request), call_id=seen.call.pk)
    except Clash as refused:
        return _refused(request, seen, refused)
    return redirect(live_url(seen.call.pk))


@call_view(editable=True, methods=("POST",))
def call_end(request: Request, seen: Seen) -> HttpResponse:
    """Ends it, and goes on to the review of what was noted."""
    try:
        end_call(act=act(request), call_id=seen.call.pk)
    except Clash as refused:
        return _refused(request, seen, refused)
    messages.success(request, "The call has ended. Its notes stay open for what comes to mind.")
    return redirect(page_of("calls:call-review", seen.call.pk) or call_url(seen.call))


@call_view(editable=True, methods=("POST",))
def call_go_on(request: Request, seen: Seen) -> HttpResponse:
    try:
        go_on(act=act(request), call_id=seen.call.pk)
    except Clash as refused:
        return _refused(request, seen, refused)
    return redirect(live_url(seen.call.pk))


def _refused(request: Request, seen: Seen, refused: Clash | Invalid) -> HttpResponse:
    status = 409 if isinstance(refused, Clash) else 422
    if request.headers.get("Accept") == JSON:
        return JsonResponse({"errors": {"": [str(refused)]}}, status=status)
    context = {"call": seen.call, "deal": seen.deal, "said": str(refused)}
    return render(request, "calls/call_not_now.html", context, status=status)
