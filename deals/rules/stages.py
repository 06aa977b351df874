"""Stages: which moves there are, what should be true before one is left, how long is usual, and what a deal weighs
(domain: deals)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crm.rules.fact_words import Names, names_of
from deals.rules.explain import Facts, explain
from playbook.conditions import evaluate
from playbook.schema import Playbook
from playbook.schema.market import Stage

Kind = Literal["open", "won", "lost"]
Move = Literal["move", "close", "reopen"]

TRANSITIONS: dict[tuple[Kind, Kind], Move] = {
    ("open", "open"): "move",
    ("open", "won"): "close",
    ("open", "lost"): "close",
    ("won", "open"): "reopen",
    ("lost", "open"): "reopen",
}
"""Which kind of stage may follow which, and by which verb. A closed deal is reopened before it closes another way."""


@dataclass(frozen=True, slots=True)
class CriterionCheck:
    """An exit criterion held against a deal. `met` is None while a fact it needs is not known; that warns like
    unmet."""

    stage: str
    key: str
    text: str
    met: bool | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeInStage:
    """Days in the stage, counted in dates, beside the usual. `over_by` is 0 within the usual time or where none is
    given."""

    days: int
    expected_days: int | None
    over_by: int


def transition(playbook: Playbook, from_stage: str, to_stage: str) -> Move | None:
    """The verb that leads from one stage to another, or None where there is no way. Staying is no move."""
    if from_stage == to_stage:
        return None
    return TRANSITIONS.get((playbook.stage(from_stage).kind, playbook.stage(to_stage).kind))


def next_stage(playbook: Playbook, stage: str) -> Stage | None:
    """The open stage after this one; None after the last, and for a closed deal."""
    keys = [candidate.key for candidate in playbook.open_stages]
    position = keys.index(stage) + 1 if stage in keys else len(keys)
    return playbook.open_stages[position] if position < len(keys) else None


def stages_left(playbook: Playbook, from_stage: str, to_stage: str) -> tuple[Stage, ...]:
    """The stages whose exit criteria a move asks for: the current one and every one skipped.

    Moving forward leaves all stages before the target, winning leaves all that remain; going back, losing and
    reopening leave none.
    """
    stages = playbook.open_stages
    keys = [stage.key for stage in stages]
    target = playbook.stage(to_stage)
    if from_stage not in keys or target.kind == "lost":
        return ()
    end = len(keys) if target.kind == "won" else keys.index(to_stage)
    return stages[keys.index(from_stage) : end]


def exit_criteria(
    stage: Stage, known: Facts, today: dt.date, *, names: Names | None = None
) -> tuple[CriterionCheck, ...]:
    """The stage's exit criteria against what is known: facts and signals merged (`deals.rules.signals.known`)."""
    return tuple(
        CriterionCheck(
            stage=stage.key,
            key=criterion.key,
            text=criterion.text,
            met=evaluate(criterion.when, known, today=today),
            because=explain(criterion.when, known, today=today, names=names),
        )
        for criterion in stage.exit_criteria
    )


def exit_criteria_for_move(
    playbook: Playbook, from_stage: str, to_stage: str, known: Facts, today: dt.date
) -> tuple[CriterionCheck, ...]:
    """The exit criteria of every stage that a move leaves, in the stages' order."""
    left, names = stages_left(playbook, from_stage, to_stage), names_of(playbook)
    return tuple(check for stage in left for check in exit_criteria(stage, known, today, names=names))


def unmet(checks: tuple[CriterionCheck, ...]) -> tuple[CriterionCheck, ...]:
    """The checks that warn: those not met, and those nobody can tell yet."""
    return tuple(check for check in checks if not check.met)


def time_in_stage(playbook: Playbook, stage: str, entered_date: dt.date, today: dt.date) -> TimeInStage:
    days = max((today - entered_date).days, 0)
    expected = playbook.stage(stage).expected_days
    return TimeInStage(days, expected, max(days - expected, 0) if expected is not None else 0)


def weighted_amount(playbook: Playbook, stage: str, amount: Decimal | None) -> Decimal | None:
    """Amount x the stage's probability, exact; None while the amount is unknown."""
    if amount is None:
        return None
    return (amount * playbook.stage(stage).probability_percent).scaleb(-2)
