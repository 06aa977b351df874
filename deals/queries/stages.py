"""What a move to another stage would ask, for the page that warns before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from deals.queries.snapshot import load
from deals.rules import signals, stages
from deals.rules.stages import CriterionCheck
from playbook.schema import Playbook


@dataclass(frozen=True, slots=True)
class LeftStage:
    """A stage that would be left, with its exit criteria held against the deal."""

    label: str
    checks: tuple[CriterionCheck, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a move asks. `unmet` counts what is not met or not known: with any, the move wants a reason."""

    left: tuple[LeftStage, ...]
    unmet: int
    met: int


def asked_for(playbook: Playbook, deal_id: int, from_stage: str, to_stage: str, today: dt.date) -> Asked:
    """The exit criteria of every stage the move leaves. Five queries. `to_stage` is a key of the playbook."""
    known = signals.known(playbook, load(deal_id), today)
    checks = stages.exit_criteria_for_move(playbook, from_stage, to_stage, known, today)
    open_points = len(stages.unmet(checks))
    return Asked(tuple(_by_stage(playbook, checks)), open_points, len(checks) - open_points)


def _by_stage(playbook: Playbook, checks: Iterable[CriterionCheck]) -> Iterable[LeftStage]:
    for stage, held in groupby(checks, key=lambda check: check.stage):
        yield LeftStage(playbook.stage(stage).label, tuple(held))
