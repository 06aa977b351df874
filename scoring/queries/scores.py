"""Stored scores of a deal: the last one, all of them, and what each move was made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from playbook.schema import Playbook
from scoring.models import LeadScore
from scoring.models.scores import LeadScoreQuerySet
from scoring.rules.attribution import Cause
from scoring.rules.lead_score import Score, score
from scoring.rules.stored import FIRST

CAUSE_LABELS: dict[str, str] = {
    "facts": "Facts",
    "dates": "The calendar",
    "playbook": "The playbook",
    "override": "The rep's score",
    FIRST: "First score",
}


def stored() -> LeadScoreQuerySet:
    """Stored scores with what naming them takes; the playbook's content stays where it is."""
    return LeadScore.objects.select_related("playbook_version", "caused_by", "result").defer("playbook_version__data")


def latest(deal_id: int) -> LeadScore | None:
    """The deal's last stored score."""
    return stored().with_derivation().filter(deal_id=deal_id).order_by("-computed_at", "-id").first()


def as_score(row: LeadScore, playbook: Playbook) -> Score:
    """The stored score as the rules know it. `playbook` is the one it was computed with."""
    return score(playbook.bant, {criterion: given for criterion, given, _, _ in row.contributions})


@dataclass(frozen=True, slots=True)
class Share:
    """A cause's part in a move, at both ends of the range; for complete scores they are the same."""

    cause: str
    label: str
    low: Decimal
    high: Decimal

    @property
    def same(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a deal's history. `to_at` is when the next score took over, None for the one in force."""

    row: LeadScore
    to_at: dt.datetime | None
    shares: tuple[Share, ...]
    cause_label: str

    @property
    def change(self) -> Share | None:
        """The whole move; None for a first score."""
        if self.row.previous_low is None or self.row.previous_high is None:
            return None
        return Share("", "", self.row.low - self.row.previous_low, self.row.high - self.row.previous_high)


def history(deal_id: int) -> list[Move]:
    """The deal's scores, the newest first."""
    moves: list[Move] = []
    to_at: dt.datetime | None = None
    for row in stored().filter(deal_id=deal_id).order_by("-computed_at", "-id"):
        moves.append(Move(row, to_at, shares(row.causes), CAUSE_LABELS.get(row.cause, row.cause)))
        to_at = row.computed_at
    return moves


def shares(causes: Mapping[str, Any]) -> tuple[Share, ...]:
    """A stored score's causes in a fixed order, those that moved nothing left out."""
    split = {cause: causes[cause] for cause in get_args(Cause) if cause in causes}
    return tuple(Share(cause, CAUSE_LABELS[cause], Decimal(low), Decimal(high)) for cause, (low, high) in split.items())
