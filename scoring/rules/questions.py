"""Next best questions: those worth asking now, by how far an answer could move the score's range or raise MEDDPICC
health.

Both are counted in hundredths: of the way from the lowest to the highest total, and of full health. A criterion nobody
has scored can move by its whole weight; a scored one by what it still lacks, and only while a fact its anchors look at
is open. An answer takes an element one step up, from unknown to claimed or from claimed to confirmed. A question on
several subjects counts for the one of each kind that it can move most, since one answer seldom settles them all. After
each question the next is ranked as if that one were answered, so that the list does not ask the same thing three ways.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from crm.rules.fact_words import show_number
from deals.rules.facts import usable
from deals.rules.meddpicc import Health, RaisedFlag, percent
from deals.rules.snapshot import DealSnapshot, Strength
from playbook.schema import Playbook
from playbook.schema.conditions import facts_named
from playbook.schema.qualification import Question
from scoring.rules.lead_score import Contribution, Score, format_total, weighted
from scoring.rules.lift import certain_class_after

NEXT: Mapping[Strength, Strength] = {"unknown": "claimed", "claimed": "confirmed", "confirmed": "confirmed"}

SOON_DAYS = 90
"""A close date within these days is worth mentioning as a reason."""


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question with why it is worth asking. `because` is ordered, the strongest reason first; `reach` is what it is
    ranked by."""

    question: Question
    score_reach: Fraction
    health_reach: Fraction
    because: tuple[str, ...]

    @property
    def reach(self) -> Fraction:
        return self.score_reach + self.health_reach


@dataclass(frozen=True)
class _Context:
    """Everything the ranking of one deal's questions looks at; what does not depend on the question is worked out
    once."""

    playbook: Playbook
    snapshot: DealSnapshot
    score: Score
    health: Health
    today: dt.date
    flags: Sequence[RaisedFlag]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(usable(self.playbook, self.snapshot.facts))

    @cached_property
    def looked_at(self) -> dict[str, frozenset[str]]:
        """By criterion the facts that can move its suggested score. Where the rep has said a score, none can."""
        return {
            criterion.key: frozenset().union(*(facts_named(anchor.when) for anchor in criterion.anchors))
            for criterion in self.playbook.bant.criteria
            if self.snapshot.overrides.get(criterion.key) is None
        }

    @cached_property
    def gains(self) -> dict[str, Fraction]:
        """By element what health would gain by its next step up."""
        meddpicc = self.playbook.meddpicc
        strengths = {light.element: light.strength for light in self.health.lights}
        now = percent(meddpicc, strengths)
        return {key: percent(meddpicc, {**strengths, key: NEXT[held]}) - now for key, held in strengths.items()}

    @cached_property
    def flagged(self) -> frozenset[str | None]:
        return frozenset(key for flag in self.flags for key in (flag.element, flag.criterion) if key)


def next_questions(
    playbook: Playbook,
    snapshot: DealSnapshot,
    current: Score,
    health: Health,
    today: dt.date,
    *,
    flags: Sequence[RaisedFlag] = (),
    limit: int = 5,
) -> tuple[NextQuestion, ...]:
    """The best questions for this deal, best first. Ties go to questions that touch a raised flag, then to the bank's
    order."""
    context = _Context(playbook, snapshot, current, health, today, [flag for flag in flags if flag.raised])
    left = [question for question in playbook.questions if is_for(question, snapshot)]
    chosen: list[NextQuestion] = []
    covered: set[str] = set()
    while left and len(chosen) < limit:
        best = max(
            (_ranked(context, question, covered) for question in left), key=lambda ranked: _rank(context, ranked)
        )
        if best.reach == 0:
            if not covered:
                break
            covered.clear()  # every subject has its question; begin again with what is left
            continue
        chosen.append(dataclasses.replace(best, because=_because(context, best.question, covered)))
        left.remove(best.question)
        covered |= {*best.question.criteria, *best.question.elements}
    return tuple(chosen)


