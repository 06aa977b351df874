"""What other apps may ask of the score without knowing how it is made: questions worth asking, and what facts would do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from crm.registry.judging import DealJudge, Judged, QuestionRanker, RankedQuestion, deal_judges, question_rankers
from deals.queries import snapshot as snapshots
from deals.rules import meddpicc, signals
from deals.rules.snapshot import ContactSnapshot, DealSnapshot
from playbook.schema import Playbook
from scoring.rules.lead_score import format_total
from scoring.rules.questions import next_questions
from scoring.rules.recompute import ScoreInputs, compute


def register() -> None:
    question_rankers.add(QuestionRanker(key="score", rank=rank))
    deal_judges.add(DealJudge(key="score", judge=judge))


def rank(
    deal_id: int, playbook: Playbook, personas: Sequence[str], today: dt.date, limit: int
) -> Sequence[RankedQuestion]:
    """Six queries: the deal as it is recorded, with these people in the room."""
    snapshot = snapshots.load(deal_id)
    if personas:
        there = tuple(ContactSnapshot(id=0, name="", role="", persona=persona) for persona in personas)
        snapshot = replace(snapshot, contacts=there)
    score = compute(playbook, ScoreInputs(snapshot.facts, snapshot.overrides, snapshot.segment, today)).score
    health = meddpicc.health(playbook, snapshot, today)
    flags = meddpicc.red_flags(playbook, signals.known(playbook, snapshot, today), today)
    found = next_questions(playbook, snapshot, score, health, today, flags=flags, limit=limit)
    return [RankedQuestion(one.question.key, one.because) for one in found]


def judge(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> Judged:
    """The same rules as for the stored score, on whatever the snapshot says."""
    score = compute(playbook, ScoreInputs(snapshot.facts, snapshot.overrides, snapshot.segment, today)).score
    health = meddpicc.health(playbook, snapshot, today)
    low, high = format_total(score.low), format_total(score.high)
    return Judged(
        total=low if low == high else f"{low} to {high}",
        lead_class=" or ".join(score.possible_classes),
        lights=health.lights_string,
        health=f"{health.stored_percent.normalize():f} %",
    )
