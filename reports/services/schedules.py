"""Papers that come again and again: set up, changed, paused and ended by whoever they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Person, Team
from crm.services.audit import Act, apply_changes, record
from reports.models import PaperSchedule, Rhythm
from reports.paper_kinds import may_have, pack_of
from reports.queries.schedules import next_for, people_of, schedules_of, teams_led
from reports.rules.rhythms import DAYS

FIELDS = ("asked", "to_team", "rhythm", "day", "hour")
MOST = 50
MOST_PEOPLE = 200
"""Who get one paper at a time: each is built and laid out for itself."""
NOT_READ = "Your role does not include this report. Operations can change roles."
NOT_LED = "You no longer lead that team."
NEVER = "No quarter has that many of the company's working days. Choose a later day."
TOO_MANY = f"At most {MOST_PEOPLE} people get one paper. Choose a team beneath this one."


@transaction.atomic
def set_up(*, act: Act, kind: str, values: Mapping[str, Any]) -> PaperSchedule:
    """`values` by FIELDS: what is asked by field, a team one leads or None for oneself, when. Raises Invalid, NotAllowed, Clash."""
    assert act.by is not None, "a schedule is somebody's"
    Person.objects.select_for_update(no_key=True).get(pk=act.by.pk)
    if schedules_of(act.by).count() >= MOST:
        raise Clash(f"You have {MOST} schedules. End one first.")
    schedule = PaperSchedule(owner=act.by, kind=kind, made_at=act.now)
    changes = apply_changes(schedule, values, FIELDS)
    _check(schedule)
    schedule.next_due_at = _next(schedule, act)
    schedule.save()
    told = {"kind": (None, kind), **changes}
    record(act=act, kind="paper_schedule", record_id=schedule.pk, verb="created", changes=told)
    return schedule


@transaction.atomic
def change(
    *, act: Act, schedule_id: int, values: Mapping[str, Any], expected_version: int | None = None
) -> PaperSchedule:
    """What is asked, for whom and when. One that rests goes on resting. Raises PaperSchedule.DoesNotExist, Invalid, NotAllowed,
    EditConflict."""
    schedule = _mine(act, schedule_id, expected_version)
    changes = apply_changes(schedule, values, FIELDS)
    _check(schedule)
    if changes:
        if schedule.next_due_at is not None:
            schedule.next_due_at = _next(schedule, act)
        _save(act, schedule, changes)
    return schedule


@transaction.atomic
def pause(*, act: Act, schedule_id: int, expected_version: int | None = None) -> PaperSchedule:
    schedule = _mine(act, schedule_id, expected_version)
    if schedule.next_due_at is not None:
        changes = {"next_due_at": (schedule.next_due_at, None)}
        schedule.next_due_at, schedule.resting_because = None, ""
        _save(act, schedule, changes)
    return schedule


@transaction.atomic
def resume(*, act: Act, schedule_id: int, expected_version: int | None = None) -> PaperSchedule:
    """From the next time on; what it missed stays missed. Raises NotAllowed, Invalid as setting it up does."""
    schedule = _mine(act, schedule_id, expected_version)
    _check(schedule)
    if schedule.next_due_at is None:
        schedule.next_due_at, schedule.resting_because = _next(schedule, act), ""
        _save(act, schedule, {"next_due_at": (None, schedule.next_due_at)})
    return schedule


@transaction.atomic
def end(*, act: Act, schedule_id: int, expected_version: int | None = None) -> None:
    """Papers it made stay."""
    schedule = _mine(act, schedule_id, expected_version)
    record(
        act=act,
        kind="paper_schedule",
        record_id=schedule.pk,
        verb="deleted",
        changes={"kind": (schedule.kind, None)},
    )
    schedule.delete()


def rest(schedule: PaperSchedule, *, act: Act, because: str) -> None:
    """Of itself, within the caller's transaction: until its owner has it go on."""
    changes = {"next_due_at": (schedule.next_due_at, None), "resting_because": ("", because)}
    schedule.next_due_at, schedule.resting_because = None, because
    _save(act, schedule, changes)


def why_not(schedule: PaperSchedule) -> str:
    """What keeps a schedule from being carried out; "" for nothing."""
    owner, pack = schedule.owner, pack_of(schedule.kind)
    if not owner.is_active:
        return "Whoever set it up no longer works here."
    if pack is None or not may_have(pack, owner.roles):
        return NOT_READ
    if schedule.to_team is None:
        return ""
    if not teams_led(owner).filter(pk=schedule.to_team.pk).exists():
        return NOT_LED
    return TOO_MANY if people_of(schedule.to_team).count() > MOST_PEOPLE else ""


def _check(schedule: PaperSchedule) -> None:
    if pack_of(schedule.kind) is None:
        raise Invalid({"kind": "There is no such report."})
    errors = {}
    if schedule.rhythm not in Rhythm.values:
        errors["rhythm"] = f"Choose one of: {', '.join(Rhythm.values)}."
    else:
        first, last = DAYS[schedule.rhythm]
        if not first <= schedule.day <= last:
            errors["day"] = f"Choose a number from {first} to {last}."
    if not 0 <= schedule.hour <= 23:
        errors["hour"] = "Choose a full hour from 0 to 23."
    because = why_not(schedule)
    if because in {NOT_LED, TOO_MANY}:
        errors["to_team"] = "Choose a team you lead." if because == NOT_LED else because
    elif because:
        raise NotAllowed(because)
    if errors:
        raise Invalid(errors)


def _next(schedule: PaperSchedule, act: Act) -> dt.datetime:
    try:
        return next_for(schedule, act.now)
    except ValueError:
        raise Invalid({"day": NEVER}) from None


def _mine(act: Act, schedule_id: int, expected_version: int | None) -> PaperSchedule:
    rows = PaperSchedule.objects.select_for_update(of=("self",)).select_related("owner__team", "to_team")
    schedule = rows.get(pk=schedule_id, owner=act.by)
    if expected_version is not None and schedule.version != expected_version:
        raise EditConflict(schedule, "You changed this schedule in another window meanwhile.")
    return schedule


def _save(act: Act, schedule: PaperSchedule, changes: Mapping[str, tuple[Any, Any]]) -> None:
    schedule.version += 1
    schedule.save()
    record(act=act, kind="paper_schedule", record_id=schedule.pk, verb="changed", changes=changes)


def team_named(pk: int | None) -> Team | None:
    """Raises Invalid."""
    team = Team.objects.filter(pk=pk).first() if pk else None
    if pk and team is None:
        raise Invalid({"to_team": "There is no such team."})
    return team
