"""What somebody holds that another must take when they leave."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Account, Person
from crm.registry import Handover, handovers
from crm.rules.access import Role
from crm.rules.formatting import count


@dataclass(frozen=True, slots=True)
class Held:
    """So many of one sort of thing: "12 open deals" is `words`."""

    key: str
    label: str
    count: int
    words: str


def held_by(person_id: int) -> tuple[Held, ...]:
    """Everything somebody holds, sort by sort; sorts of which they hold nothing are left out. One query a sort or so."""
    counted = (_held(one, one.held(person_id)) for one in handovers)
    return tuple(held for held in counted if held.count)


def _held(one: Handover, number: int) -> Held:
    return Held(one.key, one.label, number, count(number, one.one, one.label))


def accounts_held(person_id: int) -> int:
    return Account.everything.filter(owner_id=person_id).count()


def teams_led_alone(person_id: int) -> int:
    """1 where a team with others in it would be left without a manager, its own or one above; else 0."""
    person = Person.objects.select_related("team").filter(pk=person_id).first()
    if person is None or person.team is None or Role.MANAGER not in person.roles:
        return 0
    path = person.team.path
    above = [int(part) for part in path.split("/") if part]
    others = Person.objects.filter(is_active=True).exclude(pk=person_id)
    if any(Role.MANAGER in roles for roles in others.filter(team__in=above).values_list("roles", flat=True)):
        return 0
    return int(others.filter(team__path__startswith=path).exists())


def possible_takers(person: Person) -> list[tuple[int, str]]:
    """Active people with a role, by name."""
    rows = Person.objects.filter(is_active=True).exclude(pk=person.pk).exclude(roles=[])
    return [(one.pk, str(one)) for one in rows.only("first_name", "last_name", "username")]
