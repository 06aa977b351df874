"""Who sees a deal and why, out of the rows that decide it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from crm.models import Person, Team
from crm.rules.access import ROLE_LABELS, SEES_ALL_IN_DETAIL, SEES_NAMES, SELLS, Role
from deals.models import Deal, DealShare
from deals.rules import visibility
from deals.rules.visibility import Level, Reason, Share, Someone

FOUND = 8
"""People a search for somebody shows."""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A share as the panel shows it; one that is over stays in sight until somebody takes it away."""

    row: DealShare
    over: bool


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody with every reason they see the deal for, the strongest first."""

    person: Person
    level: Level
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Viewers:
    """`roles` are sentences on the roles that see every deal."""

    owner: Person
    managers: tuple[Person, ...]
    shares: tuple[SharedRow, ...]
    roles: tuple[str, ...]


def someone(person: Person) -> Someone:
    team = person.team
    return Someone(
        id=person.pk,
        name=str(person),
        roles=tuple(person.roles),
        team_path=team.path if team else "",
        team_name=team.name if team else "",
        is_active=person.is_active,
    )


def level_of(person: Person, deal: Deal, today: dt.date) -> Level:
    """How far somebody sees a deal that comes with its owner's team. One query, for the shares, and only where these could
    widen what role and place give."""
    who, owner = someone(person), someone(deal.owner)
    found = visibility.level(visibility.reasons(who, owner, (), today))
    if not who.is_active or found >= visibility.reached(who):
        return found
    rows = DealShare.objects.filter(deal=deal).values_list("person_id", "team__path", "can_write", "until_date")
    shares = [Share("", whom, path or "", can_write, until) for whom, path, can_write, until in rows]
    return visibility.level(visibility.reasons(who, owner, shares, today))


def share_rows(deal: Deal) -> tuple[DealShare, ...]:
    return tuple(DealShare.objects.filter(deal=deal).select_related("person__team", "team", "shared_by").order_by("pk"))


def why(person: Person, deal: Deal, rows: tuple[DealShare, ...], today: dt.date) -> Onlooker:
    """Why somebody sees the deal; without reasons they don't. No query: the deal comes with its owner's team."""
    shares = [
        Share(
            with_name=str(row),
            person_id=row.person_id,
            team_path=row.team.path if row.team else "",
            can_write=row.can_write,
            until=row.until_date,
            by=str(row.shared_by or ""),
        )
        for row in rows
    ]
    found = visibility.reasons(someone(person), someone(deal.owner), shares, today)
    return Onlooker(person, visibility.level(found), found)


def viewers(deal: Deal, rows: tuple[DealShare, ...], today: dt.date) -> Viewers:
    """Everybody who sees the deal for a reason of their own, and the roles that see every deal. One query."""
    owner = someone(deal.owner)
    above = [int(part) for part in owner.team_path.split("/") if part]
    near = Person.objects.filter(is_active=True, team__in=above).exclude(pk=deal.owner_id).select_related("team")
    managers = [one for one in near if visibility.leads(someone(one), owner)]
    return Viewers(
        owner=deal.owner,
        managers=tuple(sorted(managers, key=lambda one: (-len(one.team.path if one.team else ""), str(one)))),
        shares=tuple(SharedRow(row, row.until_date is not None and row.until_date < today) for row in rows),
        roles=(
            f"{_roles(SEES_ALL_IN_DETAIL)}: every deal in full",
            f"{_roles(SEES_NAMES)}: every deal's name and outcome",
        ),
    )


def look_up(text: str, deal: Deal, rows: tuple[DealShare, ...], today: dt.date) -> tuple[Onlooker, ...]:
    """Colleagues by name, each with why they see the deal or don't."""
    words = text.split()[:4]
    if not words:
        return ()
    named = reduce(or_, (Q(first_name__icontains=w) | Q(last_name__icontains=w) | Q(username=w) for w in words))
    people = Person.objects.filter(named, is_active=True).select_related("team")[:FOUND]
    return tuple(why(person, deal, rows, today) for person in people)


def share_limit(person: Person, deal: Deal, rows: tuple[DealShare, ...], today: dt.date) -> dt.date | None:
    """The last day somebody may share a deal for who changes it by a share that ends themselves; None for no limit."""
    without = why(person, deal, (), today)
    if without.level is Level.CHANGE:
        return None
    ends = [row.until_date for row in rows if row.can_write and why(person, deal, (row,), today).level is Level.CHANGE]
    return None if None in ends else max((end for end in ends if end is not None), default=None)


def people_to_share_with(deal: Deal) -> list[tuple[int, str]]:
    """Active people whom a share shows more than their role does, by name."""
    rows = (
        Person.objects.filter(is_active=True)
        .exclude(pk=deal.owner_id)
        .only("first_name", "last_name", "username", "roles")
    )
    return [(one.pk, str(one)) for one in rows if gains_by_share(one)]


def gains_by_share(person: Person) -> bool:
    return bool(set(person.roles) & SELLS) and Role.OPS not in person.roles


def teams_to_share_with() -> list[tuple[int, str]]:
    return list(Team.objects.order_by("name").values_list("pk", "name"))


def _roles(roles: frozenset[Role]) -> str:
    names = [ROLE_LABELS[role] for role in Role if role in roles]
    return f"{', '.join(names[:-1])} and {names[-1]}"
