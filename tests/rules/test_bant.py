"""Suggestions, verdicts, and whose score counts."""

from __future__ import annotations

import pytest

from crm.rules.fact_words import names_of
from deals.rules.bant import assess, suggest, verdict
from tests.rules.worlds import SHIPPED, TODAY

CRITERION = {criterion.key: criterion for criterion in SHIPPED.bant.criteria}
NAMES = names_of(SHIPPED)

SUGGESTED = [
    ("1 M allocated is a 5", "budget", {"budget_amount": "1000000.00", "budget_status": "allocated"}, 5),
    ("a cent under 1 M allocated is a 3", "budget", {"budget_amount": "999999.99", "budget_status": "allocated"}, 3),
    ("2 M not yet allocated is a 3", "budget", {"budget_amount": "2000000.00", "budget_status": "needs_approval"}, 3),
    ("250 K with nothing known of its status is a 3", "budget", {"budget_amount": "250000.00"}, 3),
    ("under 250 K is a 1", "budget", {"budget_amount": "249999.99"}, 1),
    ("no budget is a 1, whatever it would be", "budget", {"budget_amount": "2000000.00", "budget_status": "none"}, 1),
    ("an unknown budget suggests nothing", "budget", {}, None),
    ("an empty budget is an unknown one", "budget", {"budget_amount": ""}, None),
    ("an engaged economic buyer is a 5", "authority", {"authority_access": "engaged"}, 5),
    ("access is a 3", "authority", {"authority_access": "access"}, 3),
    ("no path is a 1", "authority", {"authority_access": "none"}, 1),
    ("urgent at 1 M is a 5", "need", {"pain_clarity": "urgent", "impact_amount": "1000000.00"}, 5),
    ("urgent at 500 K is a 3", "need", {"pain_clarity": "urgent", "impact_amount": "500000.00"}, 3),
    ("under 6 months with a deadline is a 5", "timeline", {"decision_date": "2026-07-30", "deadline": "hard"}, 5),
    ("6 months to the day is a 3", "timeline", {"decision_date": "2026-07-31", "deadline": "hard"}, 3),
    ("four months without a deadline is a 3", "timeline", {"decision_date": "2026-05-31", "deadline": "none"}, 3),
    ("12 months to the day is a 3", "timeline", {"decision_date": "2027-01-31"}, 3),
    ("over 12 months is a 1", "timeline", {"decision_date": "2027-02-01"}, 1),
    ("today still counts", "timeline", {"decision_date": "2026-01-31", "deadline": "hard"}, 5),
    ("a date in the past is a 1", "timeline", {"decision_date": "2026-01-30", "deadline": "hard"}, 1),
    ("500 VMs are a 5", "technical_fit", {"vm_count": 500}, 5),
    ("500 edge nodes are a 5", "technical_fit", {"edge_nodes": 500}, 5),
    ("499 VMs are a 3", "technical_fit", {"vm_count": 499}, 3),
    ("50 edge nodes are a 3, whatever the VMs", "technical_fit", {"vm_count": 20, "edge_nodes": 50}, 3),
    ("99 VMs and 49 nodes are a 1", "technical_fit", {"vm_count": 99, "edge_nodes": 49}, 1),
    ("a CIO's priority is a 5", "strategic_alignment", {"sponsor_level": "ceo_cio"}, 5),
    ("a department's is a 3", "strategic_alignment", {"sponsor_level": "department"}, 3),
    ("a tactical project is a 1", "strategic_alignment", {"sponsor_level": "tactical"}, 1),
]


@pytest.mark.parametrize("key, facts, expected", [r[1:] for r in SUGGESTED], ids=[r[0] for r in SUGGESTED])
def test_suggested(key, facts, expected):
    assert suggest(CRITERION[key], facts, TODAY).score == expected


