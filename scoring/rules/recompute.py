"""From stored inputs to a score, and to the same score again later.

A lead score follows from four things alone: facts, the rep's overrides, the day, and the playbook. The segment decides
the verdicts beside it. All five are stored with a score, so computing it again gives the same result to the last
digit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from deals.rules.bant import Assessment, assess
from playbook.schema import Playbook
from scoring.rules.lead_score import Score, score


@dataclass(frozen=True, slots=True)
class ScoreInputs:
    """What a score is computed from, besides the playbook. `facts` are the account's and the deal's merged."""

    facts: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[str, int | None] = field(default_factory=dict)
    segment: str = ""
    as_of: dt.date = dt.date.min

    def as_json(self) -> dict[str, object]:
        """As stored beside the score. Facts keep their canonical JSON form; overrides that say nothing are left out."""
        return {
            "facts": dict(self.facts),
            "overrides": {key: value for key, value in self.overrides.items() if value is not None},
            "segment": self.segment,
            "as_of": self.as_of.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> ScoreInputs:
        """Raises ValueError for anything `as_json` can't have written."""
        facts, overrides = stored.get("facts"), stored.get("overrides")
        if not isinstance(facts, Mapping) or not isinstance(overrides, Mapping):
            raise ValueError("stored inputs need facts and overrides")
        return cls(facts, overrides, str(stored.get("segment", "")), dt.date.fromisoformat(str(stored.get("as_of"))))


@dataclass(frozen=True, slots=True)
class Computed:
    """A score with the assessment it came from, so that every effective score can say why."""

    inputs: ScoreInputs
    assessment: Assessment
    score: Score


def compute(playbook: Playbook, inputs: ScoreInputs) -> Computed:
    assessment = assess(playbook, inputs.facts, inputs.overrides, inputs.segment, inputs.as_of)
    return Computed(inputs, assessment, score(playbook.bant, assessment.scores))


def recompute(playbook: Playbook, stored: Mapping[str, object]) -> Computed:
    """The score again from its stored inputs, under the playbook version it was computed with."""
    return compute(playbook, ScoreInputs.from_json(stored))
