"""What nobody answered, and what changed behind the product's back: sweeps that beat asks for.

Each step is looked at in a transaction of its own, under the lock of its quote, and marked there: run twice, or by two at
once, they remind nobody twice.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from crm.models import Route
from crm.queries.company import calendar, company, day_of
from crm.rules.calendar import Calendar, working_days_between
from crm.services.audit import Act
from quotes.models import Approval, ApprovalState, Revision, Step
from quotes.queries.approvers import label_of, rules_for
from quotes.queries.standing import standing
from quotes.rules.book import PriceRules
from quotes.rules.states import State
from quotes.services import telling
from quotes.services.base import locked_approval, touch, void

AT_ONCE = 2_000
"""Steps a sweep looks at, those that wait longest first; the rest come with a later one."""


def sweep(*, now: dt.datetime | None = None) -> int:
    """Reminds of steps nobody answered, and then asks one level higher, by the working days of the company's calendar and the
    playbook each is pinned to. The highest level is reminded again instead. Returns at how many something was done."""
    now = now or timezone.now()
    waiting = Step.objects.filter(
        asked_at__isnull=False,
        decision__isnull=True,
        approval__state=ApprovalState.OPEN,
        approval__revision__quote__deal__outcome="open",
        approval__revision__quote__deal__deleted_at__isnull=True,
    )
    days = calendar()
    pks = waiting.order_by("asked_at").values_list("pk", "approval")[:AT_ONCE]
    return sum(_look_at(step_id, approval_id, now, days) for step_id, approval_id in pks)


@transaction.atomic
def _look_at(step_id: int, approval_id: int, now: dt.datetime, days: Calendar) -> bool:
    act = Act(by=None, route=Route.WORKER, at=now)
    try:
        approval = locked_approval(act, approval_id)
    except Approval.DoesNotExist:
        return False
    step = approval.steps.filter(pk=step_id, decision__isnull=True).first()
    if step is None or step.asked_at is None or approval.state != ApprovalState.OPEN:
        return False
    rules = rules_for(approval)
    where = company()
    waited = working_days_between(day_of(where, step.escalated_at or step.asked_at), day_of(where, now), days)
    if waited >= rules.approvals.escalate_after_working_days:
        _escalate(act, approval, step, rules)
        return True
    if waited >= rules.approvals.remind_after_working_days and step.reminded_at is None:
        step.reminded_at = now
        step.save(update_fields=["reminded_at"])
        telling.tell_reminded(act, approval, step, "first")
        return True
    return False


def _escalate(act: Act, approval: Approval, step: Step, rules: PriceRules) -> None:
    """The clock starts again: from one level to the next, and at the highest for the next reminder."""
    step.reminded_at = step.reminded_at or act.now
    step.escalated_at = act.now
    before = step.asked_level
    levels = [level.key for level in rules.approvals.levels]
    higher = levels[levels.index(before) + 1 :] if before in levels else []
    step.asked_level = higher[0] if higher else before
    step.save(update_fields=["reminded_at", "escalated_at", "asked_level"])
    if not higher:
        telling.tell_reminded(act, approval, step, f"{act.now:%Y-%m-%d}")
        return
    labels = label_of(before, rules), label_of(step.asked_level, rules)
    touch(approval.revision.quote, act=act, verb="escalated", changes={"asked": labels})
    telling.tell_escalated(act, approval, step, before)


def void_changed(*, now: dt.datetime | None = None) -> int:
    """Voids what no longer stands, among all that waits or is approved and may still be accepted. Returns how many."""
    now = now or timezone.now()
    today = day_of(company(), now)
    alive = Approval.objects.filter(
        state__in=(ApprovalState.OPEN, ApprovalState.APPROVED),
        revision__state__in=(State.SUBMITTED, State.APPROVED),
        revision__valid_until__gte=today,
    )
    # Read without a lock first: nearly all stand, and nobody should wait while they are looked at.
    rows = alive.select_related("revision__playbook", "revision__quote__deal__account").defer(
        "revision__playbook__data"
    )
    fallen = [row.pk for row in rows.order_by("pk").iterator(chunk_size=200) if standing(row)]
    act = Act(by=None, route=Route.WORKER, at=now)
    return sum(bool(void_unless_standing(act=act, approval_id=pk)) for pk in fallen)


@transaction.atomic
def void_unless_standing(*, act: Act, approval_id: int) -> str:
    """Why an approval does not stand, which voids it here and now; "" where it does. For whatever is about to rely on one: a
    document, an acceptance. Raises Approval.DoesNotExist where the person may not see it."""
    approval = locked_approval(act, approval_id)
    if approval.state == ApprovalState.VOID:
        return approval.why_void
    if approval.state not in (ApprovalState.OPEN, ApprovalState.APPROVED) or approval.revision.state == State.ACCEPTED:
        return ""
    why = standing(approval)
    if why:
        void(act, approval, why)
    return why


def void_if_fallen(revision: Revision) -> None:
    """For whoever only reads an approved revision: where it no longer stands the system says so on it. Writes nothing else."""
    approval = Approval.objects.filter(revision=revision, state=ApprovalState.APPROVED).first()
    if approval is None or revision.state != State.APPROVED:
        return
    approval.revision = revision
    if standing(approval):
        void_unless_standing(act=Act(by=None, route=Route.PAGE), approval_id=approval.pk)