VERDICTS = [
    ("250 K qualifies in general", "budget", "", {"budget_amount": "250000.00"}, "qualified"),
    ("1 M qualifies highly", "budget", "", {"budget_amount": "1000000.00"}, "highly_qualified"),
    ("100 K is below", "budget", "", {"budget_amount": "100000.00"}, "below"),
    ("under 100 K disqualifies", "budget", "", {"budget_amount": "99999.99"}, "disqualified"),
    ("no budget disqualifies first", "budget", "", {"budget_amount": "3000000.00", "budget_status": "none"}, "disqualified"),
    ("nothing known is unknown", "budget", "", {}, "unknown"),
    ("enterprise IT needs 500 K", "budget", "enterprise_it", {"budget_amount": "499999.99"}, "below"),
    ("enterprise IT at 500 K", "budget", "enterprise_it", {"budget_amount": "500000.00"}, "qualified"),
    ("a cloud provider is judged by what it spends", "budget", "cloud", {"infrastructure_spend": "2000000.00"}, "qualified"),
    ("research from 100 K", "budget", "research", {"budget_amount": "100000.00"}, "qualified"),
    ("a segment keeps the general disqualification", "budget", "research", {"budget_amount": "99999.99"}, "disqualified"),
    ("a segment nobody knows is judged in general", "budget", "submarines", {"budget_amount": "250000.00"}, "qualified"),
    ("AI workloads qualify technically", "technical_fit", "", {"workloads": ["ai_ml"]}, "qualified"),
    ("bare metal only disqualifies", "technical_fit", "", {"bare_metal_only": True, "vm_count": 900}, "disqualified"),
    ("under 50 VMs disqualifies", "technical_fit", "", {"vm_count": 49}, "disqualified"),
    ("no workload newer than legacy disqualifies", "technical_fit", "", {"workloads": ["legacy"]}, "disqualified"),
    ("enterprise IT needs an impact of 1 M", "need", "enterprise_it", {"pain_clarity": "clear", "impact_amount": "999999.99"}, "below"),
    ("research may take 36 months", "timeline", "research", {"decision_date": "2029-01-31"}, "qualified"),
]  # fmt: skip


@pytest.mark.parametrize("key, segment, facts, expected", [r[1:] for r in VERDICTS], ids=[r[0] for r in VERDICTS])
def test_verdict(key, segment, facts, expected):
    assert verdict(CRITERION[key], segment, facts, TODAY).kind == expected


def test_a_suggestion_says_by_which_facts():
    found = suggest(
        CRITERION["budget"], {"budget_amount": "2000000.00", "budget_status": "allocated"}, TODAY, names=NAMES
    )
    assert found.anchor_text == "1 M USD a year or more, allocated"
    assert found.because == ("Budget: 2,000,000 USD a year, at least 1,000,000", "Budget status: Allocated")


def test_no_suggestion_says_what_is_not_known():
    found = suggest(CRITERION["technical_fit"], {"vm_count": 60}, TODAY, names=NAMES)
    assert found.score is None
    assert found.because == ("Edge nodes: not known", "Quantum use case: not known")


def test_the_reps_score_counts_over_the_suggestion():
    part = assess(SHIPPED, {"authority_access": "access"}, {"authority": 4}, "", TODAY).of("authority")
    assert (part.suggestion.score, part.own, part.effective, part.source) == (3, 4, 4, "rep")
    assert part.differs


def test_the_suggestion_counts_where_the_rep_says_nothing():
    part = assess(SHIPPED, {"authority_access": "access"}, {"authority": None}, "", TODAY).of("authority")
    assert (part.own, part.effective, part.source, part.differs) == (None, 3, "facts", False)


def test_unscored_is_not_1():
    assessment = assess(SHIPPED, {}, {}, "", TODAY)
    assert set(assessment.scores.values()) == {None}
    assert {part.source for part in assessment.criteria} == {"none"}


def test_a_rep_who_agrees_does_not_differ():
    assert not assess(SHIPPED, {"authority_access": "access"}, {"authority": 3}, "", TODAY).of("authority").differs


def test_a_disqualified_criterion_keeps_its_score_and_stands_beside():
    assessment = assess(SHIPPED, {"vm_count": 700, "bare_metal_only": True}, {}, "", TODAY)
    assert assessment.of("technical_fit").effective == 5
    assert [found.criterion for found in assessment.disqualifications] == ["technical_fit"]
    assert assessment.disqualifications[0].because == ("Bare metal only: yes",)


ODD = [
    ("a word where money belongs", {"budget_amount": "plenty"}),
    ("a number where a date belongs", {"decision_date": 20260501}),
    ("a text where a list belongs", {"workloads": "vms"}),
    ("a list where a choice belongs", {"budget_status": ["allocated"]}),
    ("a fact no playbook has", {"charm": 5}),
    ("true is no number", {"vm_count": True}),
]


@pytest.mark.parametrize("facts", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_what_does_not_fit_its_fact_is_not_known(facts):
    assert assess(SHIPPED, facts, {}, "", TODAY) == assess(SHIPPED, {}, {}, "", TODAY)


@pytest.mark.parametrize("own", [0, 6, True, "3"])
def test_an_override_off_the_scale_does_not_count(own):
    assert assess(SHIPPED, {}, {"budget": own}, "", TODAY).of("budget").effective is None
