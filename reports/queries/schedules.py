"""Schedules of papers: whose they are, for whom, and when they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from crm.models import Person, Team
from crm.queries import company as companies
from crm.rules.access import Role
from reports.models import PaperSchedule, Rhythm
from reports.rules import rhythms

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OF_A_DAY = frozenset({"as_of", "since", "closed_since", "quarter", "closing", "q"})
"""What of a report's questions is about one day: a paper that comes again is of the day it comes, and of its quarter."""


def schedules_of(user: Person) -> QuerySet[PaperSchedule]:
    """The one door to schedules: one's own, each with when it last came."""
    rows = PaperSchedule.objects.filter(owner=user).select_related("to_team", "owner")
    return rows.annotate(last_at=Max("sent__due_at"))


def teams_led(user: Person) -> QuerySet[Team]:
    """The teams whose people somebody may have a paper sent to: a manager's own and those beneath, for VPs and above all."""
    rows = Team.objects.order_by("path")
    if not user.is_active:
        return rows.none()
    if set(user.roles) & {Role.VP, Role.SVP}:
        return rows
    if Role.MANAGER in user.roles and user.team is not None:
        return rows.filter(path__startswith=user.team.path)
    return rows.none()


def people_of(team: Team) -> QuerySet[Person]:
    """Who sits in a team or beneath it."""
    return Person.objects.filter(is_active=True, team__path__startswith=team.path).select_related("team").order_by("pk")


def asked_again(asked: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in asked if name not in OF_A_DAY)


def next_for(schedule: PaperSchedule, after: dt.datetime) -> dt.datetime:
    return rhythms.next_due(
        after,
        rhythm=schedule.rhythm,
        day=schedule.day,
        hour=schedule.hour,
        zone=_zone(schedule),
        calendar=companies.calendar(),
    )


def last_for(schedule: PaperSchedule, now: dt.datetime) -> dt.datetime:
    return rhythms.last_due(
        now,
        rhythm=schedule.rhythm,
        day=schedule.day,
        hour=schedule.hour,
        zone=_zone(schedule),
        calendar=companies.calendar(),
    )


def _zone(schedule: PaperSchedule) -> ZoneInfo:
    return schedule.owner.zone


def in_words(schedule: PaperSchedule) -> str:
    """When it comes, as its owner said it."""
    at = f"at {schedule.hour:02}:00"
    if schedule.rhythm == Rhythm.WEEKLY:
        return f"Every {WEEKDAYS[schedule.day]} {at}"
    if schedule.rhythm == Rhythm.MONTHLY:
        return f"On day {schedule.day} of each month {at}"
    days = f"{schedule.day} working day{'' if schedule.day == 1 else 's'} before a quarter ends"
    return f"{days if schedule.day else 'On the last working day of a quarter'} {at}"
