"""Who works here, in which team, in which roles. Only operations changes it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Person, Team
from crm.rules import access
from crm.rules.access import Role
from crm.services.audit import Act, apply_changes, record
from crm.services.leaving import end_access, still_holds
from crm.services.own import plan_by_clock
from crm.services.team_places import hold, seat

PERSON_FIELDS = ("username", "first_name", "last_name", "email", "roles", "team", "time_zone", "is_active")
NAMES = ("username", "first_name", "last_name", "email")
"""What a password must not resemble."""


@transaction.atomic
def save_person(
    *,
    act: Act,
    person_id: int | None,
    values: Mapping[str, Any],
    password: str = "",
    expected_version: int | None = None,
) -> Person:
    """Adds somebody (`person_id` None) or changes them. Without a password they can't sign in until one is set.

    Raises Person.DoesNotExist, NotAllowed, Invalid (somebody who holds deals is deactivated by
    `leaving.deactivate_person`); EditConflict where they were changed since `expected_version`; Clash
    where the last active person of operations would lose that role.
    """
    _may_run(act)
    hold(values.get("team"))
    person, operations = (Person(), set()) if person_id is None else _locked(person_id)
    if expected_version is not None and person.version != expected_version:
        raise EditConflict(person)
    username = str(values.get("username", person.username)).strip()
    errors = _errors(person, {**values, "username": username}, password)
    if errors:
        raise Invalid(errors)
    was_active = person.is_active and person_id is not None
    changes = apply_changes(person, {**values, "username": username}, PERSON_FIELDS)
    if operations == {person.pk} and not (person.is_active and Role.OPS in person.roles):
        raise Clash("This is the last active person of operations. Give somebody else that role first.")
    if was_active and not person.is_active:
        if said := still_holds(person):
            raise Invalid({"is_active": said})
        end_access(person, act)
    if password:
        person.set_password(password)
        changes["password"] = ("…", "changed")
    elif person_id is None:
        person.set_unusable_password()
    person.save()
    seat([person.pk], act.now)
    if changes:
        verb = "created" if person_id is None else "changed"
        record(act=act, kind="person", record_id=person.pk, verb=verb, changes=changes)
    if "time_zone" in changes and person_id is not None:
        plan_by_clock(person, act)
    return person


def _locked(person_id: int) -> tuple[Person, set[int]]:
    """Somebody, and the ids of everybody active in operations; all locked, in one order, so that of two who take the
    role from each other at the same moment one is refused."""
    active = Person.objects.filter(is_active=True).values_list("pk", "roles")
    wanted = {person_id, *(pk for pk, roles in active if Role.OPS in roles)}
    locked = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    if person_id not in locked:
        raise Person.DoesNotExist
    return locked[person_id], {one.pk for one in locked.values() if one.is_active and Role.OPS in one.roles}


def _errors(person: Person, values: Mapping[str, Any], password: str) -> dict[str, list[str]]:
    """What is wrong, by field; whoever asks, a page, a script or an import."""
    errors = {}
    username = values["username"]
    if not username:
        errors["username"] = ["Give a user name to sign in with."]
    elif Person.objects.filter(username__iexact=username).exclude(pk=person.pk).exists():
        errors["username"] = ["Somebody has this user name already. Choose another."]
    if set(values.get("roles", ())) - set(Role):
        errors["roles"] = [f"Roles are: {', '.join(Role)}."]
    zone = values.get("time_zone")
    if zone is not None and zone not in zoneinfo.available_timezones():
        errors["time_zone"] = ["There is no such time zone. Write it as a place, such as Europe/Berlin."]
    if password:
        known = Person(**{name: values.get(name, getattr(person, name)) for name in NAMES})
        try:
            validate_password(password, known)
        except ValidationError as weak:
            errors["password"] = list(weak.messages)
    return errors


@transaction.atomic
def save_team(*, act: Act, team_id: int | None, name: str, parent: Team | None) -> Team:
    """Adds or moves a team; the paths of everything beneath follow. Raises Team.DoesNotExist, NotAllowed, Invalid."""
    _may_run(act)
    # All of them: two moves at once could otherwise make a circle.
    teams = {team.pk: team for team in Team.objects.select_for_update()}
    team = Team() if team_id is None else teams.get(team_id)
    if team is None:
        raise Team.DoesNotExist
    errors = {}
    if not name.strip():
        errors["name"] = "Give the team a name."
    elif any(other.name.casefold() == name.strip().casefold() and other.pk != team.pk for other in teams.values()):
        errors["name"] = "There is a team of this name. Choose another."
    if parent is not None and team.pk and parent.path.startswith(team.path):
        errors["parent"] = "A team can't stand beneath itself. Choose one that is not under it."
    if errors:
        raise Invalid(errors)
    changes = apply_changes(team, {"name": name.strip(), "parent": parent}, ("name", "parent"))
    team.save()
    old_path, team.path = team.path, f"{parent.path if parent else '/'}{team.pk}/"
    if team.path != old_path:
        team.save(update_fields=["path"])
        for other in teams.values():
            if old_path and other.pk != team.pk and other.path.startswith(old_path):
                other.path = team.path + other.path.removeprefix(old_path)
                other.save(update_fields=["path"])
        seat(Person.objects.filter(team__path__startswith=team.path).values_list("pk", flat=True), act.now)
    if changes:
        record(
            act=act, kind="team", record_id=team.pk, verb="created" if team_id is None else "changed", changes=changes
        )
    return team


def _may_run(act: Act) -> None:
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations changes people and teams.")
