"""The people somebody of operations looks at, and the tree of teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from crm.models import Person, Team
from crm.rules.access import Role


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """`state` is "" for people who may sign in, "left" for the others, "all" for both."""

    q: str = ""
    role: str = ""
    team: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> PersonFilter:
        wanted = {name: (query.get(name) or "").strip()[:150] for name in ("q", "role", "team", "state")}
        if wanted["role"] not in {*Role, "none"}:
            wanted["role"] = ""
        if not wanted["team"].isdecimal() or len(wanted["team"]) > 18:
            wanted["team"] = ""
        if wanted["state"] not in {"left", "all"}:
            wanted["state"] = ""
        return cls(**wanted)


def name_columns(person: str) -> tuple[str, str, str]:
    """What `values()` reads to name the person in the column `person`, without the rest of their row."""
    return f"{person}__first_name", f"{person}__last_name", f"{person}__username"


def name_in(row: Mapping[str, Any], person: str) -> str:
    """The name out of those columns, as `str(person)` has it; empty where the column is."""
    first, last, username = (row[name] or "" for name in name_columns(person))
    return f"{first} {last}".strip() or username


def filtered_people(wanted: PersonFilter) -> QuerySet[Person]:
    rows = Person.objects.all()
    if wanted.state != "all":
        rows = rows.filter(is_active=wanted.state != "left")
    for word in wanted.q.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word))
    if wanted.team:
        team = Team.objects.filter(pk=wanted.team).first()
        rows = rows.filter(team__path__startswith=team.path) if team else rows.none()
    if wanted.role:
        rows = rows.filter(roles=[]) if wanted.role == "none" else rows.filter(in_role(wanted.role))
    return rows


def account_owners() -> QuerySet[Person]:
    """Those who may look after accounts, by name."""
    people = Person.objects.filter(is_active=True).filter(in_role(Role.REP, Role.MANAGER, Role.OPS))
    return people.order_by("first_name", "id")


def in_role(*roles: str) -> Q:
    """People who hold one of these roles, asked of the database: in a company of thousands, reading everybody's takes longer
    than all else on a page."""
    held = Q()
    for role in roles:
        if connection.features.supports_json_field_contains:
            held |= Q(roles__contains=[role])
        else:
            held |= Q(roles__icontains=f'"{role}"')  # SQLite: the list is text, and no role's name contains another's
    return held


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A team with how deep it stands and how many may sign in there, those beneath not counted."""

    team: Team
    depth: int
    members: int


def team_tree() -> list[TeamNode]:
    """Every team, each after the one above it, brothers by name. One query."""
    counted = Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True)))
    beneath: dict[int | None, list[tuple[Team, int]]] = {}
    for team in counted.order_by("name"):
        beneath.setdefault(team.parent_id, []).append((team, team.people))

    def walk(parent: int | None, depth: int) -> list[TeamNode]:
        return [
            node
            for team, people in beneath.get(parent, [])
            for node in [TeamNode(team, depth, people), *walk(team.pk, depth + 1)]
        ]

    return walk(None, 0)
