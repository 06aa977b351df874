"""A deal's score over time, as numbers for a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from crm.queries import playbook as playbooks
from crm.rules import formatting
from scoring.queries.scores import Move, Share


def chart(moves: Sequence[Move]) -> dict[str, Any] | None:
    """`points` from the oldest: each holds until the next. `classes` are the floors in force. None without a score."""
    if not moves:
        return None
    bant = playbooks.by_number(moves[0].row.playbook_version.number).bant
    return {
        "points": [
            {
                "at": timezone.localtime(move.row.computed_at).isoformat(timespec="seconds"),
                "low": float(move.row.low),
                "high": float(move.row.high),
                "text": told(move),
            }
            for move in reversed(moves)
        ],
        "until": timezone.localtime().isoformat(timespec="seconds"),
        "classes": [{"key": part.key, "floor": float(part.at_least)} for part in bant.classes],
        "scale": [bant.lowest, bant.highest],
    }


def told(move: Move) -> list[str]:
    """The lines a point says of itself."""
    number = formatting.score_range(move.row.low, move.row.high)
    classes = " or ".join(move.row.possible_classes) if len(move.row.possible_classes) < 3 else "no class yet"
    lines = [f"{number} · {classes}", *(f"{share.label}: {share_text(share)}" for share in move.shares)]
    return lines if move.shares else [*lines, move.cause_label]


def share_text(share: Share) -> str:
    """+0.20, or both ends where they differ: +0.20 / −0.10."""
    low = formatting.signed(share.low)
    return low if share.same else f"{low} / {formatting.signed(share.high)}"
