"""Who may decide: by their role's level, as a stand-in on the company's calendar, and never about what they asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from crm.models import Person
from crm.queries.company import company, day_of
from crm.registry.finding import record_doors
from crm.rules.access import Role
from quotes.models import Approval, ApprovalState, Delegation, Step
from quotes.queries import prices
from quotes.rules.book import PriceRules


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may decide a step now: at which level, and in whose place."""

    person: Person
    level: str
    stands_in_for: Person | None = None


def rules_for(approval: Approval) -> PriceRules:
    """Those of the playbook version its revision is pinned to."""
    return prices.rules_of(approval.revision.playbook.number)


def level_of(person: Person, rules: PriceRules) -> str:
    """The highest level somebody holds by their roles; "" for none. Operations set the rules, so they decide nothing by them,
    whatever else they are."""
    if not person.is_active or person.has_role(Role.OPS):
        return ""
    held = [level.key for level in rules.approvals.levels if level.role in person.roles]
    return held[-1] if held else ""


def label_of(level: str, rules: PriceRules) -> str:
    return next((one.label for one in rules.approvals.levels if one.key == level), level)


def barred(approval: Approval) -> frozenset[int]:
    """Who asked for it, and who drafted what is asked for: neither decides."""
    return frozenset({approval.requested_by_id, approval.revision.drafted_by_id})


def current_step(approval: Approval) -> Step | None:
    """The lowest that is not decided; None where none is left."""
    return approval.steps.filter(decision__isnull=True).order_by("position").first()


def away_on(day: dt.date) -> QuerySet[Delegation]:
    """Who stands in for whom on a day."""
    there = Delegation.objects.filter(from_date__lte=day, to_date__gte=day)
    return there.select_related("approver", "stand_in__team").order_by("pk")


def approvers(
    approval: Approval, level: str, *, at: dt.datetime, among: Iterable[Person] | None = None
) -> tuple[Approver, ...]:
    """Everybody who may decide a step of this level at that moment: holders of it and of higher ones, then stand-ins. They see
    the deal in full; who asked for it, and their stand-ins, are left out. `among` asks of these people alone.
    """
    rules, never = rules_for(approval), barred(approval)
    everybody = Person.objects.filter(is_active=True).exclude(roles=[]).select_related("team")
    people = list(everybody if among is None else among)
    needed = rules.ranks.get(level)
    if needed is None:
        return ()
    found = {
        person.pk: Approver(person, held)
        for person in people
        if person.pk not in never and (held := level_of(person, rules)) and rules.ranks[held] >= needed
    }
    asked = {person.pk for person in people}
    for row in away_on(day_of(company(), at)):
        held = level_of(row.approver, rules)
        fits = row.approver_id not in never and held and rules.ranks[held] >= needed and _may_stand_in(row.stand_in)
        if fits and row.stand_in_id in asked - never and row.stand_in_id not in found:
            found[row.stand_in_id] = Approver(row.stand_in, held, row.approver)
    seeing = record_doors.get("deal").seen_by([one.person for one in found.values()], approval.revision.quote.deal_id)
    return tuple(one for one in found.values() if one.person.pk in seeing)


def may_decide(person: Person, approval: Approval, step: Step, *, at: dt.datetime) -> Approver | None:
    """As what somebody may decide this step at that moment; None where they may not. Escalation asks others too, and takes the
    decision from nobody."""
    return next(iter(approvers(approval, step.level, at=at, among=[person])), None)


def why_not(person: Person, approval: Approval, step: Step) -> str:
    """For somebody who may not decide a step: the reason, as a sentence to them."""
    rules = rules_for(approval)
    label = label_of(step.level, rules)
    if person.pk == approval.requested_by_id:
        return "You asked for this approval, so somebody else decides."
    if person.pk == approval.revision.drafted_by_id:
        return "You drafted this quote, so somebody else decides."
    if person.has_role(Role.OPS):
        return "Operations run the playbook and approve nothing by it."
    held = level_of(person, rules)
    if held:
        return f"This step is for {label} or higher to decide. You decide as {label_of(held, rules)}."
    return f"This step is for {label} or higher to decide."


def waiting_for(person: Person, *, at: dt.datetime) -> QuerySet[Approval]:
    """The open approvals of open deals on which somebody may decide at that moment, the longest waiting first: for queues. A
    query for each playbook version that some open approval is pinned to, which are few."""
    opened: QuerySet[Approval] = Approval.objects.visible_to(person).filter(
        state=ApprovalState.OPEN, revision__quote__deal__outcome="open"
    )
    never = Q(requested_by=person) | Q(revision__drafted_by=person)
    stands_in = [row for row in away_on(day_of(company(), at)) if row.stand_in_id == person.pk]
    wanted = Q(pk__in=[])
    for number in set(opened.order_by().values_list("revision__playbook__number", flat=True)):
        rules = prices.rules_of(number)
        pinned = Q(revision__playbook__number=number)
        wanted |= pinned & _turn_of(_up_to(level_of(person, rules), rules))
        for row in stands_in if _may_stand_in(person) else ():
            mine = Q(requested_by=row.approver) | Q(revision__drafted_by=row.approver)
            wanted |= pinned & ~mine & _turn_of(_up_to(level_of(row.approver, rules), rules))
    return opened.filter(wanted).exclude(never).order_by("requested_at", "pk")


def asked_level(approval: Approval, level: str, may: Iterable[Approver]) -> str:
    """Whom to ask for a step of this level, of those who may decide it: the lowest level from it upwards that has somebody; the
    level itself where nobody may."""
    ranks = rules_for(approval).ranks
    return min((one.level for one in may), key=ranks.__getitem__, default=level)


def asked_of(may: Sequence[Approver], step: Step) -> tuple[Approver, ...]:
    """Whom to tell of a step, of those who may decide it: who decides at the level that is asked, not everybody above it too."""
    return tuple(one for one in may if one.level == step.asked_level) or tuple(may)


def asked(approval: Approval, step: Step, *, at: dt.datetime) -> tuple[Approver, ...]:
    return asked_of(approvers(approval, step.level, at=at), step)


def can_stand_in(people: Iterable[Person]) -> Sequence[Person]:
    return [person for person in people if _may_stand_in(person)]


def _may_stand_in(person: Person) -> bool:
    """Stand-ins see every deal by their own role, or they could not read what they decide on."""
    return person.is_active and person.has_role(Role.VP, Role.SVP) and not person.has_role(Role.OPS)


def _up_to(held: str, rules: PriceRules) -> Collection[str]:
    """The levels somebody who holds one may act on."""
    return [] if not held else [level for level, rank in rules.ranks.items() if rank <= rules.ranks[held]]


def _turn_of(levels: Collection[str]) -> Any:
    """Approvals whose turn is at one of these levels: a step was asked, and is not decided."""
    turn = Step.objects.filter(level__in=levels, asked_at__isnull=False, decision__isnull=True)
    return Q(pk__in=turn.values("approval")) if levels else Q(pk__in=[])
