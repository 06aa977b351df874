"""Carrying out schedules: what is due is asked for once, for each person with their own eyes."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.urls import reverse

from crm.models import NotificationKind, Person, Route
from crm.queries import company as companies
from crm.queries.notifications import settings_of
from crm.services.audit import Act
from crm.services.notifications import notify
from reports.models import PaperSchedule, ScheduledPaper
from reports.paper_kinds import Pack, may_have, pack_of
from reports.queries.schedules import last_for, next_for, people_of
from reports.services import report_papers, schedules

log = logging.getLogger(__name__)
AT_ONCE = 200
"""Schedules a round carries out; the next one goes on."""


def run_due(now: dt.datetime) -> int:
    """Asks for every paper that is due. Returns how many were asked for. Each schedule is a transaction of its own, so that none
    keeps another from coming; of two rounds at once one takes it."""
    due = PaperSchedule.objects.filter(next_due_at__lte=now).order_by("next_due_at", "pk")
    asked = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            asked += _run(pk, now)
        except Exception:  # a row that can't be carried out must not keep the others from it
            log.exception("Schedule %s could not be carried out.", pk)
    return asked


@transaction.atomic
def _run(schedule_id: int, now: dt.datetime) -> int:
    rows = PaperSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    schedule = (
        rows.select_related("owner__team", "to_team")
        .defer("to_team__parent")
        .filter(pk=schedule_id, next_due_at__lte=now)
        .first()
    )
    if schedule is None:
        return 0
    act = Act(by=None, route=Route.WORKER, at=now)
    pack, because = pack_of(schedule.kind), schedules.why_not(schedule)
    if pack is None or because:
        _rest(schedule, act, because)
        return 0
    try:
        # After a long sleep what was missed comes once, as of today.
        due, following = last_for(schedule, now), next_for(schedule, now)
    except ValueError:  # the company works on fewer days by now
        _rest(schedule, act, schedules.NEVER)
        return 0
    asked = sum(_ask(schedule, pack, person, due, now) for person in _people(schedule, pack))
    schedule.next_due_at = following
    schedule.save(update_fields=["next_due_at"])
    return asked


def _people(schedule: PaperSchedule, pack: Pack) -> list[Person]:
    """Its owner; or those of a team who read the report themselves and did not say that they want no news of reports."""
    if schedule.to_team is None:
        return [schedule.owner]
    people = people_of(schedule.to_team).select_related("notification_settings")
    return [
        one
        for one in people
        if may_have(pack, one.roles)
        and (one.pk == schedule.owner_id or NotificationKind.REPORT not in settings_of(one).muted)
    ]


def _ask(schedule: PaperSchedule, pack: Pack, person: Person, due: dt.datetime, now: dt.datetime) -> bool:
    if ScheduledPaper.objects.filter(schedule=schedule, due_at=due, made_for=person).exists():
        return False
    asked = {**schedule.asked, "as_of": companies.day_of(companies.company(), now).isoformat()}
    paper = report_papers.order(pack, person, asked, now=now, queue="bulk")
    ScheduledPaper.objects.create(schedule=schedule, due_at=due, paper=paper, made_for=person)
    return True


def _rest(schedule: PaperSchedule, act: Act, because: str) -> None:
    schedules.rest(schedule, act=act, because=because)
    pack = pack_of(schedule.kind)
    notify(
        act=act,
        to=[schedule.owner_id],
        kind=NotificationKind.REPORT,
        text=f"{pack.title if pack else 'A report'} no longer comes by mail. {because}",
        url=reverse("reports:schedule-list"),
        key=f"schedule:{schedule.pk}:{schedule.version}",
    )
