"""What accounts and teams add to the things people hand over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F

from crm.models import Account, AuditEntry, Person
from crm.queries.leaving import accounts_held, teams_led_alone
from crm.registry import Handover, handovers
from crm.rules import access
from crm.rules.access import Role
from crm.services.audit import Act, entry, record

MOST_ON_DEAL = 1_000
"""Things in one person's name on one deal that go along with it."""


@transaction.atomic
def give_accounts(act: Act, from_id: int, to_id: int, most: int) -> int:
    rows = Account.everything.filter(owner_id=from_id).select_for_update(of=("self",), no_key=True).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    if ids:
        old, new = Person.objects.get(pk=from_id), Person.objects.get(pk=to_id)
        Account.everything.filter(pk__in=ids).update(owner=new, version=F("version") + 1, updated_at=act.now)
        AuditEntry.objects.bulk_create(
            entry(act=act, kind="account", record_id=pk, verb="changed", changes={"owner": (old, new)}) for pk in ids
        )
    return len(ids)


@transaction.atomic
def give_leadership(act: Act, from_id: int, to_id: int, most: int) -> int:
    """Makes somebody of the team, or of one above it, its manager."""
    if not teams_led_alone(from_id):
        return 0
    taker = Person.objects.select_for_update().get(pk=to_id)
    before, after = list(taker.roles), [*taker.roles, Role.MANAGER.value]
    taker.roles = after
    taker.save(update_fields=["roles"])
    record(act=act, kind="person", record_id=taker.pk, verb="changed", changes={"roles": (before, after)})
    return 1


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of deals in somebody's name, as what goes along with a deal and as what is handed over: `rows` are those a person holds,
    `give` gives up to so many of some of them to somebody else, audited, and says how many."""

    rows: Callable[[int], models.QuerySet[Any]]
    give: Callable[[Act, models.QuerySet[Any], int, int], int]

    def count_on(self, deal_id: int, owner_id: int) -> int:
        return self.rows(owner_id).filter(deal_id=deal_id).count()

    def move_on(self, act: Act, deal_id: int, from_id: int, to_id: int) -> int:
        return self.give(act, self.rows(from_id).filter(deal_id=deal_id), to_id, MOST_ON_DEAL)

    def held(self, person_id: int) -> int:
        return self.rows(person_id).count()

    def move(self, act: Act, from_id: int, to_id: int, most: int) -> int:
        with transaction.atomic():
            return self.give(act, self.rows(from_id), to_id, most)


def _sells(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    if access.may_edit_accounts(taking.roles):
        return ""
    return f"{taking} does not look after accounts. Choose a rep, a manager or somebody of operations."


def _leads(leaving_id: int, taking_id: int) -> str:
    leaving = Person.objects.select_related("team").get(pk=leaving_id)
    taking = Person.objects.select_related("team").get(pk=taking_id)
    assert leaving.team is not None, "without a team nobody leads one"
    if taking.team is not None and leaving.team.path.startswith(taking.team.path):
        return ""
    return f"{taking} is neither in {leaving.team} nor above it. Choose somebody who is, or move them there first."


def register() -> None:
    handovers.add(
        Handover(
            key="accounts", one="account", label="accounts", held=accounts_held, move=give_accounts, refuses=_sells
        )
    )
    handovers.add(
        Handover(
            key="leadership",
            one="team led by nobody else",
            label="teams led by nobody else",
            held=teams_led_alone,
            move=give_leadership,
            refuses=_leads,
        )
    )
