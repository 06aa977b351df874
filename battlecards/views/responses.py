"""Responses to news: the checklist with its clocks, and its log. Watches: what is looked at regularly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from battlecards.forms.intel import EndForm, EntryForm, NoteForm, OwnerForm
from battlecards.models import Response, Watch
from battlecards.queries import intel
from battlecards.services import responses
from battlecards.services.responses import may_lead
from battlecards.services.watching import give_watch, watch_done
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.lib.views import act, allowed, bare, person, today_panel
from crm.models import Person
from crm.queries.company import company, day_of
from crm.rules import access

ON_TODAY = 6


@require_safe
@allowed(access.reads_cards)
def response_detail(request: HttpRequest, response_id: int) -> HttpResponse:
    found = _find(request, response_id)
    user, now = person(request), timezone.now()
    steps, leads = list(found.steps.all()), may_lead(found, user)
    open_ = found.state == Response.State.OPEN
    scenario = intel.scenario_of(found.scenario, found.playbook.number)
    context = {
        "found": found,
        "steps": [
            (step, open_ and (leads or step.owner_id == user.pk), step.pk in intel.overdue(steps, now))
            for step in steps
        ],
        "left": sum(step.done_at is None for step in steps),
        "entries": list(found.entries.all()),
        "scenario": scenario,
        "leads": leads and open_,
        "works": open_ and (leads or any(step.owner_id == user.pk for step in steps)),
        "people": _people() if open_ else [],
        "entry": EntryForm(),
        "end": EndForm(initial={"outcome": ""}),
    }
    return render(request, "battlecards/response_detail.html", context)


@require_POST
@allowed(access.reads_cards)
def response_step(request: HttpRequest, response_id: int, step_id: int) -> HttpResponse:
    """`do`: done with a note, open again, or give to somebody else."""
    found, do = _find(request, response_id), request.POST.get("do", "done")
    form = NoteForm(request.POST)
    owner = OwnerForm(request.POST, people=_people())
    args: dict[str, Any] = {"act": act(request), "response_id": found.pk, "step_id": step_id}
    if do == "give":
        if not owner.is_valid() or owner.cleaned_data["owner"] is None:
            messages.warning(request, "Choose somebody of the list.")
        else:
            _try(
                request,
                lambda: responses.give_step(owner_id=owner.cleaned_data["owner"], **args),
                "Given. They were told.",
            )
    elif do == "open":
        _try(request, lambda: responses.step_reopened(**args), "Open again.")
    elif form.is_valid():
        _try(request, lambda: responses.step_done(note=form.cleaned_data["note"], **args), "Done, and in the log.")
    else:
        messages.warning(request, "The note is too long.")
    return redirect("battlecards:response-detail", found.pk)


@require_POST
@allowed(access.reads_cards)
def response_log(request: HttpRequest, response_id: int) -> HttpResponse:
    found, form = _find(request, response_id), EntryForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        _try(
            request,
            lambda: responses.write_entry(act=act(request), response_id=found.pk, text=text),
            "It is in the log.",
        )
    else:
        messages.warning(request, "Say what was done or decided.")
    return redirect("battlecards:response-detail", found.pk)


@require_POST
@allowed(access.reads_cards)
def response_end(request: HttpRequest, response_id: int) -> HttpResponse:
    found, form = _find(request, response_id), EndForm(request.POST)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    if request.POST.get("do") == "stop":
        _try(request, lambda: responses.stop(act=act(request), response_id=found.pk, reason=outcome), "Stopped.")
    else:
        _try(request, lambda: responses.finish(act=act(request), response_id=found.pk, outcome=outcome), "Finished.")
    return redirect("battlecards:response-detail", found.pk)


@require_safe
@allowed(access.reads_cards)
def watch_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    edits = access.may_edit_cards(user.roles)
    rows = intel.watches(day_of(company(), timezone.now()))
    last = intel.last_runs([row.watch.pk for row in rows])
    context = {
        "rows": [(row, edits or row.watch.owner_id == user.pk, last.get(row.watch.pk)) for row in rows],
        "edits": edits,
        "people": _people() if edits else [],
    }
    return render(request, "battlecards/watch_list.html", context)


@require_POST
@allowed(access.reads_cards)
def watch_act(request: HttpRequest, watch_id: int) -> HttpResponse:
    """`do`: done with a note, or give to somebody."""
    if not Watch.objects.filter(pk=watch_id).exists():
        raise Http404("There is no such watch.")
    doing = act(request)
    if request.POST.get("do") == "give":
        owner = OwnerForm(request.POST, people=[("", "Nobody"), *_people()])
        if owner.is_valid():
            taker = owner.cleaned_data["owner"]
            _try(request, lambda: give_watch(act=doing, watch_id=watch_id, owner_id=taker), "Given.")
        else:
            messages.warning(request, "Choose somebody of the list.")
    else:
        form = NoteForm(request.POST)
        note = form.cleaned_data["note"] if form.is_valid() else ""
        version = request.POST.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        _try(
            request,
            lambda: watch_done(act=doing, watch_id=watch_id, note=note, expected_version=seen),
            "Done. It comes back when it is due again.",
        )
    return redirect("battlecards:watch-list")


@require_safe
@allowed(access.answers_news)
def today_news(request: HttpRequest) -> HttpResponse:
    """Steps of responses and watches that are the reader's and due; nothing at all within Today where there are none."""
    user, now = person(request), timezone.now()
    today = day_of(company(), now)
    steps = intel.steps_of(user, ON_TODAY)
    rows = intel.watches(today, owner=user, due_by=today)
    if bare(request) and not steps and not rows:
        return HttpResponse("")
    late = intel.overdue(steps, now)
    context = {"steps": [(step, step.pk in late) for step in steps], "watches": rows}
    title = "What do competitors ask of me?"
    return today_panel(request, "battlecards/partials/today_news.html", "news", title, context)


def _find(request: HttpRequest, response_id: int) -> Response:
    try:
        return intel.find_response(person(request), response_id)
    except Response.DoesNotExist:
        raise Http404("There is no such response.") from None


def _try(request: HttpRequest, do: Callable[[], object], said: str) -> None:
    try:
        do()
        messages.success(request, said)
    except (Clash, EditConflict, Invalid) as refused:
        messages.warning(request, str(refused))
    except ObjectDoesNotExist:
        raise Http404("There is no such thing any more.") from None
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused


def _people() -> list[tuple[int, str]]:
    """Active people with a role, by name."""
    rows = Person.objects.filter(is_active=True).exclude(roles=[]).order_by("first_name", "last_name", "pk")
    return [(one.pk, str(one)) for one in rows[:500]]
