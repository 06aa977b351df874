"""Steps by quantity and by years: they ascend, leave no gap and do not overlap."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from playbook.checks.context import Context, Item
from playbook.schema.pricing import TermStep, Tier, VolumeStep


def check_quantities(context: Context, item: Item, name: str, steps: Sequence[Tier | VolumeStep], *, what: str) -> None:
    """`what` is missing for quantities that no step covers: "a price"."""
    for index, step in enumerate(steps):
        if step.up_to is not None and step.up_to < step.at_least:
            reason = f"{step.up_to:,} lies below at_least, which is {step.at_least:,}"
            context.add(item, name, index, "up_to", reason=reason, allowed=f"{step.at_least:,} or more")
    for index, (before, step) in enumerate(itertools.pairwise(steps), start=1):
        if before.up_to is None:
            reason = "has no upper end, and another step follows"
            context.add(item, name, index - 1, reason=reason, allowed="up_to in all but the last")
        elif step.at_least != before.up_to + 1:
            fault = "overlaps the step before it" if step.at_least <= before.up_to else "leaves a gap"
            reason = f"{step.at_least:,} {fault}, which ends at {before.up_to:,}"
            context.add(item, name, index, "at_least", reason=reason, allowed=f"{before.up_to + 1:,}")
    if steps and steps[-1].up_to is not None:
        reason = f"leaves more than {steps[-1].up_to:,} without {what}"
        context.add(item, name, len(steps) - 1, "up_to", reason=reason, allowed="no value in the last")


def check_years(context: Context, item: Item, steps: Sequence[TermStep]) -> None:
    """Years count up from 1, and who commits for longer never gets less."""
    if not steps:
        context.add(item, "steps", reason="there is none", allowed="at least the one for 1 year")
    for index, step in enumerate(steps):
        if step.years != index + 1:
            reason = f"{step.years} stands where {index + 1} belongs"
            context.add(item, "steps", index, "years", reason=reason, allowed="1, 2, 3 and so on, each once")
        if index and step.percent < steps[index - 1].percent:
            reason = f"{step.percent} is less than for a shorter term, which gives {steps[index - 1].percent}"
            context.add(item, "steps", index, "percent", reason=reason, allowed=f"{steps[index - 1].percent} or more")
