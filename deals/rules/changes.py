"""What changed an open pipeline between two moments, in steps that sum exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

State = Literal["open", "won", "lost"]
Step = Literal["opened", "reopened", "up", "won", "lost", "down"]

STEPS: dict[Step, str] = {
    "opened": "Opened",
    "reopened": "Reopened",
    "up": "Up",
    "won": "Won",
    "lost": "Lost",
    "down": "Down",
}
"""In the order they are shown."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A deal at one moment. An amount nobody has said counts as nothing."""

    state: State
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A deal at both ends; `before` is None for one opened since."""

    deal_id: int
    before: Moment | None
    after: Moment


@dataclass(slots=True)
class Steps:
    """Of one currency: what each step added, and the deals in it. `start` plus the sums is `end`."""

    start: Decimal
    end: Decimal
    sums: dict[Step, Decimal] = field(default_factory=lambda: dict.fromkeys(STEPS, Decimal(0)))
    deals: dict[Step, list[int]] = field(default_factory=lambda: {step: [] for step in STEPS})


def steps_of(changed: Changed) -> list[tuple[Step, str, Decimal]]:
    """(step, currency, what it added to the open pipeline) of one deal; nothing where it was closed at both ends."""
    before, after = changed.before, changed.after
    found: list[tuple[Step, str, Decimal]] = []
    if before is None:
        found.append(("opened", after.currency, after.amount))
    elif before.state != "open":
        if after.state == "open":
            found.append(("reopened", after.currency, after.amount))
        return found
    elif before.currency != after.currency:
        found += [("down", before.currency, -before.amount), ("up", after.currency, after.amount)]
    elif before.amount != after.amount:
        moved = after.amount - before.amount
        found.append(("up" if moved > 0 else "down", after.currency, moved))
    if after.state == "won":
        found.append(("won", after.currency, -after.amount))
    elif after.state == "lost":
        found.append(("lost", after.currency, -after.amount))
    return found


def waterfall(end: Mapping[str, Decimal], changed: Iterable[Changed]) -> dict[str, Steps]:
    """The steps that lead to these open sums, by currency."""
    found = {currency: Steps(start=amount, end=amount) for currency, amount in end.items()}
    for one in changed:
        for step, currency, added in steps_of(one):
            steps = found.setdefault(currency, Steps(Decimal(0), Decimal(0)))
            steps.sums[step] += added
            steps.start -= added
            steps.deals[step].append(one.deal_id)
    return found
