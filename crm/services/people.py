"""Who works here, in which team, in which roles. Only operations changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Person, Team
from crm.rules import access
from crm.rules.access import Role
from crm.services.audit import Act, apply_changes, record

PERSON_FIELDS = ("username", "first_name", "last_name", "email", "roles", "team", "time_zone", "is_active")


@transaction.atomic
def save_person(*, act: Act, person_id: int | None, values: Mapping[str, Any], password: str = "") -> Person:
    """Adds somebody (`person_id` None) or changes them. Without a password they can't sign in until one is set.

    Raises Person.DoesNotExist, NotAllowed, Invalid; Clash where the last active person of operations would lose that role.
    """
    _may_run(act)
    person = Person() if person_id is None else Person.objects.select_for_update().get(pk=person_id)
    errors = {}
    roles = values.get("roles", person.roles)
    if set(roles) - set(Role):
        errors["roles"] = f"Roles are: {', '.join(Role)}."
    username = str(values.get("username", person.username)).strip()
    if not username:
        errors["username"] = "Give a user name to sign in with."
    elif Person.objects.filter(username__iexact=username).exclude(pk=person.pk).exists():
        errors["username"] = "Somebody has this user name already. Choose another."
    if errors:
        raise Invalid(errors)
    was_ops = person_id is not None and person.is_active and Role.OPS in person.roles
    changes = apply_changes(person, {**values, "username": username}, PERSON_FIELDS)
    if was_ops and not (person.is_active and Role.OPS in person.roles) and _last_of_operations(person):
        raise Clash("This is the last active person of operations. Give somebody else that role first.")
    if password:
        person.set_password(password)
        changes["password"] = ("…", "changed")
    elif person_id is None:
        person.set_unusable_password()
    person.save()
    if changes:
        verb = "created" if person_id is None else "changed"
        record(act=act, kind="person", record_id=person.pk, verb=verb, changes=changes)
    return person


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
    if changes:
        record(
            act=act, kind="team", record_id=team.pk, verb="created" if team_id is None else "changed", changes=changes
        )
    return team


def _may_run(act: Act) -> None:
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations changes people and teams.")


def _last_of_operations(person: Person) -> bool:
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    return not any(Role.OPS in other.roles for other in others.only("roles"))
