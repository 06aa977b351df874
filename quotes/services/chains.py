"""The worker's part: who has to agree to what was submitted, by the rules of the playbook it is pinned to."""

from __future__ import annotations

from django.db import transaction

from crm.services.audit import Act
from quotes.models import Approval, ApprovalState, Step
from quotes.queries.approvers import approvers, asked_level, asked_of, label_of, rules_for
from quotes.queries.standing import priced_again, standing
from quotes.rules.approvals import clearances
from quotes.rules.pricing import Priced
from quotes.services import telling
from quotes.services.base import locked_approval, settle, touch, void


@transaction.atomic
def compute(*, act: Act, approval_id: int) -> None:
    """Writes the steps and asks the first, or approves at once where nobody has to agree.

    All of it or nothing: a worker that is killed leaves the approval as it was, and one that comes second finds it done.
    Whatever was changed behind the product's back voids it here. Raises Approval.DoesNotExist.
    """
    approval = locked_approval(act, approval_id)
    if approval.state != ApprovalState.COMPUTING:
        return
    if why := standing(approval):
        void(act, approval, why)
        return
    priced = priced_again(approval.revision)
    if not priced.requirements:
        _approve_at_once(approval, priced, act)
        return
    Step.objects.bulk_create(
        Step(
            approval=approval,
            position=place,
            level=one.level,
            asked_level=one.level,
            because=[{"rule": reason.rule, "text": reason.text} for reason in one.because],
        )
        for place, one in enumerate(priced.requirements, start=1)
    )
    approval.state = ApprovalState.OPEN
    approval.save(update_fields=["state"])
    ask(act, approval, approval.steps.get(position=1))


def ask(act: Act, approval: Approval, step: Step) -> None:
    """A step's turn comes: whoever holds its level is asked, or the next level that has somebody who may decide."""
    step.asked_at = act.now
    may = approvers(approval, step.level, at=act.now)
    step.asked_level = asked_level(approval, step.level, may)
    step.save(update_fields=["asked_at", "asked_level"])
    label = label_of(step.asked_level, rules_for(approval))
    touch(approval.revision.quote, act=act, verb="asked", changes={"asked": (None, label)})
    telling.tell_asked(act, approval, step, asked_of(may, step))


def _approve_at_once(approval: Approval, priced: Priced, act: Act) -> None:
    by = clearances(priced.ask, rules_for(approval))
    approval.cleared_by = [{"rule": one.rule, "text": one.text} for one in by]
    said = " ".join(one.text for one in by)
    settle(approval, ApprovalState.APPROVED, act=act, verb="cleared", changes={"by_rules": (None, said)})
    telling.tell_of_clearance(act, approval)
