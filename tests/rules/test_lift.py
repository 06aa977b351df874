"""The smallest single change that lifts the class, and the one answer that decides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from scoring.rules.lead_score import ranked_classes, score
from scoring.rules.lift import decider, describe, lift, smallest_lift
from tests.rules.worlds import CRITERIA, SHIPPED, TODAY, scores, some_scores

BANT = SHIPPED.bant
RANK = {lead_class.key: rank for rank, lead_class in enumerate(ranked_classes(BANT))}


def found(*values):
    step = smallest_lift(BANT, score(BANT, scores(*values)))
    return None if step is None else (step.criterion, step.from_score, step.to_score, step.low)


STEPS = [
    ("an A needs nothing", (5, 5, 5, 5, 5, 5), None),
    ("3.00 to an A is too far for one change", (3, 3, 3, 3, 3, 3), None),
    ("one point, of several the one that is described and least", (5, 4, 4, 3, 3, 4), ("strategic_alignment", 4, 5, Decimal("4.05"))),
    ("the smallest gain, of several described", (4, 4, 4, 4, 4, 3), ("technical_fit", 4, 5, Decimal("4.00"))),
    ("between anchors, where that is fewer points", (3, 3, 3, 3, 1, 3), ("budget", 3, 4, Decimal("3.00"))),
    ("two points where one is not enough", (3, 5, 3, 3, 3, 5), ("timeline", 3, 5, Decimal("4.00"))),
    ("an answer before any change", (5, 5, 4, 3, 3, None), ("strategic_alignment", None, 2, Decimal("4.00"))),
    ("the lowest answer that is enough", (4, 5, 4, 3, 3, None), ("strategic_alignment", None, 4, Decimal("4.00"))),
    ("nothing known: authority alone reaches a C", (None,) * 6, ("authority", None, 5, Decimal("2.00"))),
]  # fmt: skip


@pytest.mark.parametrize("values, expected", [row[1:] for row in STEPS], ids=[row[0] for row in STEPS])
def test_smallest_lift(values, expected):
    assert found(*values) == expected


@given(some_scores)
def test_a_lift_really_lifts_and_nothing_smaller_does(given_scores):
    current = score(BANT, given_scores)
    certain = RANK[current.possible_classes[0]]

    def lifts(key: str, value: int) -> bool:
        return RANK[score(BANT, {**given_scores, key: value}).possible_classes[0]] > certain

    step = smallest_lift(BANT, current)
    answers = {(key, v) for key in CRITERIA if given_scores[key] is None for v in range(1, 6) if lifts(key, v)}
    raises = {
        (k, v) for k in CRITERIA if (own := given_scores[k]) is not None for v in range(own + 1, 6) if lifts(k, v)
    }
    if step is None:
        assert not answers | raises
        return
    result = score(BANT, {**given_scores, step.criterion: step.to_score})
    assert (result.low, result.high, result.possible_classes) == (step.low, step.high, step.possible_classes)
    assert (step.criterion, step.to_score) in (answers or raises)
    assert step.points == min(value - (given_scores[key] or 1) for key, value in (answers or raises))


def test_a_lift_says_what_the_facts_would_have_to_be():
    facts = {"budget_amount": "1200000.00", "budget_status": "needs_approval"}
    told = lift(SHIPPED, score(BANT, scores(3, 5, 5, 5, 1, 1)), facts, TODAY)
    assert told is not None
    assert (told.label, told.step.from_score, told.step.to_score) == ("Budget", 3, 4)
    assert (told.from_class, told.to_class, told.step.total) == ("B", "A", Decimal("4.00"))
    assert told.anchor_text.startswith("Between “250 K to under 1 M")
    assert told.needs == ("Budget status: Allocated",)


def test_a_lift_may_bring_a_better_question():
    current = score(BANT, scores(4, 5, 4, 3, 3, None))
    own = lift(SHIPPED, current, {}, TODAY)
    better = lift(
        SHIPPED, current, {}, TODAY, questions={"strategic_alignment": "Is this one of your three priorities?"}
    )
    assert own is not None
    assert better is not None
    assert own.question == "Whose priority is it, and what larger plan does it serve?"
    assert better.question == "Is this one of your three priorities?"


def test_no_lift_from_the_best_class():
    assert lift(SHIPPED, score(BANT, scores(5, 5, 5, 5, 5, 5)), {}, TODAY) is None


def test_one_answer_decides():
    told = decider(BANT, score(BANT, scores(4, 5, 4, 3, 3, None)))
    assert told is not None
    assert told.criterion == "strategic_alignment"
    assert [(a.score, a.anchor_text, a.low, a.lead_class) for a in told.answers] == [
        (5, "Priority of the CEO or CIO", Decimal("4.10"), "A"),
        (4, "", Decimal("4.00"), "A"),
        (3, "Priority of a department, or of another executive", Decimal("3.90"), "B"),
        (2, "", Decimal("3.80"), "B"),
        (1, "Tactical", Decimal("3.70"), "B"),
    ]


def test_a_settled_class_has_no_decider():
    assert decider(BANT, score(BANT, scores(5, 5, 5, 5, 5, None))) is None


@given(some_scores)
def test_a_decider_decides_whatever_the_answer(given_scores):
    current = score(BANT, given_scores)
    told = decider(BANT, current)
    missing = [key for key in CRITERIA if given_scores[key] is None]

    def settles(key: str) -> bool:
        return all(score(BANT, {**given_scores, key: value}).lead_class for value in range(1, 6))

    if told is None:
        assert current.lead_class is not None or not any(settles(key) for key in missing)
    else:
        assert current.lead_class is None
        assert settles(told.criterion)


DESCRIBED = [
    (5, "Economic buyer engaged"),
    (4, "Between “Access to the economic buyer” and “Economic buyer engaged”"),
    (2, "Between “No path to a decision-maker, or one not walked yet” and “Access to the economic buyer”"),
]


@pytest.mark.parametrize("value, text", DESCRIBED)
def test_a_score_is_described_by_its_anchors(value, text):
    authority = next(criterion for criterion in BANT.criteria if criterion.key == "authority")
    assert describe(authority, value) == text
