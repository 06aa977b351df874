"""What would lift a deal's class: the smallest single change, and, for a range, the one answer that decides.

A range is as good as its worst end, so to lift an incomplete score is to raise the class that is certain. An answer to
an unscored criterion comes before any change of a scored one: asking costs nothing, changing the customer's world
does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm.rules.fact_words import names_of
from deals.rules.bant import anchors_from_top
from deals.rules.explain import Facts
from deals.rules.facts import usable
from deals.rules.needs import needs
from playbook.schema import Playbook
from playbook.schema.qualification import Anchor, Bant, Criterion
from scoring.rules.lead_score import Score, class_of, classes_between, ranked_classes, score, weighted


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion set to another score: what the total and the classes would be. `points` is by how much it is
    raised, from the scale's lowest where there was no score."""

    criterion: str
    from_score: int | None
    to_score: int
    points: int
    low: Decimal
    high: Decimal
    possible_classes: tuple[str, ...]

    @property
    def total(self) -> Decimal | None:
        """The resulting total; None while other criteria leave it open."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Lift:
    """The smallest single change that lifts the class, and how it could come about.

    `from_class` and `to_class` are the classes that are certain before and after. `anchor_text` is what the playbook
    says of the score to reach, `needs` which facts would suggest it, and `question` what to ask for it.
    """

    step: Step
    label: str
    from_class: str
    to_class: str
    anchor_text: str
    needs: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible score of the deciding criterion. `anchor_text` is empty for the scores between anchors."""

    score: int
    anchor_text: str
    low: Decimal
    high: Decimal
    lead_class: str


@dataclass(frozen=True, slots=True)
class Decider:
    """An unscored criterion whose answer, whatever it is, settles the class. Answers run from the best to the worst."""

    criterion: str
    label: str
    question: str
    answers: tuple[Answer, ...]


def smallest_lift(bant: Bant, current: Score) -> Step | None:
    """The smallest single change that lifts the class that is certain; None where no single change does.

    Answers to unscored criteria first; then fewest points, a score the playbook describes, the smallest gain of the
    total, and the playbook's order.
    """
    ranks = {lead_class.key: rank for rank, lead_class in enumerate(ranked_classes(bant))}
    certain = ranks[current.possible_classes[0]]
    lifting = [step for step in steps(bant, current) if ranks[step.possible_classes[0]] > certain]
    described = {criterion.key: {anchor.score for anchor in criterion.anchors} for criterion in bant.criteria}

    def size(step: Step) -> tuple[bool, int, bool, Decimal]:
        known, between = step.from_score is not None, step.to_score not in described[step.criterion]
        return known, step.points, between, step.low - current.low

    return min(lifting, key=size, default=None)


def steps(bant: Bant, current: Score) -> Iterator[Step]:
    """Every single change that could raise the low end: each possible answer, each higher score."""
    for part in current.contributions:
        start = bant.lowest if part.score is None else part.score
        for value in range(start + (part.score is not None), bant.highest + 1):
            product = weighted(value, part.weight_percent)
            low, high = current.low - part.low + product, current.high - part.high + product
            yield Step(part.criterion, part.score, value, value - start, low, high, classes_between(bant, low, high))


def lift(
    playbook: Playbook,
    current: Score,
    facts: Facts,
    today: dt.date,
    *,
    questions: Mapping[str, str] | None = None,
) -> Lift | None:
    """The smallest lift, with the facts that would bring it. `questions` may name a better question for a criterion
    than the criterion's own (see `scoring.rules.questions.by_criterion`). None in the best class, and where one change
    is not enough."""
    step = smallest_lift(playbook.bant, current)
    if step is None:
        return None
    criterion = _criterion(playbook.bant, step.criterion)
    target = _anchor_reaching(criterion, step.to_score)
    return Lift(
        step=step,
        label=criterion.label,
        from_class=current.possible_classes[0],
        to_class=step.possible_classes[0],
        anchor_text=describe(criterion, step.to_score),
        needs=needs(target.when, usable(playbook, facts), today=today, names=names_of(playbook)) if target else (),
        question=(questions or {}).get(step.criterion, criterion.question),
    )


def decider(bant: Bant, current: Score, *, questions: Mapping[str, str] | None = None) -> Decider | None:
    """The criterion whose answer alone settles the class; None when the class is settled, or takes more than one
    answer.

    Of several such criteria the heaviest, then the first in the playbook's order.
    """
    if current.lead_class is not None:
        return None
    missing = [part for part in current.contributions if part.score is None]
    for part in sorted(missing, key=lambda part: -part.weight_percent):
        criterion = _criterion(bant, part.criterion)
        results = [score(bant, {**current.scores, part.criterion: value}) for value in _scale_from_top(bant)]
        if all(result.lead_class is not None for result in results):
            answers = tuple(
                Answer(value, _anchor_text(criterion, value), result.low, result.high, result.lead_class or "")
                for value, result in zip(_scale_from_top(bant), results, strict=True)
            )
            return Decider(
                criterion.key, criterion.label, (questions or {}).get(criterion.key, criterion.question), answers
            )
    return None


def certain_class_after(bant: Bant, current: Score, criterion: str) -> str:
    """The class that is certain if this criterion gets the best score, everything else staying as it is."""
    part = current.contribution(criterion)
    return class_of(bant, current.low - part.low + weighted(bant.highest, part.weight_percent)).key


def describe(criterion: Criterion, value: int) -> str:
    """What the playbook says of a score; for 4 and 2, which are judgement, between which anchors they lie."""
    if text := _anchor_text(criterion, value):
        return text
    above = [anchor for anchor in anchors_from_top(criterion) if anchor.score > value]
    below = [anchor for anchor in anchors_from_top(criterion) if anchor.score < value]
    if above and below:
        return f"Between “{below[0].text}” and “{above[-1].text}”"
    return f"Better than “{below[0].text}”" if below else f"Less than “{above[-1].text}”"


def _criterion(bant: Bant, key: str) -> Criterion:
    return next(criterion for criterion in bant.criteria if criterion.key == key)


def _anchor_reaching(criterion: Criterion, value: int) -> Anchor | None:
    """The lowest anchor that is at least this score: meeting it is enough."""
    return next((anchor for anchor in reversed(anchors_from_top(criterion)) if anchor.score >= value), None)


def _anchor_text(criterion: Criterion, value: int) -> str:
    return next((anchor.text for anchor in criterion.anchors if anchor.score == value), "")


def _scale_from_top(bant: Bant) -> range:
    return range(bant.highest, bant.lowest - 1, -1)
