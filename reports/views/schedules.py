"""Papers by mail: which come, to whom and when."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.lib.errors import Invalid, NotAllowed
from crm.lib.views import act, allowed, attempt, person
from crm.rules import access
from reports.models import PaperSchedule
from reports.paper_kinds import Pack, may_have, pack_of, packs_for
from reports.paper_parts import asked_again_of
from reports.queries.schedules import in_words, schedules_of
from reports.schedule_forms import ScheduleForm, initial_of
from reports.services import schedules


@require_safe
@allowed(access.reads_reports)
def schedule_list(request: HttpRequest) -> HttpResponse:
    """One's own; there are fifty at most."""
    who = person(request)
    rows = [{"row": row, "pack": pack_of(row.kind), "when": in_words(row)} for row in schedules_of(who)]
    context = {"rows": rows, "packs": packs_for(who.roles)}
    return render(request, "reports/schedule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_reports)
def schedule_new(request: HttpRequest, key: str) -> HttpResponse:
    """A paper by mail, asked as its report's page was (the query)."""
    pack = pack_of(key)
    if pack is None:
        raise Http404("There is no such report.")
    if not may_have(pack, person(request).roles):
        raise PermissionDenied(schedules.NOT_READ)
    return _edit(request, pack, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_reports)
def schedule_edit(request: HttpRequest, schedule_id: int) -> HttpResponse:
    schedule = _mine(request, schedule_id)
    pack = pack_of(schedule.kind)
    if pack is None or not may_have(pack, person(request).roles):
        raise PermissionDenied(schedules.NOT_READ)
    return _edit(request, pack, schedule)


def _edit(request: HttpRequest, pack: Pack, schedule: PaperSchedule | None) -> HttpResponse:
    posted = request.method == "POST"
    given = request.POST if posted else (schedule.asked if schedule else request.GET)
    wanted, asks = asked_again_of(pack, person(request), given)
    form = ScheduleForm(
        request.POST if posted else None, user=person(request), initial=initial_of(schedule) if schedule else None
    )
    status = 200
    if posted:
        status = 422
        if form.is_valid() and asks.is_valid():
            saved, status = attempt(form, lambda: _save(request, pack, schedule, form, wanted.given()))
            if saved is not None:
                messages.success(request, f"{pack.title} comes by mail. {in_words(saved)}.")
                return redirect("reports:schedule-list")
    context = {"pack": pack, "schedule": schedule, "form": form, "asks": asks}
    return render(request, "reports/schedule_form.html", context, status=status)


def _save(
    request: HttpRequest, pack: Pack, schedule: PaperSchedule | None, form: ScheduleForm, asked: dict[str, str]
) -> PaperSchedule:
    said = form.cleaned_data
    values: dict[str, Any] = {
        "asked": asked,
        "to_team": schedules.team_named(said["to_team"]),
        "rhythm": said["rhythm"],
        "day": form.day(),
        "hour": said["hour"],
    }
    if schedule is None:
        return schedules.set_up(act=act(request), kind=pack.key, values=values)
    return schedules.change(act=act(request), schedule_id=schedule.pk, values=values, expected_version=said["version"])


@require_POST
@allowed(access.reads_reports)
def schedule_pause(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Has it rest, or go on."""
    schedule = _mine(request, schedule_id)
    do = schedules.pause if request.POST.get("rest") else schedules.resume
    try:
        do(act=act(request), schedule_id=schedule.pk)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except PaperSchedule.DoesNotExist as gone:
        raise Http404("This schedule was ended meanwhile.") from gone
    except Invalid as wrong:
        messages.error(request, " ".join(sentence for said in wrong.errors.values() for sentence in said))
    return redirect("reports:schedule-list")


@require_POST
@allowed(access.reads_reports)
def schedule_end(request: HttpRequest, schedule_id: int) -> HttpResponse:
    schedule = _mine(request, schedule_id)
    with suppress(PaperSchedule.DoesNotExist):  # pressed twice: the other one did it
        schedules.end(act=act(request), schedule_id=schedule.pk)
    messages.success(request, "It comes no more. Papers that were made stay.")
    return redirect("reports:schedule-list")


def _mine(request: HttpRequest, schedule_id: int) -> PaperSchedule:
    found = schedules_of(person(request)).filter(pk=schedule_id).first()
    if found is None:
        raise Http404("There is no such schedule, or it is somebody else's.")
    return found
