"""Sentences about the facts that decided a condition, and about those that would have to change."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from crm.rules.fact_words import names_of, plain_text
from deals.rules.explain import explain
from deals.rules.needs import needs
from playbook.conditions import AnyCondition
from playbook.schema.conditions import Condition
from tests.rules.worlds import SHIPPED, TODAY

NAMES = names_of(SHIPPED)
BUDGET = {"fact": "budget_amount", "at_least": 1000000}
ALLOCATED = {"fact": "budget_status", "equals": "allocated"}
DATED = {"fact": "decision_date", "within_months": 6}


def condition(tree: object) -> AnyCondition:
    return TypeAdapter[AnyCondition](Condition).validate_python(tree)


EXPLAINED = [
    ("a met bound", BUDGET, {"budget_amount": "1200000.50"}, ["Budget: 1,200,000.5 USD a year, at least 1,000,000"]),
    ("a missed bound", BUDGET, {"budget_amount": "9.00"}, ["Budget: 9 USD a year, under 1,000,000"]),
    ("what is not known", BUDGET, {}, ["Budget: not known"]),
    ("a choice by its label", ALLOCATED, {"budget_status": "none"}, ["Budget status: No budget"]),
    ("yes and no", {"fact": "project_plan", "equals": True}, {"project_plan": False}, ["Project plan with milestones: no"]),
    ("a date within", DATED, {"decision_date": "2026-05-01"}, ["Decision date: 1 May 2026, within 6 months"]),
    ("a date beyond", DATED, {"decision_date": "2027-05-01"}, ["Decision date: 1 May 2027, not within 6 months"]),
    ("a date gone by", DATED, {"decision_date": "2026-01-01"}, ["Decision date: 1 Jan 2026, already passed"]),
    ("a list", {"fact": "workloads", "only": ["legacy"]}, {"workloads": ["legacy", "vms"]},
     ["Workloads: Legacy applications, Virtual machines"]),
    ("all, met: every part", {"all": [BUDGET, ALLOCATED]}, {"budget_amount": "1000000.00", "budget_status": "allocated"},
     ["Budget: 1,000,000 USD a year, at least 1,000,000", "Budget status: Allocated"]),
    ("all, failed: the failed parts", {"all": [BUDGET, ALLOCATED]}, {"budget_amount": "1.00"}, ["Budget: 1 USD a year, under 1,000,000"]),
    ("any, met: the met parts", {"any": [BUDGET, ALLOCATED]}, {"budget_status": "allocated"}, ["Budget status: Allocated"]),
    ("not turns it round", {"not": BUDGET}, {"budget_amount": "1.00"}, ["Budget: 1 USD a year, under 1,000,000"]),
    ("two tests of one fact share a sentence", {"all": [{"fact": "vm_count", "at_least": 100}, {"fact": "vm_count", "under": 500}]},
     {"vm_count": 120}, ["Virtual machines: 120 VMs, at least 100 and under 500"]),
]  # fmt: skip


@pytest.mark.parametrize("tree, facts, said", [r[1:] for r in EXPLAINED], ids=[r[0] for r in EXPLAINED])
def test_explained(tree, facts, said):
    assert list(explain(condition(tree), facts, today=TODAY, names=NAMES)) == said


NEEDED = [
    ("nothing where it holds", BUDGET, {"budget_amount": "1000000.00"}, []),
    ("the bound", BUDGET, {"budget_amount": "9.00"}, ["Budget: at least 1,000,000 USD a year"]),
    ("all: every part that is missing", {"all": [BUDGET, ALLOCATED]}, {},
     ["Budget: at least 1,000,000 USD a year", "Budget status: Allocated"]),
    ("all: only what is missing", {"all": [BUDGET, ALLOCATED]}, {"budget_amount": "1000000.00"}, ["Budget status: Allocated"]),
    ("any: the shortest way", {"any": [{"all": [BUDGET, ALLOCATED]}, DATED]}, {}, ["Decision date: within 6 months"]),
    ("not of a test", {"not": {"fact": "project_plan", "equals": True}}, {"project_plan": True}, ["Project plan with milestones: not yes"]),
    ("not of all: one part is enough", {"not": {"all": [BUDGET, ALLOCATED]}}, {}, ["Budget: not at least 1,000,000 USD a year"]),
    ("either of several", {"fact": "sponsor_level", "one_of": ["ceo_cio", "executive"]}, {},
     ["Whose priority: The CEO's or CIO's or Another executive's"]),
]  # fmt: skip


@pytest.mark.parametrize("tree, facts, said", [r[1:] for r in NEEDED], ids=[r[0] for r in NEEDED])
def test_needed(tree, facts, said):
    assert list(needs(condition(tree), facts, today=TODAY, names=NAMES)) == said


@pytest.mark.parametrize(
    "kept, said",
    [
        ("2027-03-28", "28 Mar 2027"),
        ("2026-09-06T03:31:31.108326+00:00", "6 Sep 2026, 03:31 UTC"),
        ("2350000.00", "2,350,000"),
        ("408000.50", "408,000.50"),
        ("needs_approval", "needs approval"),
        ("+49 30 1234", "+49 30 1234"),
        ("2026", "2026"),
        ("See the_file", "See the_file"),
        ("2026-99-99", "2026-99-99"),
    ],
)
def test_a_kept_text_as_people_write_it(kept, said):
    assert plain_text(kept) == said
