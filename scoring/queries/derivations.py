"""How a stored score came about, computed once more from what was stored with it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.queries import playbook as playbooks
from playbook.schema import Playbook
from scoring.models import LeadScore
from scoring.rules.recompute import Computed, recompute
from scoring.rules.stored import contributions_json


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The same inputs under the same playbook, judged again. `same` says whether every stored digit came out again."""

    computed: Computed
    playbook: Playbook
    same: bool


def recomputed(row: LeadScore) -> Recomputed:
    """From a score with its `playbook_version`. Raises ValueError for inputs this release can't read."""
    playbook = playbooks.by_number(row.playbook_version.number)
    computed = recompute(playbook, row.inputs)
    score = computed.score
    again = (score.low, score.high, score.total, "".join(score.possible_classes), contributions_json(score))
    return Recomputed(
        computed, playbook, again == (row.low, row.high, row.total, row.possible_classes, row.contributions)
    )
