"""Everything that is needed to decide on one approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from crm.models import Person
from crm.queries import playbook as playbooks
from crm.queries.company import calendar, company, day_of
from crm.rules.formatting import ago
from deals.queries.detail import Head, Sight, head
from quotes.models import Approval, ApprovalComment, ApprovalState, Decision, Quote, Revision, Step
from quotes.queries.approvers import Approver, approvers, rules_for, why_not
from quotes.queries.detail import BESIDE, RevisionShown, StepShown, chain, difference, shown
from quotes.queries.history import Alike, History, alike, history_of
from quotes.queries.preview import WAYS_AT_ONCE, open_reasons, rivals_on
from quotes.queries.queue import Clock, clock_of, last_word, turn
from quotes.queries.standing import standing
from quotes.rules.alternatives import Alternative, alternatives
from quotes.rules.gives import Give, gives
from quotes.rules.reading import read
from quotes.rules.refusals import Refused
from quotes.rules.revisions import Change
from quotes.rules.states import State, Verdict

DEAL = tuple(f"revision__quote__deal__{name}" for name in ("account", "owner__team", "score", "bant"))
SAID = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.SEND_BACK: "sent back"}


@dataclass(frozen=True, slots=True)
class Before:
    """The revision this one is compared with: the last that had approval, else the one sent before. `said` tells what became
    of it."""

    revision: Revision
    changed: tuple[Change, ...]
    had_approval: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """`hat`: as what the reader decides `step`, None where they may not, and then `why_not` is the sentence that says why.
    `ways` is None where there are too many lines to look for them at once."""

    approval: Approval
    shown: RevisionShown
    head: Head
    chain: tuple[StepShown, ...]
    step: Step | None
    label: str
    clock: Clock | None
    hat: Approver | None
    why_not: str
    void_because: str
    gives: tuple[Give, ...]
    ways: tuple[Alternative, ...] | None
    history: History
    alike: Alike | None
    segment: str
    before: Before | None

    @property
    def revision(self) -> Revision:
        return self.shown.revision

    @property
    def quote(self) -> Quote:
        quote: Quote = self.revision.quote
        return quote


def find(person: Person, approval_id: int) -> Approval:
    """With what its desk shows of it. Raises Approval.DoesNotExist where they may not see it."""
    steps = Step.objects.select_related("decision__made_by", "decision__stood_in_for").order_by("position")
    comments = ApprovalComment.objects.select_related("made_by")
    rows = Approval.objects.visible_to(person).select_related(
        "requested_by", *(f"revision__{one}" for one in BESIDE), *DEAL
    )
    found: Approval = (
        rows.defer("revision__playbook__data")
        .prefetch_related(Prefetch("steps", queryset=steps), Prefetch("comments", queryset=comments))
        .get(pk=approval_id)
    )
    return found


def desk(approval: Approval, person: Person, now: dt.datetime, *, all_ways: bool = False) -> Desk:
    revision = approval.revision
    rules, drawn = rules_for(approval), shown(revision)
    step = turn(approval)
    may = approvers(approval, step.level, at=now) if step is not None else ()
    hat = next((one for one in may if one.person.pk == person.pk), None)
    where = company()
    sight = Sight(revision.quote.deal, detailed=True, editable=False, sees_amount=True)
    labels = {level.key: level.label for level in rules.approvals.levels}
    trades = {one.key: one.label for one in rules.discounts.trades}
    broken = standing(approval) if approval.is_waiting else ""
    return Desk(
        approval=approval,
        shown=drawn,
        head=head(sight, day_of(where, now)),
        chain=chain(approval, rules, now, may),
        step=step,
        label=labels.get(step.level, step.level) if step else "",
        clock=clock_of(step, rules, now, where, calendar(where)) if step is not None and step.asked_at else None,
        hat=hat if not broken and sight.deal.is_open else None,
        why_not=_why_not(approval, person, step, hat, broken, now),
        void_because=broken,
        gives=_gives(revision, drawn),
        ways=_ways(revision, drawn, all_ways),
        history=history_of(revision.quote, person, trades),
        alike=alike(revision, person),
        segment=_segment(revision),
        before=_before(revision, drawn),
    )


def _why_not(
    approval: Approval, person: Person, step: Step | None, hat: Approver | None, broken: str, now: dt.datetime
) -> str:
    """Empty for who may decide."""
    deal = approval.revision.quote.deal
    match ApprovalState(approval.state):
        case ApprovalState.COMPUTING:
            return "Who has to agree is being worked out. It takes a moment."
        case ApprovalState.WITHDRAWN:
            return "It was withdrawn, so there is nothing to decide."
        case ApprovalState.VOID:
            return f"This approval is void. {approval.why_void}"
        case ApprovalState.OPEN:
            if broken:
                return f"This approval does not stand any more. {broken}"
            if not deal.is_open:
                return f"The deal is {deal.get_outcome_display().lower()}, so there is nothing to decide."
            return "" if hat is not None or step is None else why_not(person, approval, step)
    made = last_word(approval)
    return who_decided(made, now) if made is not None else "Nobody had to agree to this; it was approved at once."


def who_decided(made: Decision, now: dt.datetime) -> str:
    place = f", in place of {made.stood_in_for}," if made.stood_in_for else ""
    return f"{made.made_by}{place} {SAID[Verdict(made.verdict)]} this {ago(made.made_at, now)}."


def _gives(revision: Revision, drawn: RevisionShown) -> tuple[Give, ...]:
    if drawn.rules is None:
        return ()
    try:
        return gives(read(revision.ask or {}, drawn.rules), drawn.rules)
    except Refused:
        return ()


def _ways(revision: Revision, drawn: RevisionShown, all_ways: bool) -> tuple[Alternative, ...] | None:
    """By the rules of its own playbook: what whoever asked could have asked for instead."""
    if drawn.rules is None:
        return ()
    try:
        ask = read(revision.ask or {}, drawn.rules)
        if len(ask.lines) > WAYS_AT_ONCE and not all_ways:
            return None
        return alternatives(ask, drawn.rules, reasons=open_reasons(drawn.rules, rivals_on(revision.quote.deal)))
    except Refused:
        return ()


def _segment(revision: Revision) -> str:
    playbook = playbooks.by_number(revision.playbook.number)
    return next((one.label for one in playbook.segments if one.key == revision.segment), revision.segment)


def _before(revision: Revision, drawn: RevisionShown) -> Before | None:
    """Three queries: what went before of the same quote, its steps, and the one it is compared with."""
    if revision.number == 1:
        return None
    rows = revision.quote.revisions.filter(number__lt=revision.number).exclude(state=State.DRAFT)
    earlier: Sequence[Revision] = list(
        rows.select_related("approval")
        .only("number", "state", "approval")
        .prefetch_related("approval__steps__decision")
        .order_by("-number")
    )
    if not earlier:
        return None
    agreed = next((one for one in earlier if had_approval(one.approval)), None)
    chosen = agreed or earlier[0]
    whole = Revision.objects.select_related(*BESIDE).defer("playbook__data").get(pk=chosen.pk)
    return Before(whole, difference(shown(whole), drawn), agreed is not None)


def had_approval(approval: Approval) -> bool:
    """Whether everybody had agreed, whatever became of it since: the next revision's submission voids it."""
    if approval.state == ApprovalState.APPROVED:
        return True
    if approval.state not in (ApprovalState.VOID, ApprovalState.WITHDRAWN):
        return False
    made = [getattr(step, "decision", None) for step in approval.steps.all()]
    return bool(approval.cleared_by) or (
        bool(made) and all(one is not None and one.verdict == Verdict.APPROVE for one in made)
    )
