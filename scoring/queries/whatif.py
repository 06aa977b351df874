"""What a deal's total would be with other scores: the same rule, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping

from crm.queries import playbook as playbooks
from playbook.schema.qualification import Bant
from scoring.models import LeadScore
from scoring.rules.lead_score import Score, score


def bant_of(row: LeadScore) -> Bant:
    return playbooks.by_number(row.playbook_version.number).bant


def asked(bant: Bant, given: Mapping[str, object]) -> bool:
    """Whether the address supposes any scores."""
    return any(criterion.key in given for criterion in bant.criteria)


def now(row: LeadScore) -> dict[str, object]:
    """The scores as they are, to start from."""
    return {criterion: given for criterion, given, _, _ in row.contributions}


def score_of(bant: Bant, scores: Mapping[str, int | None]) -> Score:
    return score(bant, scores)
