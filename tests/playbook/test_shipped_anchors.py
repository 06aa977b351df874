"""The shipped BANT+ anchors and verdicts at their boundaries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook.conditions import evaluate
from playbook.schema.qualification import Criterion, Verdicts
from tests.playbook.samples import shipped

TODAY = date(2026, 3, 31)
Facts = dict[str, Any]


def criterion(key: str) -> Criterion:
    return next(c for c in shipped().bant.criteria if c.key == key)


def score(key: str, facts: Facts) -> int | None:
    """The first anchor met from the top."""
    return next((a.score for a in criterion(key).anchors if evaluate(a.when, facts, today=TODAY)), None)


def verdict(key: str, segment: str, facts: Facts) -> str:
    general, own = criterion(key).verdicts, criterion(key).segments.get(segment) or Verdicts()
    for name in ("disqualified", "highly_qualified", "qualified"):
        condition = getattr(own, name) or getattr(general, name)
        holds = evaluate(condition, facts, today=TODAY)
        if holds:
            return name
    return "below" if holds is False else "unknown"


@pytest.mark.parametrize(
    "key, facts, expected",
    [
        ("budget", {"budget_amount": "1000000.00", "budget_status": "allocated"}, 5),
        ("budget", {"budget_amount": "999999.99", "budget_status": "allocated"}, 3),
        ("budget", {"budget_amount": "2000000.00", "budget_status": "needs_approval"}, 3),
        ("budget", {"budget_amount": "2000000.00"}, 3),
        ("budget", {"budget_amount": "250000.00", "budget_status": "needs_approval"}, 3),
        ("budget", {"budget_amount": "249999.99", "budget_status": "allocated"}, 1),
        ("budget", {"budget_amount": "2000000.00", "budget_status": "none"}, 1),
        ("budget", {"budget_status": "none"}, 1),
        ("budget", {"budget_status": "allocated"}, None),
        ("budget", {}, None),
        ("authority", {"authority_access": "engaged"}, 5),
        ("authority", {"authority_access": "access"}, 3),
        ("authority", {"authority_access": "path"}, 1),
        ("authority", {"authority_access": "none"}, 1),
        ("authority", {}, None),
        ("need", {"pain_clarity": "urgent", "impact_amount": "1000000.00"}, 5),
        ("need", {"pain_clarity": "clear", "impact_amount": "5000000.00"}, 3),
        ("need", {"pain_clarity": "urgent", "impact_amount": "999999.99"}, 3),
        ("need", {"pain_clarity": "clear", "impact_amount": "500000.00"}, 3),
        ("need", {"pain_clarity": "clear", "impact_amount": "499999.99"}, 1),
        ("need", {"pain_clarity": "vague", "impact_amount": "5000000.00"}, 1),
        ("need", {"pain_clarity": "none"}, 1),
        ("need", {"pain_clarity": "urgent"}, None),
        ("timeline", {"decision_date": "2026-09-29", "deadline": "hard"}, 5),
        ("timeline", {"decision_date": "2026-09-30", "deadline": "hard"}, 3),
        ("timeline", {"decision_date": "2026-07-31", "deadline": "none"}, 3),
        ("timeline", {"decision_date": "2026-07-31"}, 3),
        ("timeline", {"decision_date": "2027-03-31", "deadline": "soft"}, 3),
        ("timeline", {"decision_date": "2027-04-01", "deadline": "hard"}, 1),
        ("timeline", {"decision_date": "2026-03-31", "deadline": "hard"}, 5),
        ("timeline", {"decision_date": "2026-03-30", "deadline": "hard"}, 1),
        ("timeline", {"decision_date": "2026-07-31", "deadline": "researching"}, 1),
        ("timeline", {"deadline": "researching"}, 1),
        ("timeline", {"deadline": "hard"}, None),
        ("technical_fit", {"vm_count": 500}, 5),
        ("technical_fit", {"vm_count": 10, "edge_nodes": 500}, 5),
        ("technical_fit", {"quantum_use_case": "useful"}, 5),
        ("technical_fit", {"vm_count": 499, "edge_nodes": 0}, 3),
        ("technical_fit", {"vm_count": 100}, 3),
        ("technical_fit", {"vm_count": 60, "edge_nodes": 60}, 3),
        ("technical_fit", {"vm_count": 99, "edge_nodes": 49}, 1),
        ("technical_fit", {"vm_count": 99, "edge_nodes": 49, "quantum_use_case": "none"}, 1),
        ("technical_fit", {"vm_count": 60}, None),
        ("strategic_alignment", {"sponsor_level": "ceo_cio"}, 5),
        ("strategic_alignment", {"sponsor_level": "executive"}, 3),
        ("strategic_alignment", {"sponsor_level": "department"}, 3),
        ("strategic_alignment", {"sponsor_level": "tactical"}, 1),
    ],
)
def test_suggested_score(key: str, facts: Facts, expected: int | None) -> None:
    assert score(key, facts) == expected


ENT, CSP, EDGE, RES = "enterprise_it", "cloud", "edge", "research"


@pytest.mark.parametrize(
    "key, segment, facts, expected",
    [
        ("budget", "", {"budget_amount": "250000.00"}, "qualified"),
        ("budget", "", {"budget_amount": "249999.99"}, "below"),
        ("budget", "", {"budget_amount": "100000.00"}, "below"),
        ("budget", "", {"budget_amount": "99999.99"}, "disqualified"),
        ("budget", "", {"budget_amount": "2000000.00", "budget_status": "none"}, "disqualified"),
        ("budget", ENT, {"budget_amount": "1000000.00"}, "highly_qualified"),
        ("budget", ENT, {"budget_amount": "500000.00"}, "qualified"),
        ("budget", ENT, {"budget_amount": "499999.99", "hypervisor_spend": "900000.00"}, "below"),
        ("budget", ENT, {"hypervisor_spend": "500000.00"}, "qualified"),
        ("budget", CSP, {"infrastructure_spend": "2000000.00"}, "qualified"),
        ("budget", CSP, {"infrastructure_spend": "1999999.99", "budget_amount": "1000000.00"}, "below"),
        ("budget", CSP, {"infrastructure_spend": "2000000.00", "budget_amount": "1000000.00"}, "highly_qualified"),
        ("budget", EDGE, {"budget_amount": "250000.00"}, "qualified"),
        ("budget", EDGE, {"budget_amount": "250000.00", "business_case_validated": False}, "below"),
        ("budget", RES, {"budget_amount": "100000.00"}, "qualified"),
        ("budget", RES, {"budget_amount": "100000.00", "grant_status": "none"}, "below"),
        ("budget", RES, {"budget_amount": "99999.99"}, "disqualified"),
        ("authority", "", {"authority_access": "path"}, "below"),
        ("authority", "", {"authority_access": "none"}, "disqualified"),
        ("authority", ENT, {"authority_access": "access", "roles_reached": ["cio"]}, "qualified"),
        ("authority", ENT, {"authority_access": "access", "roles_reached": ["procurement"]}, "below"),
        ("authority", CSP, {"authority_access": "access", "roles_reached": ["ceo"]}, "qualified"),
        ("need", "", {"pain_clarity": "clear", "impact_amount": "500000.00"}, "qualified"),
        ("need", "", {"pain_clarity": "urgent"}, "highly_qualified"),
        ("need", "", {"pain_clarity": "vague"}, "below"),
        ("need", "", {"pain_clarity": "none"}, "disqualified"),
        ("need", ENT, {"pain_clarity": "clear", "impact_amount": "999999.99"}, "below"),
        ("need", ENT, {"pain_clarity": "clear", "impact_amount": "1000000.00"}, "qualified"),
        ("need", CSP, {"margin_target_percent": "15"}, "qualified"),
        ("need", EDGE, {"edge_nodes": 100}, "qualified"),
        ("need", EDGE, {"edge_nodes": 99}, "below"),
        ("need", EDGE, {"edge_nodes": 100, "latency_ms": "51"}, "below"),
        ("need", RES, {"quantum_use_case": "critical"}, "highly_qualified"),
        ("timeline", "", {"decision_date": "2027-03-31"}, "qualified"),
        ("timeline", "", {"decision_date": "2027-04-01"}, "below"),
        ("timeline", "", {"decision_date": "2026-09-30", "deadline": "hard"}, "highly_qualified"),
        ("timeline", "", {"decision_date": "2026-03-30"}, "disqualified"),
        ("timeline", "", {"deadline": "researching"}, "disqualified"),
        ("timeline", "", {}, "unknown"),
        ("timeline", CSP, {"decision_date": "2026-12-31"}, "unknown"),
        ("timeline", CSP, {"decision_date": "2026-12-31", "launch_date": "2027-03-31"}, "qualified"),
        ("timeline", EDGE, {"decision_date": "2026-12-31", "launch_date": "2027-09-30"}, "qualified"),
        ("timeline", RES, {"decision_date": "2029-03-31"}, "qualified"),
        ("timeline", RES, {"decision_date": "2029-04-01"}, "below"),
        ("technical_fit", "", {"vm_count": 100}, "qualified"),
        ("technical_fit", "", {"vm_count": 60, "workloads": ["vms", "ai_ml"]}, "qualified"),
        ("technical_fit", "", {"vm_count": 49}, "disqualified"),
        (
            "technical_fit",
            "",
            {"vm_count": 50, "edge_nodes": 0, "quantum_use_case": "none", "workloads": ["vms"]},
            "below",
        ),
        ("technical_fit", "", {"vm_count": 49, "edge_nodes": 500}, "highly_qualified"),
        ("technical_fit", "", {"vm_count": 49, "workloads": ["ai_ml"]}, "qualified"),
        ("technical_fit", "", {"vm_count": 900, "bare_metal_only": True}, "disqualified"),
        ("technical_fit", "", {"vm_count": 900, "workloads": ["legacy", "vms"]}, "disqualified"),
        (
            "technical_fit",
            "",
            {"vm_count": 900, "workloads": ["legacy"], "willing_to_modernise": True},
            "highly_qualified",
        ),
        ("technical_fit", "", {"vm_count": 900, "workloads": ["vms"]}, "highly_qualified"),
        ("technical_fit", EDGE, {"vm_count": 3, "edge_nodes": 100}, "qualified"),
        ("technical_fit", EDGE, {"vm_count": 3, "edge_nodes": 99, "quantum_use_case": "none"}, "below"),
        ("technical_fit", EDGE, {"edge_nodes": 900, "edge_use_case": False}, "disqualified"),
        ("technical_fit", RES, {"vm_count": 4, "bare_metal_only": True, "workloads": ["hpc"]}, "qualified"),
        ("strategic_alignment", "", {"strategic_initiative": "cloud_migration"}, "qualified"),
        ("strategic_alignment", "", {"sponsor_level": "tactical"}, "disqualified"),
        ("strategic_alignment", "", {"sponsor_level": "tactical", "strategic_initiative": "other"}, "qualified"),
        ("strategic_alignment", "", {"sponsor_level": "department", "strategic_initiative": "none"}, "below"),
    ],
)
def test_verdict(key: str, segment: str, facts: Facts, expected: str) -> None:
    assert verdict(key, segment, facts) == expected


@pytest.mark.parametrize("key", ["authority", "strategic_alignment"])
def test_whoever_answers_the_question_gets_a_suggestion(key: str) -> None:
    fact = shipped().fact(criterion(key).facts[0])
    assert all(score(key, {fact.key: choice.key}) for choice in fact.choices)
