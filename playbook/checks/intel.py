"""Kinds of events ask for scenarios that exist, and the steps of a scenario stand in the order of their clocks."""

from __future__ import annotations

import itertools

from playbook.checks.context import Context, Item


def check_intel(context: Context) -> None:
    known = context.keys("intel", "scenarios")
    for item in context.items("intel", "kinds"):
        response = item.part.response
        if response is not None and not known:
            context.add(
                item, "response", reason=f"names the scenario {response!r}; there is none", allowed="no response"
            )
        elif response is not None:
            context.must_be_in(item, ("response",), [response], known, "scenario")
        elif item.part.response_when:
            reason = "says when to respond, but not how"
            context.add(item, "response_when", reason=reason, allowed="a response beside it")
    for item in context.items("intel", "scenarios"):
        check_steps(context, item)


def check_steps(context: Context, item: Item) -> None:
    """The `steps` of a part stand in the order of their clocks."""
    for index, (before, step) in enumerate(itertools.pairwise(item.part.steps), start=1):
        if step.within.reach < before.within.reach:
            reason = f"is due before {before.key}, which stands before it"
            context.add(item, "steps", index, "within", reason=reason, allowed="steps in the order of their clocks")
