"""How a score is written down: the JSON shapes of `LeadScore`, the same for one deal and for a million."""

from __future__ import annotations

from scoring.rules.attribution import Basis, Cause
from scoring.rules.lead_score import Contribution, Score, format_exact, format_total

FIRST = "first"
"""The cause of a deal's first score: there was nothing before it."""


def contribution_json(part: Contribution) -> list[object]:
    """[criterion, score or null, weight, product or null], numbers as exact strings."""
    product = None if part.product is None else format_total(part.product)
    return [part.criterion, part.score, format_exact(part.weight_percent), product]


def contributions_json(score: Score) -> list[list[object]]:
    return [contribution_json(part) for part in score.contributions]


def main_cause(before: Basis, after: Basis) -> Cause:
    """The cause to name where criteria moved against each other and the total stayed: the first input that differs."""
    if before.inputs.overrides != after.inputs.overrides:
        return "override"
    if before.playbook.bant != after.playbook.bant:
        return "playbook"
    return "facts" if before.inputs.facts != after.inputs.facts else "dates"