def is_for(question: Question, snapshot: DealSnapshot) -> bool:
    """Asked of somebody on this deal (of anybody, while no persona is known), in its segment, and not answered yet."""
    if question.key in snapshot.answered:
        return False
    asked_here = not question.segments or snapshot.segment in question.segments
    personas = snapshot.personas
    return asked_here and (not question.personas or not personas or not personas.isdisjoint(question.personas))


def by_criterion(questions: Iterable[NextQuestion]) -> dict[str, str]:
    """The best question's text for each criterion: what a lift may suggest to ask."""
    found: dict[str, str] = {}
    for ranked in questions:
        for criterion in ranked.question.criteria:
            found.setdefault(criterion, ranked.question.text)
    return found


def _rank(context: _Context, ranked: NextQuestion) -> tuple[Fraction, bool]:
    subjects = {*ranked.question.criteria, *ranked.question.elements}
    return ranked.reach, not context.flagged.isdisjoint(subjects)


def _ranked(context: _Context, question: Question, covered: set[str]) -> NextQuestion:
    moves, gains = _reaches(context, question, covered)
    nothing = Fraction(0)
    return NextQuestion(question, max(moves.values(), default=nothing), max(gains.values(), default=nothing), ())


def _reaches(
    context: _Context, question: Question, covered: set[str]
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """By criterion and by element how far the question reaches, what is covered already left out."""
    moves = {key: _criterion_reach(context, question, key) for key in question.criteria if key not in covered}
    gains = {key: context.gains.get(key, Fraction(0)) for key in question.elements if key not in covered}
    return moves, gains


def _because(context: _Context, question: Question, covered: set[str]) -> tuple[str, ...]:
    moves, gains = _reaches(context, question, covered)
    reasons = [(reach, _criterion_reason(context, key)) for key, reach in moves.items() if reach]
    reasons += [(reach, _element_reason(context, key)) for key, reach in gains.items() if reach]
    texts = [text for _, text in sorted(reasons, key=lambda reason: -reason[0])]
    flags = [f"Red flag: {flag.text}" for flag in context.flags if flag.element in gains or flag.criterion in moves]
    return (*texts, *flags)


def _criterion_reach(context: _Context, question: Question, key: str) -> Fraction:
    if key not in context.looked_at:
        return Fraction(0)
    part = context.score.contribution(key)
    if question.facts:
        can_move = any(fact in context.looked_at[key] and fact not in context.known for fact in question.facts)
    else:
        can_move = part.score is None
    scale = context.playbook.bant.highest - context.playbook.bant.lowest
    return Fraction(part.weight_percent) * _points(context, part) / scale if can_move else Fraction(0)


def _points(context: _Context, part: Contribution) -> int:
    """By how many points an answer could move the criterion."""
    bant = context.playbook.bant
    return bant.highest - (bant.lowest if part.score is None else part.score)


def _criterion_reason(context: _Context, key: str) -> str:
    bant, current = context.playbook.bant, context.score
    part = current.contribution(key)
    best = certain_class_after(bant, current, key)
    if best != current.possible_classes[0]:
        return f"Could lift the class to {best}."
    move = format_total(weighted(_points(context, part), part.weight_percent))
    if part.score is None:
        return f"{part.label} is not scored yet; an answer narrows the range by {move}."
    return f"{part.label} is at {part.score}; an answer could raise the total by up to {move}."


def _element_reason(context: _Context, key: str) -> str:
    light = context.health.light(key)
    said = {"unknown": "unknown", "claimed": "only claimed", "confirmed": "confirmed"}[light.strength]
    state = "confirmed too long ago" if light.stale else said
    closing = _closing(context)
    return f"{light.label} {state}, {closing}." if closing else f"{light.label} {state}."


def _closing(context: _Context) -> str:
    if context.snapshot.close_date is None:
        return ""
    days = (context.snapshot.close_date - context.today).days
    if days < 0:
        return "and the close date has passed"
    if days > SOON_DAYS:
        return ""
    return "closing today" if days == 0 else f"closing in {show_number(days)} {'day' if days == 1 else 'days'}"
