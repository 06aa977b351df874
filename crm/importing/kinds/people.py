"""Teams and people out of files. Who comes this way has no password until operations gives one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain, count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from crm.importing.ledger import ids_of_source, plainly
from crm.importing.records import Record
from crm.importing.writers import Change, Figure, Writer
from crm.models import Person, Team
from crm.registry import FieldType, ImportField, ImportKind
from crm.rules.access import Role
from crm.rules.import_values import slug, split_name
from crm.services.team_places import seat


class TeamWriter(Writer):
    """Team names are unique here: a team whose name another has says where it comes from, "East (maven_crm)". To the files,
    and to what somebody may have changed since, it is East all the same."""

    model = Team
    above = "parent"
    parts = frozenset({"crm.TeamPlace"})

    def alike(self, records: Sequence[Record]) -> dict[str, list[Team]]:
        names = {str(record.values["name"]): record.source_id for record in records}
        return {names[team.name]: [team] for team in Team.objects.filter(name__in=list(names))}

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Team]:
        teams = []
        for _, values in items:
            team = Team.objects.create(**{**values, "name": self._free(values["name"])})
            _set_path(team)
            teams.append(team)
        return teams

    def current(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        found = super().current(row, names)
        return found | ({"name": self._bare(row.name)} if "name" in found else {})

    def update(self, changes: Sequence[Change]) -> None:
        for change in changes:
            for name, (_, new) in change.changes.items():
                setattr(change.row, name, self._free(new, but=change.row) if name == "name" else new)
            change.row.save()
            self._move(change.row)

    def restore(self, row: Any, was: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
        names = {"name": self._free(was["name"], but=row)} if "name" in was else {}
        super().restore(row, {**was, **names}, kept)
        self._move(row)

    def _move(self, team: Team) -> None:
        before = team.path
        _set_path(team)
        if team.path != before:
            there = Person.objects.filter(team__path__startswith=team.path)
            seat(there.values_list("pk", flat=True), timezone.now())

    def touched(self, row: Any, entry: Mapping[str, Any]) -> str:
        now = plainly(self.current(row, [name for name in entry["set"] if hasattr(row, name)]))
        return "changed since" if any(entry["set"][name] != value for name, value in now.items()) else ""

    def _free(self, name: str, but: Team | None = None) -> str:
        """The name, or where another team has it, the name with its source, numbered if need be."""
        source = self.context.source
        taken = {team.name for team in Team.objects.all() if team != but}
        tries = chain([name, f"{name} ({source})"], (f"{name} ({source} {number})" for number in count(2)))
        return next(each for each in tries if each not in taken)

    def _bare(self, name: str) -> str:
        return re.sub(rf" \({re.escape(self.context.source)}( \d+)?\)$", "", name)

    def remove(self, keys: Sequence[int]) -> None:
        for key in keys:  # one by one, the newest first: a team can't go before those beneath it
            Team.objects.filter(pk=key).delete()

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return [Figure("teams", "Teams", Decimal(len(list(records))))]

    def stored_figures(self) -> list[Figure]:
        ids = ids_of_source("team", self.context.source).values()
        return [Figure("teams", "Teams", Decimal(Team.objects.filter(pk__in=ids).count()))]


def _set_path(team: Team) -> None:
    """Puts a team, and all beneath it, at the right place of the tree."""
    above = team.parent.path if team.parent else "/"
    team.path = f"{above}{team.pk}/"
    Team.objects.filter(pk=team.pk).update(path=team.path)
    for child in team.children.all():
        _set_path(child)


class PersonWriter(Writer):
    model = Person
    parts = frozenset({"crm.TeamPlace"})

    def alike(self, records: Sequence[Record]) -> dict[str, list[Person]]:
        """People with the same e-mail address, else with the same full name."""
        people = list(Person.objects.only("id", "first_name", "last_name", "email"))
        by_email: dict[str, list[Person]] = {}
        by_name: dict[str, list[Person]] = {}
        for person in people:
            by_name.setdefault(person.get_full_name().casefold(), []).append(person)
            if person.email:
                by_email.setdefault(person.email.casefold(), []).append(person)
        found = {}
        for record in records:
            email = str(record.values.get("email") or "").casefold()
            name = " ".join(_names(record.values)).strip().casefold()
            rows = by_email.get(email) or by_name.get(name)
            if rows:
                found[record.source_id] = rows
        return found

    def values(self, record: Record) -> dict[str, Any]:
        found = super().values(record)
        found.pop("name", None)
        found["first_name"], found["last_name"] = _names(record.values)
        if "roles" in found:
            found["roles"] = sorted(found["roles"] or ())
        return found

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Person]:
        taken = {name.casefold() for name in Person.objects.values_list("username", flat=True)}
        people = []
        for record, values in items:
            username = (
                values.pop("username", "") or slug(" ".join(_names(record.values)), join=".", longest=140) or "person"
            )
            free, number = username, 1
            while free.casefold() in taken:
                number += 1
                free = f"{username}{number}"
            taken.add(free.casefold())
            people.append(Person(username=free, password=make_password(None), **values))
        made = Person.objects.bulk_create(people)
        seat([person.pk for person in made], self.context.now)
        return made

    def update(self, changes: Sequence[Change]) -> None:
        super().update(changes)
        seat([change.row.pk for change in changes if "team_id" in change.changes], timezone.now())

    def restore(self, row: Person, was: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
        super().restore(row, was, kept)
        if "team_id" in was:
            seat([row.pk], timezone.now())

    def touched(self, row: Person, entry: Mapping[str, Any]) -> str:
        if row.last_login is not None:
            return "signed in"
        if row.has_usable_password():
            return "was given a password"
        return super().touched(row, entry)

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return _by_role(record.values.get("roles") or () for record in records)

    def stored_figures(self) -> list[Figure]:
        ids = ids_of_source("person", self.context.source).values()
        return _by_role(Person.objects.filter(pk__in=ids).values_list("roles", flat=True))


def _names(values: Mapping[str, Any]) -> tuple[str, str]:
    if values.get("last_name"):
        return str(values.get("first_name") or ""), str(values["last_name"])
    return split_name(str(values.get("name") or ""))


def _by_role(held: Iterable[Iterable[str]]) -> list[Figure]:
    everybody = [set(roles) for roles in held]
    counted = [(role, sum(role in roles for roles in everybody)) for role in Role]
    return [
        Figure(f"people_{role}", f"People: {role.label.lower()}", Decimal(count)) for role, count in counted if count
    ]


TEAM = ImportKind(
    key="team",
    label="Team",
    plural="teams",
    writer=TeamWriter,
    id_aliases=("team id", "team", "regional office", "office"),
    fields=(
        ImportField(name="name", label="Name", required=True, longest=120, aliases=("team", "team name", "regional office")),
        ImportField(name="parent", label="Part of", type=FieldType.REFERENCE, to="team"),
    ),
)  # fmt: skip

PERSON = ImportKind(
    key="person",
    label="Person",
    plural="people",
    writer=PersonWriter,
    match_existing=True,
    id_aliases=("user id", "id", "sales agent", "rep", "name", "email", "username"),
    fields=(
        ImportField(name="name", label="Full name", longest=200, aliases=("sales agent", "full name", "name", "sales rep", "rep")),
        ImportField(name="first_name", label="First name", longest=150, aliases=("first name",)),
        ImportField(name="last_name", label="Last name", longest=150, aliases=("last name", "surname")),
        ImportField(name="username", label="User name", longest=140, aliases=("username", "user name", "login")),
        ImportField(name="email", label="E-mail", longest=254, aliases=("email", "e-mail")),
        ImportField(
            name="roles",
            label="Roles",
            type=FieldType.TEXTS,
            choices=lambda: {role.value: role.label for role in Role},
            aliases=("role", "roles"),
        ),
        ImportField(name="team", label="Team", type=FieldType.REFERENCE, to="team", aliases=("team", "regional office")),
    ),
)  # fmt: skip
