"""Which deals another playbook can give other exit criteria: judging a whole book one by one takes long, and for most of
it nothing can differ."""

from __future__ import annotations

from typing import Literal

from crm.rules.rehearsal import Plan
from playbook.schema import Playbook
from playbook.schema.conditions import facts_named
from playbook.schema.market import ExitCriterion

Reach = Literal["none", "rescored", "all"]


def reach(plan: Plan, stage_before: str, stage_after: str) -> Reach:
    """Of the deals that stand in one stage before and in the other afterwards: whose exit criteria may come out otherwise.
    "rescored" are those whose score differs; "all" in doubt."""
    old, new = _criteria(plan.before, stage_before), _criteria(plan.after, stage_after)
    if not stage_after or not (old or new):
        return "none"
    same_reading = plan.before.facts == plan.after.facts and plan.before.meddpicc == plan.after.meddpicc
    if old != new or stage_before != stage_after or not same_reading:
        return "all"
    return "rescored" if any(name.startswith("score.") for one in new for name in facts_named(one.when)) else "none"


def _criteria(playbook: Playbook, stage: str) -> tuple[ExitCriterion, ...]:
    return next((one.exit_criteria for one in playbook.stages if one.key == stage), ())
