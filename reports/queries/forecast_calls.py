"""Calls of the forecast as they stood at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet

from crm.models import Person, Team
from crm.rules import access
from crm.rules.access import Reach, Role
from crm.rules.calendar import FiscalQuarter
from crm.rules.currencies import to_cents
from reports.models import ForecastCall
from reports.queries.asked import Purse

Amounts = tuple[Decimal | None, Decimal | None]


def visible_calls(user: Person) -> QuerySet[ForecastCall]:
    """The one door to calls: one's own; a manager's also those of their teams and of whoever sits there now; all for who sees all
    deals in full. Whoever knows deals by name alone sees none."""
    reach = access.detail_reach(user.roles) if user.is_active else Reach.NOTHING
    rows = ForecastCall.objects.all()
    if reach is Reach.ALL:
        return rows
    if reach is Reach.NOTHING:
        return rows.none()
    mine = Q(person=user)
    if reach is Reach.TEAM and user.team is not None:
        path = user.team.path
        mine |= Q(team__path__startswith=path) | Q(team__isnull=True, person__team__path__startswith=path)
    return rows.filter(mine)


def newest(
    rows: QuerySet[ForecastCall], quarter: FiscalQuarter, moment: dt.datetime
) -> dict[tuple[int | None, int | None], ForecastCall]:
    """The call that held at a moment, by (team, None) for a team's and (None, person) for somebody's own. One query; a team has one
    call, whoever leads it."""
    found: dict[tuple[int | None, int | None], ForecastCall] = {}
    made = rows.filter(year=quarter.year, quarter=quarter.quarter, made_at__lte=moment)
    for call in made.select_related("person", "team").order_by("made_at", "pk"):
        found[(call.team_id, None) if call.team_id else (None, call.person_id)] = call
    return found


def in_ours(call: ForecastCall, purse: Purse) -> Amounts:
    """(commit, best case) in the report's currency: the company may have had another one when it was called."""
    commit, best = (purse.known(amount, call.currency) for amount in (call.commit, call.best_case))
    return None if commit is None else to_cents(commit), None if best is None else to_cents(best)


def last_of(quarter: FiscalQuarter, *, team: Team | None, person: Person) -> ForecastCall | None:
    rows = ForecastCall.objects.filter(year=quarter.year, quarter=quarter.quarter)
    own = rows.filter(team=team) if team is not None else rows.filter(team__isnull=True, person=person)
    return own.order_by("-made_at", "-pk").first()


def may_call(user: Person, team: Team | None) -> bool:
    """For oneself whoever sells; for a team whoever leads it, or one above it."""
    if not user.is_active:
        return False
    if team is None:
        return access.may_create_deals(user.roles)
    path = user.team.path if user.team else ""
    return Role.MANAGER in user.roles and bool(path) and team.path.startswith(path)


def teams_to_call(user: Person, teams: Iterable[Team]) -> list[Team]:
    return [team for team in teams if may_call(user, team)]
