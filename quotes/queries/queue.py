"""The approvals' queue: what waits for somebody, what waits for others, what was decided lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import Company, Person
from crm.queries.company import calendar, company, day_of
from crm.rules.calendar import Calendar, working_days_after, working_days_between
from quotes.models import Approval, ApprovalState, Decision, Delegation, Step
from quotes.queries import prices
from quotes.queries.approvers import Approver, away_on, barred, can_stand_in, label_of, level_of, rules_for, waiting_for
from quotes.rules.book import NoPrices, PriceRules

WAITING = keyset.both_ways(Sort("since", "Since", ("requested_at",)))
DECIDED = keyset.both_ways(Sort("decided", "Decided", ("decided_at",)))
BESIDE = (
    "requested_by",
    "revision__playbook",
    "revision__quote__deal__account",
    "revision__quote__deal__owner",
)
STILL = (ApprovalState.COMPUTING, ApprovalState.OPEN)


@dataclass(frozen=True, slots=True)
class Hats:
    """As what somebody decides on a day: by their own level, and in whose place. Made once, asked of many approvals."""

    person: Person
    stands_in: tuple[Delegation, ...]

    def for_step(self, approval: Approval, step: Step) -> Approver | None:
        """As `approvers.may_decide` says for those who see the deal; `tests/quotes/test_queue.py` holds them equal."""
        rules, never = rules_for(approval), barred(approval)
        needed = rules.ranks.get(step.level)
        if needed is None or self.person.pk in never:
            return None
        held = level_of(self.person, rules)
        if held and rules.ranks[held] >= needed:
            return Approver(self.person, held)
        for row in self.stands_in:
            held = level_of(row.approver, rules)
            if row.approver_id not in never and held and rules.ranks[held] >= needed:
                return Approver(self.person, held, row.approver)
        return None


def hats_of(person: Person, at: dt.datetime) -> Hats:
    there = away_on(day_of(company(), at)).filter(stand_in=person) if can_stand_in([person]) else ()
    return Hats(person, tuple(there))


def decides(person: Person) -> bool:
    """Whether approvals may wait for somebody: they hold a level of the playbook in force, or may stand in."""
    try:
        held = level_of(person, prices.current()[1])
    except NoPrices:
        held = ""
    return bool(held or can_stand_in([person]))


@dataclass(frozen=True, slots=True)
class Clock:
    """When an answer to a step is due, on the company's calendar. `left`: working days until it goes a level up, under zero
    where that is over; `goes_to`: the label of that level, "" at the highest."""

    due: dt.date
    up_on: dt.date
    left: int
    goes_to: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue. `hat`: as what the reader would decide, None where they may not."""

    approval: Approval
    step: Step | None
    label: str
    asked_label: str
    clock: Clock | None
    hat: Approver | None

    @property
    def went_up(self) -> bool:
        return self.asked_label != self.label

    @property
    def as_what(self) -> str:
        """Empty where it is simply theirs."""
        if self.hat is None or self.step is None:
            return ""
        if self.hat.stands_in_for is not None:
            return f"in place of {self.hat.stands_in_for}"
        return "you may, as the higher level" if self.hat.level != self.step.asked_level else ""


def mine(person: Person, at: dt.datetime) -> QuerySet[Approval]:
    return beside(waiting_for(person, at=at))


def others(person: Person, at: dt.datetime) -> QuerySet[Approval]:
    """What is with somebody else, or with the worker; of open deals."""
    rows = Approval.objects.visible_to(person).filter(state__in=STILL, revision__quote__deal__outcome="open")
    return beside(rows.exclude(pk__in=waiting_for(person, at=at).order_by().values("pk")))


def decided(person: Person) -> QuerySet[Approval]:
    """Those that are over, however that came."""
    return beside(Approval.objects.visible_to(person).filter(decided_at__isnull=False))


def beside(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    steps = Step.objects.select_related("decision__made_by", "decision__stood_in_for").order_by("position")
    found = rows.select_related(*BESIDE).prefetch_related(Prefetch("steps", queryset=steps))
    return found.defer("revision__playbook__data", "revision__inputs", "revision__ask", "revision__priced")


def dressed(found: Iterable[Approval], person: Person, at: dt.datetime) -> list[Waiting]:
    """Four queries, however many rows."""
    where = company()
    hats, days = hats_of(person, at), calendar(where)
    return [_row(approval, hats, at, where, days) for approval in found]


def _row(approval: Approval, hats: Hats, at: dt.datetime, where: Company, days: Calendar) -> Waiting:
    step = turn(approval)
    if step is None or step.asked_at is None:
        return Waiting(approval, None, "", "", None, None)
    rules = rules_for(approval)
    clock = clock_of(step, rules, at, where, days)
    labels = label_of(step.level, rules), label_of(step.asked_level, rules)
    return Waiting(approval, step, *labels, clock, hats.for_step(approval, step))


def turn(approval: Approval) -> Step | None:
    """The step to be decided, of an approval whose steps were read along."""
    if approval.state != ApprovalState.OPEN:
        return None
    return next((step for step in approval.steps.all() if getattr(step, "decision", None) is None), None)


def last_word(approval: Approval) -> Decision | None:
    made = [step.decision for step in approval.steps.all() if getattr(step, "decision", None) is not None]
    return made[-1] if made else None


def clock_of(step: Step, rules: PriceRules, at: dt.datetime, where: Company, days: Calendar) -> Clock:
    """The clock starts again with every level that is asked, as the sweep that reminds counts it."""
    assert step.asked_at is not None, "its turn has come"
    since, today = day_of(where, step.escalated_at or step.asked_at), day_of(where, at)
    due = working_days_after(since, rules.approvals.remind_after_working_days, days)
    up_on = working_days_after(since, rules.approvals.escalate_after_working_days, days)
    left = working_days_between(today, up_on, days) or -working_days_between(up_on, today, days)
    place = rules.ranks.get(step.asked_level, len(rules.ranks))
    higher = rules.approvals.levels[place + 1 :]
    return Clock(due, up_on, left, higher[0].label if higher else "")


def neighbours(approval: Approval, person: Person, at: dt.datetime) -> tuple[int | None, int | None, int]:
    """The ones before and after this one in somebody's queue, and how many wait there."""
    keys = list(waiting_for(person, at=at).values_list("requested_at", "pk")[:MOST_AROUND])
    here = (approval.requested_at, approval.pk)
    before = [pk for when, pk in keys if (when, pk) < here]
    after = [pk for when, pk in keys if (when, pk) > here]
    return (before[-1] if before else None), (after[0] if after else None), len(keys)


MOST_AROUND = 500
