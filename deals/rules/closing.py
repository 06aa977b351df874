"""What closing a deal needs: reasons of the right outcome, the competitor chosen or beaten, and a note (domain:
deals)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.schema import Playbook
from playbook.schema.market import OutcomeReason

Outcome = Literal["won", "lost"]


@dataclass(frozen=True, slots=True)
class Closing:
    """How somebody wants to close a deal. `competitor` is any handle of the competitor; `no_competitor` says there was
    none."""

    outcome: Outcome
    reasons: Sequence[str]
    competitor: object | None = None
    no_competitor: bool = False
    note: str = ""


def reasons_for(playbook: Playbook, outcome: Outcome) -> tuple[OutcomeReason, ...]:
    return tuple(reason for reason in playbook.outcome_reasons if reason.outcome == outcome)


def closing_problems(playbook: Playbook, closing: Closing) -> dict[str, list[str]]:
    """What is missing or wrong, by field (`reasons`, `competitor`, `note`); empty when the deal may be closed so."""
    problems = {
        "reasons": _reason_problems(playbook, closing),
        "competitor": _competitor_problems(closing),
        "note": [] if closing.note.strip() else ["Write a note: what decided it, in a sentence or two."],
    }
    return {field: texts for field, texts in problems.items() if texts}


def _reason_problems(playbook: Playbook, closing: Closing) -> list[str]:
    allowed = {reason.key for reason in reasons_for(playbook, closing.outcome)}
    labels = {reason.key: reason.label for reason in playbook.outcome_reasons}
    if not closing.reasons:
        return [f"Choose at least one reason why the deal was {closing.outcome}."]
    return [
        f"“{labels.get(key, key)}” is no reason for a {closing.outcome} deal. Choose a {closing.outcome} reason."
        for key in closing.reasons
        if key not in allowed
    ]


def _competitor_problems(closing: Closing) -> list[str]:
    part = "beaten" if closing.outcome == "won" else "chosen instead"
    if closing.competitor is None and not closing.no_competitor:
        return [f"Choose the competitor {part}, or say that there was none."]
    if closing.competitor is not None and closing.no_competitor:
        return ["Either choose a competitor, or say that there was none; not both."]
    return []
