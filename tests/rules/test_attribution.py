"""A move of the score, split exactly into its causes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings

from scoring.rules.attribution import CAUSES, Basis, Change, attribute
from scoring.rules.recompute import ScoreInputs
from tests.rules.worlds import SHIPPED, TODAY, UNEVEN, inputs, playbooks, with_weights

NOTHING = Change(Fraction(0), Fraction(0))
KNOWN = {
    "budget_amount": "1000000.00",
    "budget_status": "allocated",
    "authority_access": "access",
    "pain_clarity": "clear",
    "impact_amount": "500000.00",
    "decision_date": "2026-07-15",
    "deadline": "hard",
    "vm_count": 200,
    "sponsor_level": "department",
}
BEFORE = Basis(ScoreInputs(KNOWN, {}, "enterprise_it", TODAY), SHIPPED)


def after(playbook=SHIPPED, **changes) -> Basis:
    return Basis(dataclasses.replace(BEFORE.inputs, **changes), playbook)


def fact(**changes) -> dict[str, object]:
    return {**KNOWN, **changes}


HEAVIER_BUDGET = with_weights(
    {
        "budget": "30",
        "authority": "15",
        "need": "20",
        "timeline": "15",
        "technical_fit": "10",
        "strategic_alignment": "10",
    }
)
LATER = dt.date(2026, 7, 16)
ALONE = [
    ("a fact", after(facts=fact(authority_access="engaged")), "facts", "0.5"),
    ("a fact, for the worse", after(facts=fact(budget_status="needs_approval")), "facts", "-0.4"),
    ("the day: the deadline has passed", after(as_of=LATER), "dates", "-0.6"),
    ("the rep", after(overrides={"need": 5}), "override", "0.4"),
    ("the playbook", after(HEAVIER_BUDGET), "playbook", "0.2"),
]


@pytest.mark.parametrize("later, cause, change", [row[1:] for row in ALONE], ids=[row[0] for row in ALONE])
def test_one_cause_has_the_whole_change(later, cause, change):
    split = attribute(BEFORE, later)
    whole = Change(Fraction(change), Fraction(change))
    assert split.change == whole
    assert split.causes == {**dict.fromkeys(CAUSES, NOTHING), cause: whole}
    assert split.main_cause == cause
    assert split.as_json() == {cause: [change, change]}


def test_nothing_changed_has_no_cause():
    split = attribute(BEFORE, BEFORE)
    assert (split.change, split.main_cause, split.moves, split.as_json()) == (NOTHING, None, (), {})


def test_a_day_that_changes_nothing_has_no_share():
    split = attribute(BEFORE, after(as_of=dt.date(2026, 2, 1), facts=fact(authority_access="engaged")))
    assert split.causes["dates"] == NOTHING


def test_two_causes_that_each_explain_a_move_share_it_evenly():
    """The buyer engaged, and the rep said 5 as well: either alone would have moved the score as far."""
    split = attribute(BEFORE, after(facts=fact(authority_access="engaged"), overrides={"authority": 5}))
    half = Change(Fraction(1, 4), Fraction(1, 4))
    assert (split.causes["facts"], split.causes["override"]) == (half, half)


def test_thirds_are_stored_in_decimals_that_still_add_up():
    """A new date, an earlier day and the rep: each alone would have brought the timeline from 1 to 5."""
    weights = {"budget": "20", "authority": "25", "need": "20", "timeline": "16", "technical_fit": "9"}
    playbook = with_weights({**weights, "strategic_alignment": "10"})
    start = ScoreInputs({"decision_date": "2026-02-10", "deadline": "hard"}, {}, "", dt.date(2026, 3, 1))
    later = ScoreInputs({"decision_date": "2026-04-01", "deadline": "hard"}, {"timeline": 5}, "", TODAY)
    split = attribute(Basis(start, playbook), Basis(later, playbook))
    assert {split.causes[cause].low for cause in ("facts", "dates", "override")} == {Fraction("0.64") / 3}
    assert split.as_json() == {
        "facts": ["0.2134", "0.2134"],
        "dates": ["0.2133", "0.2133"],
        "override": ["0.2133", "0.2133"],
    }


def test_an_incomplete_score_is_split_at_both_ends():
    start = Basis(ScoreInputs({}, {}, "", TODAY), SHIPPED)
    split = attribute(start, Basis(ScoreInputs({"authority_access": "access"}, {}, "", TODAY), SHIPPED))
    assert split.causes["facts"] == Change(Fraction("0.5"), Fraction("-0.5"))


def test_moves_name_the_criteria_from_score_to_score():
    split = attribute(BEFORE, after(facts=fact(sponsor_level=None), overrides={"need": 5}))
    assert [(move.criterion, move.before, move.after) for move in split.moves] == [
        ("need", 3, 5),
        ("strategic_alignment", 3, None),
    ]


def test_sums_that_need_more_decimals_get_them():
    start = Basis(ScoreInputs({}, {}, "", TODAY), UNEVEN)
    split = attribute(start, Basis(ScoreInputs({}, {"budget": 2}, "", TODAY), UNEVEN))
    assert split.as_json() == {"override": ["0.12345", "-0.37035"]}


@settings(max_examples=120, deadline=None)
@given(first=inputs, last=inputs, old=playbooks, new=playbooks)
def test_the_split_adds_up_exactly_for_any_move(first, last, old, new):
    split = attribute(Basis(first, old), Basis(last, new))
    assert sum(share.low for share in split.causes.values()) == split.change.low
    assert sum(share.high for share in split.causes.values()) == split.change.high
    assert sum(move.change.low for move in split.moves) == split.change.low
    assert sum(move.change.high for move in split.moves) == split.change.high
    for end in (0, 1):
        stored = sum(Fraction(shares[end]) for shares in split.in_decimals().values())
        assert stored == split.change[end]


@settings(max_examples=60, deadline=None)
@given(first=inputs, last=inputs, old=playbooks, new=playbooks)
def test_the_way_back_is_the_way_there_reversed(first, last, old, new):
    there, back = Basis(first, old), Basis(last, new)
    causes = attribute(there, back).causes
    assert attribute(back, there).causes == {cause: Change(-causes[cause].low, -causes[cause].high) for cause in CAUSES}


@settings(max_examples=60, deadline=None)
@given(first=inputs, last=inputs)
def test_what_did_not_change_has_no_share(first, last):
    only_facts = dataclasses.replace(first, facts=last.facts)
    causes = attribute(Basis(first, SHIPPED), Basis(only_facts, SHIPPED)).causes
    assert [cause for cause in CAUSES if not causes[cause].nothing] in ([], ["facts"])
