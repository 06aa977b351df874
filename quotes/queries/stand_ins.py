"""Who stands in for whom, and who could."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crm.models import Person
from crm.queries.company import company, day_of
from crm.rules import access
from quotes.models import Delegation
from quotes.queries import prices
from quotes.queries.approvers import can_stand_in, label_of, level_of
from quotes.rules.book import NoPrices


@dataclass(frozen=True, slots=True)
class StandIn:
    """`now`: today is one of the days. `endable`: the reader may end it."""

    row: Delegation
    now: bool
    endable: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who approves by the playbook in force with their level's label, and everybody who could stand in."""

    approvers: tuple[tuple[Person, str], ...]
    stand_ins: tuple[Person, ...]

    def approves(self, person: Person) -> bool:
        return any(one.pk == person.pk for one, _ in self.approvers)

    def offered_to(self, person: Person) -> list[tuple[int, str]]:
        """Whom they may say it for: themselves, and operations for everybody."""
        if access.may_run_operations(person.roles):
            return [(one.pk, f"{one}, {label}") for one, label in self.approvers]
        return [(one.pk, str(one)) for one, _ in self.approvers if one.pk == person.pk]


def crew() -> Crew:
    """One query for the people."""
    people = list(Person.objects.filter(is_active=True).exclude(roles=[]).order_by("last_name", "first_name", "pk"))
    try:
        _, rules = prices.current()
    except NoPrices:
        return Crew((), ())
    held = [(person, level_of(person, rules)) for person in people]
    return Crew(tuple((person, label_of(level, rules)) for person, level in held if level), tuple(can_stand_in(people)))


def coming(person: Person, now: dt.datetime) -> Sequence[StandIn]:
    """What is in force and what comes, the soonest first; everybody's, so that approvers know who decides."""
    today = day_of(company(), now)
    rows = Delegation.objects.filter(to_date__gte=today).select_related("approver", "stand_in", "made_by")
    ops = access.may_run_operations(person.roles)
    return [
        StandIn(row, row.from_date <= today, ops or person.pk in (row.approver_id, row.stand_in_id))
        for row in rows.order_by("from_date", "pk")
    ]
