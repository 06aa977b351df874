"""What changed an open pipeline between two moments, in steps that sum exactly.

A deal counts at a moment when it is open, somebody's whose deals are counted then owns it, and it is to close in the period
asked for. How it came to count, or no longer does, is its step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Outcome = Literal["open", "won", "lost"]
Step = Literal["opened", "reopened", "moved_in", "handed_in", "up", "won", "lost", "moved_out", "handed_out", "down"]

STEPS: dict[Step, str] = {
    "opened": "Opened",
    "reopened": "Reopened",
    "moved_in": "Moved in",
    "handed_in": "Handed over to us",
    "up": "Up",
    "won": "Won",
    "lost": "Lost",
    "moved_out": "Moved out",
    "handed_out": "Handed over to others",
    "down": "Down",
}
"""In the order they are shown."""

MEANS: dict[Step, str] = {
    "opened": "Deals there were not at the start.",
    "reopened": "Deals that were won or lost at the start and are open again.",
    "moved_in": "Deals whose close date came into the period.",
    "handed_in": "Deals that somebody else had at the start, or whose owner came into the team.",
    "up": "Deals that are worth more, what they are worth more.",
    "won": "Deals won since.",
    "lost": "Deals lost since.",
    "moved_out": "Deals whose close date left the period.",
    "handed_out": "Deals that somebody else has now, or whose owner left the team.",
    "down": "Deals that are worth less, what they are worth less.",
}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class State:
    """A deal at one moment. An amount nobody has said counts as nought. `ours`: its owner's deals are counted then; `inside`: it
    is to close, or was closed, in the period."""

    outcome: Outcome
    amount: Decimal = ZERO
    currency: str = ""
    ours: bool = True
    inside: bool = True

    @property
    def counts(self) -> bool:
        return self.outcome == "open" and self.ours and self.inside


@dataclass(frozen=True, slots=True)
class Change:
    """Deals at both ends; `before` is None for those there were not yet.

    One deal, or many that differ in nothing but their amounts, which are summed then: a step is linear in the amounts as long
    as all of them rose, or fell.
    """

    before: State | None
    after: State
    count: int = 1


@dataclass(frozen=True, slots=True)
class Added:
    """What a change added to the open pipeline of a currency by a step."""

    step: Step
    currency: str
    amount: Decimal


def steps_of(change: Change) -> list[Added]:
    """The steps of a change, in the order they were taken; none where it neither counts nor counted.

    A deal that came and was closed between the ends took both steps: what was won is in the step "won", and the sum is right.
    """
    before, after = change.before, change.after
    if before is not None and before.counts:
        return _left(before, after)
    came = _came(before, after)
    if came is None:
        return []
    found = [Added(came, after.currency, after.amount)]
    if after.outcome != "open":
        found.append(Added(after.outcome, after.currency, -after.amount))
    return found


def _left(before: State, after: State) -> list[Added]:
    """Of one that counted: what became of it."""
    if not after.ours:
        return [Added("handed_out", before.currency, -before.amount)]
    if after.outcome == "open" and not after.inside:
        return [Added("moved_out", before.currency, -before.amount)]
    found = _worth(before, after)
    if after.outcome != "open":
        found.append(Added(after.outcome, after.currency, -after.amount))
    return found


def _worth(before: State, after: State) -> list[Added]:
    """Another currency, or none for want of an amount, leaves one pipeline for another."""
    if before.currency != after.currency:
        moved = [Added("down", before.currency, -before.amount), Added("up", after.currency, after.amount)]
        return [one for one in moved if one.amount]
    moved_by = after.amount - before.amount
    return [Added("up" if moved_by > 0 else "down", after.currency, moved_by)] if moved_by else []


def _came(before: State | None, after: State) -> Step | None:
    """Of one that did not count: how it came to, if only on its way to be closed."""
    if not after.ours or not after.inside:
        return None
    if before is None:
        return "opened"
    if before.outcome != "open":
        return "reopened" if after.outcome == "open" else None
    return "moved_in" if before.ours else "handed_in"


@dataclass(slots=True)
class Steps:
    """Of one currency: `start` plus the sums is `end`. `deals` counts those in each step."""

    start: Decimal = ZERO
    end: Decimal = ZERO
    sums: dict[Step, Decimal] = field(default_factory=dict)
    deals: dict[Step, int] = field(default_factory=dict)

    def add(self, added: Added, count: int) -> None:
        self.sums[added.step] = self.sums.get(added.step, ZERO) + added.amount
        self.deals[added.step] = self.deals.get(added.step, 0) + count

    @property
    def is_exact(self) -> bool:
        return self.start + sum(self.sums.values(), ZERO) == self.end


def waterfall(start: Mapping[str, Decimal], end: Mapping[str, Decimal], changes: Iterable[Change]) -> dict[str, Steps]:
    """The steps from the open sums of one moment to those of another, by currency. The ends are counted by themselves, so
    whether the steps lead from one to the other can be told (`Steps.is_exact`)."""
    found = {currency: Steps(start.get(currency, ZERO), end.get(currency, ZERO)) for currency in sorted({*start, *end})}
    for change in changes:
        for added in steps_of(change):
            found.setdefault(added.currency, Steps()).add(added, change.count)
    return found
