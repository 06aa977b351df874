"""Contract terms and approvals make sense, and whoever is asked to approve anything exists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from playbook.checks.context import Context, Item
from playbook.problems import Path
from playbook.schema.pricing import TermOption

NEEDED = ("payment_terms", "billing")
"""What every quote settles. The other kinds are the playbook's own affair."""
_RANKS = ("manager", "vp", "svp")


def check_terms(context: Context) -> None:
    terms = context.part("terms")
    if terms is None:
        return
    known = context.keys("terms", "kinds")
    for key in NEEDED:
        if key not in known:
            context.add(terms, "kinds", reason=f"leaves out {key}", allowed=f"among them {' and '.join(NEEDED)}")
    for item in context.items("terms", "kinds"):
        standard = [option.key for option in item.part.options if option.standard]
        if len(standard) != 1:
            reason = f"{' and '.join(standard)} are standard" if standard else "no option is standard"
            context.add(item, "options", reason=reason, allowed="exactly one standard option")
        for index, option in enumerate(item.part.options):
            _check_option(context, Item(item.file, (*item.path, "options", index), option))


def _check_option(context: Context, item: Item) -> None:
    option: TermOption = item.part
    if option.standard:
        for name in ("uplift_percent", "years_at_least", "approval", "red_line", "legal_review"):
            if getattr(option, name):
                reason = "does not go with the standard option, which asks for nothing"
                context.add(item, name, reason=reason, allowed="no value")
    if option.red_line and option.approval is None:
        reason = "is a red line that nobody would have to approve"
        context.add(item, "red_line", reason=reason, allowed="an approval beside it")


def check_approvals(context: Context) -> None:
    approvals = context.part("approvals")
    if approvals is not None:
        _check_levels(context, approvals)
        remind, escalate = approvals.part.remind_after_working_days, approvals.part.escalate_after_working_days
        if escalate <= remind:
            reason = f"{escalate} comes before anybody was reminded, which is after {remind}"
            context.add(approvals, "escalate_after_working_days", reason=reason, allowed=f"{remind + 1} or more")
    known = context.keys("approvals", "levels")
    for item, path, level in _approvers(context):
        if level is not None:
            context.must_be_in(item, path, [level], known, "approval level")


def _check_levels(context: Context, approvals: Item) -> None:
    levels = approvals.part.levels
    if not levels and context.whole("approvals"):
        context.add(approvals, "levels", reason="there is none", allowed="at least one")
    items = list(context.items("approvals", "levels"))
    for before, item in itertools.pairwise(items):
        if _RANKS.index(item.part.role) <= _RANKS.index(before.part.role):
            reason = f"{item.part.role} does not stand above {before.part.role}"
            context.add(item, "role", reason=reason, allowed=f"levels from low to high: {', '.join(_RANKS)}")


def _approvers(context: Context) -> Iterator[tuple[Item, Path, str | None]]:
    """Everything that asks for somebody's approval, and where it says so."""
    for name in ("volume", "strategic"):
        for item in context.items("discounts", name):
            yield item, ("approval",), item.part.approval
    for item in context.items("discounts", "term_schedules"):
        for index, step in enumerate(item.part.steps):
            yield item, ("steps", index, "approval"), step.approval
    discounts = context.part("discounts")
    if discounts is not None:
        yield discounts, ("price_lock", "approval"), discounts.part.price_lock.approval
    for item in context.items("terms", "kinds"):
        for index, option in enumerate(item.part.options):
            yield item, ("options", index, "approval"), option.approval
