"""Whose deals a report counts: by who owned them on the day it is about, and where that person sat in the tree then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from crm.lib.ids import AnyId
from crm.models import Person, Team
from crm.queries.team_places import chain, paths_at
from crm.rules import access
from crm.rules.access import Reach

INDENT = "\u2003"


@dataclass(frozen=True, slots=True)
class Scope:
    """`owners` are the ids of the people whose deals count, None for everybody's. `paths` tell where each of them sat,
    "" for in no team."""

    owners: frozenset[int] | None
    paths: Mapping[int, str] = field(default_factory=dict)

    def owned(self, column: str = "owner_id") -> Q:
        """The condition on a span's or a deal's owner. It names ids, so that an index serves each."""
        if self.owners is None:
            return Q()
        return Q(AnyId(column, sorted(self.owners)))

    def holds(self, kind: str, pk: int) -> bool:
        """Whether deals of that "owner" count, or of somebody in that "team": of others an id tells no name."""
        if self.owners is None:
            return True
        return pk in self.owners if kind == "owner" else any(pk in chain(self.path_of(one)) for one in self.owners)

    def path_of(self, owner_id: int) -> str:
        return self.paths.get(owner_id, "")


def scope_of(user: Person, moment: dt.datetime, *, team: Team | None = None, owner: Person | None = None) -> Scope:
    """Two queries, whatever the size. A rep counts their own; a manager whoever sat then in the teams they lead now; who sees every
    deal's name counts all. `team` and `owner` narrow it, never widen it."""
    paths = paths_at(moment)
    owners = _reached(user, paths)
    if team is not None:
        within = frozenset(pk for pk, path in paths.items() if path.startswith(team.path))
        owners = within if owners is None else owners & within
    if owner is not None:
        owners = frozenset({owner.pk}) if owners is None else owners & {owner.pk}
    return Scope(owners, paths)


def _reached(user: Person, paths: Mapping[int, str]) -> frozenset[int] | None:
    reach = access.row_reach(user.roles) if user.is_active else Reach.NOTHING
    if reach is Reach.ALL:
        return None
    if reach is Reach.NOTHING:
        return frozenset()
    if reach is Reach.OWN or user.team is None:
        return frozenset({user.pk})
    top = user.team.path
    return frozenset({user.pk, *(pk for pk, path in paths.items() if path.startswith(top))})


def teams_to_choose(user: Person) -> list[tuple[int, str]]:
    """The teams somebody may narrow a report to, as a tree read from the top: (id, name indented by its depth)."""
    reach = access.row_reach(user.roles)
    if reach not in {Reach.TEAM, Reach.ALL}:
        return []
    rows = Team.objects.order_by("path")
    if reach is Reach.TEAM:
        if user.team is None:
            return []
        rows = rows.filter(path__startswith=user.team.path)
    teams = list(rows)
    by_parent: dict[int | None, list[Team]] = {}
    known = {team.pk for team in teams}
    for team in sorted(teams, key=lambda one: one.name):
        by_parent.setdefault(team.parent_id if team.parent_id in known else None, []).append(team)
    found: list[tuple[int, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for team in by_parent.get(parent, []):
            found.append((team.pk, INDENT * depth + team.name))
            walk(team.pk, depth + 1)

    walk(None, 0)
    return found


def owners_to_choose(user: Person) -> list[tuple[int, str]]:
    """The people somebody may narrow a report to: whoever owns deals within their reach now, by name."""
    reach = access.row_reach(user.roles)
    if reach not in {Reach.TEAM, Reach.ALL}:
        return []
    people = Person.objects.filter(deals__isnull=False)
    if reach is Reach.TEAM:
        if user.team is None:
            return []
        people = Person.objects.filter(team__path__startswith=user.team.path)
    else:
        people = Person.objects.filter(pk__in=_owners())
    return [(one.pk, str(one)) for one in people.only("first_name", "last_name", "username")]


def _owners() -> list[int]:
    """Ids of everybody who sells: a company has some thousand people and a million deals, so people are asked, not deals."""
    rows = Person.objects.values_list("pk", "roles")
    return [pk for pk, roles in rows if access.edit_reach(roles) is not Reach.NOTHING]
