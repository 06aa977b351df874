"""Which questions come next, in which order, and why."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.rules.meddpicc import health, red_flags
from deals.rules.signals import known
from deals.rules.snapshot import ElementSnapshot
from playbook.schema.qualification import Question
from scoring.rules.questions import by_criterion, is_for, next_questions
from scoring.rules.recompute import ScoreInputs, compute
from tests.rules.worlds import SEGMENTS, SHIPPED, TODAY, deal, facts, overrides, person

FACTS = {
    "budget_amount": "926000.00",
    "budget_status": "allocated",
    "authority_access": "engaged",
    "pain_clarity": "clear",
    "impact_amount": "3350000.00",
    "decision_date": "2026-06-01",
    "deadline": "soft",
    "vm_count": 400,
    "edge_nodes": 0,
    "quantum_use_case": "none",
}
ALL_CONFIRMED = {
    element.key: ElementSnapshot("confirmed", confirmed_date=TODAY, has_evidence=True)
    for element in SHIPPED.meddpicc.elements
}


def question(key: str, **about) -> Question:
    return Question(key=key, text=f"{key}?", bank="general", group="Test", source="test", **about)


def ask(*bank: Question, limit: int = 5, **of_deal):
    """The ranked questions of a bank for a deal."""
    playbook = SHIPPED.model_copy(update={"questions": bank}) if bank else SHIPPED
    snapshot = deal(**of_deal)
    computed = compute(playbook, ScoreInputs(snapshot.facts, snapshot.overrides, snapshot.segment, TODAY))
    flags = red_flags(playbook, known(playbook, snapshot, TODAY), TODAY)
    state = health(playbook, snapshot, TODAY)
    return next_questions(playbook, snapshot, computed.score, state, TODAY, flags=flags, limit=limit)


def keys(*bank: Question, **of_deal) -> list[str]:
    return [ranked.question.key for ranked in ask(*bank, **of_deal)]


ASKED = [
    ("of anybody while no persona is known", question("q", personas=("cfo",)), {}, True),
    ("of a persona on the deal", question("q", personas=("cfo", "cio")), {"contacts": (person("cio"),)}, True),
    ("of nobody on the deal", question("q", personas=("cfo",)), {"contacts": (person("cio"),)}, False),
    ("of everybody", question("q"), {"contacts": (person("cio"),)}, True),
    ("in this segment", question("q", segments=("enterprise_it",)), {}, True),
    ("in another segment", question("q", segments=("edge",)), {}, False),
    ("answered already", question("q"), {"answered": frozenset({"q"})}, False),
]


@pytest.mark.parametrize("asked, of_deal, expected", [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_asked(asked, of_deal, expected):
    assert is_for(asked, deal(**of_deal)) is expected


def test_the_heaviest_unscored_criterion_comes_first():
    bank = (question("fit", criteria=("technical_fit",)), question("who", criteria=("authority",)))
    assert keys(*bank, meddpicc=ALL_CONFIRMED) == ["who", "fit"]


def test_an_answer_that_could_lift_the_class_says_so():
    asked = ask(
        question("why", criteria=("strategic_alignment",)), facts={**FACTS, "deadline": "hard"}, overrides={"budget": 4}
    )
    assert asked[0].because == ("Could lift the class to A.",)


def test_an_answer_that_cannot_lift_says_what_it_moves():
    asked = ask(question("why", criteria=("strategic_alignment",)), facts=FACTS)
    assert asked[0].because == ("Strategic alignment is not scored yet; an answer narrows the range by 0.40.",)
    assert (asked[0].score_reach, asked[0].health_reach) == (10, 0)


def test_a_scored_criterion_counts_by_what_it_lacks_while_a_fact_is_open():
    bank = (question("soon", criteria=("timeline",), facts=("deadline",)),)
    without = {key: value for key, value in FACTS.items() if key != "deadline"}
    asked = ask(*bank, facts=without)
    assert asked[0].score_reach == Fraction(15, 2)
    assert asked[0].because[0] == "Timeline is at 3; an answer could raise the total by up to 0.30."
    assert ask(*bank, facts=FACTS) == ()


def test_a_fact_no_anchor_looks_at_moves_no_score():
    assert ask(question("spend", criteria=("budget",), facts=("hypervisor_spend",)), facts={}) == ()


def test_where_the_rep_has_said_a_score_no_answer_moves_it():
    assert ask(question("who", criteria=("authority",)), overrides={"authority": 3}) == ()


def test_an_unknown_element_says_how_near_the_close_is():
    asked = ask(question("legal", elements=("paper_process",)), close_date=TODAY + dt.timedelta(days=40))
    assert asked[0].because == ("Paper process unknown, closing in 40 days.",)
    assert asked[0].health_reach == Fraction(25, 4)


CLOSES = [
    ("far away is not mentioned", 91, "Paper process unknown."),
    ("tomorrow", 1, "Paper process unknown, closing in 1 day."),
    ("today", 0, "Paper process unknown, closing today."),
    ("passed", -1, "Paper process unknown, and the close date has passed."),
]


@pytest.mark.parametrize("days, said", [row[1:] for row in CLOSES], ids=[row[0] for row in CLOSES])
def test_closing(days, said):
    asked = ask(question("legal", elements=("paper_process",)), close_date=TODAY + dt.timedelta(days=days))
    assert asked[0].because[0] == said


def test_stale_evidence_is_worth_asking_again():
    old = ElementSnapshot("confirmed", confirmed_date=TODAY - dt.timedelta(days=80), has_evidence=True)
    asked = ask(question("met", elements=("metrics",)), meddpicc={**ALL_CONFIRMED, "metrics": old})
    assert asked[0].because == ("Metrics confirmed too long ago.",)


def test_a_confirmed_element_needs_no_question():
    assert ask(question("met", elements=("metrics",)), meddpicc=ALL_CONFIRMED) == ()


def test_a_raised_flag_breaks_a_tie_and_is_named():
    bank = (question("paper", elements=("paper_process",)), question("buyer", elements=("economic_buyer",)))
    asked = ask(*bank, next_step_date=TODAY)
    assert [ranked.question.key for ranked in asked] == ["buyer", "paper"]
    assert asked[0].because[-1] == "Red flag: Nobody has met the economic buyer."


def test_equal_questions_keep_the_banks_order_and_one_subject_is_not_asked_twice_in_a_row():
    bank = (
        question("first", criteria=("need",)),
        question("again", criteria=("need",)),
        question("other", criteria=("timeline",)),
    )
    assert keys(*bank, meddpicc=ALL_CONFIRMED) == ["first", "other", "again"]


def test_a_question_on_many_subjects_counts_for_the_best_of_each_kind():
    asked = ask(question("all", criteria=("need", "authority"), elements=("champion", "metrics")))
    assert (asked[0].score_reach, asked[0].health_reach) == (25, Fraction(25, 4))


def test_when_everything_is_known_nothing_is_asked():
    complete = {**FACTS, "sponsor_level": "ceo_cio"}
    assert ask(facts=complete, meddpicc=ALL_CONFIRMED, overrides={"timeline": 3}) == ()


def test_the_best_question_for_each_criterion():
    asked = ask(question("who", criteria=("authority",)), question("whose", criteria=("authority", "need")))
    assert by_criterion(asked)["authority"] == asked[0].question.text


@settings(max_examples=25, deadline=None)
@given(facts=facts, overrides=overrides, segment=st.sampled_from(SEGMENTS))
def test_any_deal_gets_few_different_reasoned_questions_and_the_same_each_time(facts, overrides, segment):
    asked = ask(facts=facts, overrides=overrides, segment=segment)
    assert len(asked) <= 5
    assert len({ranked.question.key for ranked in asked}) == len(asked)
    assert all(ranked.reach > 0 and ranked.because for ranked in asked)
    assert all(not ranked.question.segments or segment in ranked.question.segments for ranked in asked)
    assert asked == ask(facts=facts, overrides=overrides, segment=segment)
