"""What a rep finds out about a demo deal, more of it the further the deal has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from crm.models import Contact
from demo.plans import Plan


def deal_facts(plan: Plan, opened: dt.date, reach: float) -> dict[str, Any]:
    """Facts known at `reach` (0 to 1) of a deal's life. Each appears at its own point and stays as it was."""
    fixed = Random(f"{plan.account}-{plan.title}-{plan.opened}")
    good = plan.outcome == "won" or fixed.random() < 0.55
    # Asked for once, from the day the deal was opened; it does not move with every call.
    decision = opened + dt.timedelta(days=fixed.randrange(120, 520))
    facts = [
        (0.10, "pain_clarity", fixed.choice(("urgent", "clear", "clear") if good else ("clear", "vague"))),
        (0.20, "impact_amount", f"{fixed.randrange(300_000, 4_500_000, 50_000)}.00"),
        (0.25, "authority_access", fixed.choice(("engaged", "access") if good else ("access", "path", "none"))),
        (0.30, "budget_amount", f"{max(60_000, round(plan.amount * fixed.uniform(0.7, 1.8), -4)):.2f}"),
        (
            0.35,
            "sponsor_level",
            fixed.choice(("ceo_cio", "executive", "department") if good else ("department", "tactical")),
        ),
        (0.40, "decision_date", decision.isoformat()),
        (0.45, "deadline", fixed.choice(("hard", "soft") if good else ("soft", "none"))),
        (0.50, "budget_status", fixed.choice(("allocated", "needs_approval"))),
        (0.60, "strategic_initiative", fixed.choice(("digital_transformation", "cloud_migration", "other"))),
        (0.70, "poc_criteria_agreed", True),
        (0.85, "poc_outcome", "met" if good else "partly"),
        (0.95, "business_case_validated", good),
    ]
    return {key: value for at, key, value in facts if at <= reach and fixed.random() < 0.94}


def element_values(
    random: Random, plan: Plan, contacts: list[Contact], today: dt.date, reach: float
) -> Iterator[tuple[str, dict[str, Any]]]:
    """MEDDPICC elements known at `reach`, as arguments of `update_element`."""
    fixed = Random(f"{plan.account}-{plan.title}-{plan.opened}-m")
    spend = fixed.randrange(400_000, 5_000_000, 50_000)
    elements: list[tuple[float, str, dict[str, Any]]] = [
        (0.15, "identify_pain", {"fields": _pain(fixed, spend)}),
        (0.25, "metrics", {"fields": {"measures": [_licence_cost(spend)]}}),
        (0.30, "competition", {"fields": {}}),
        (0.40, "champion", {"contact_id": contacts[min(1, len(contacts) - 1)].pk, "fields": {"tests": _tests(fixed)}}),
        (0.50, "economic_buyer", {"contact_id": contacts[0].pk, "fields": _buyer(fixed, today)}),
        (0.60, "decision_criteria", {"fields": {"criteria": [{"name": n, "weight": w} for n, w in CRITERIA]}}),
        (0.70, "decision_process", {"fields": _process(fixed, today)}),
        (0.80, "paper_process", {"fields": {"steps": [dict(step) for step in PAPER]}}),
    ]
    for at, element, values in elements:
        if at > reach:
            return
        confirmed = reach - at > 0.2 and random.random() < 0.5
        evidence = (
            {"strength": "confirmed", "evidence_kind": "call", "evidence": f"Call on {today.isoformat()}"}
            if confirmed
            else {"strength": "claimed"}
        )
        yield element, {**values, **evidence}


CRITERIA = (
    ("Performance", "25"),
    ("Cost and ROI", "20"),
    ("Risk", "18"),
    ("Features", "15"),
    ("Ecosystem", "12"),
    ("Support", "10"),
)
PAPER = (
    {"name": "Legal", "owner": "Their counsel", "state": "under_way", "expected_days": 21},
    {"name": "Security", "owner": "CISO office", "state": "open", "expected_days": 14},
)
TESTS = ("credibility", "influence", "motivation", "access", "willingness")


def _pain(fixed: Random, spend: int) -> dict[str, Any]:
    statement = "Licence cost rises faster than the estate it runs."
    return {"statement": statement, "yearly_impact": f"{spend}.00", "urgency": fixed.choice(("high", "medium"))}


def _licence_cost(spend: int) -> dict[str, str]:
    values = {"today": str(spend), "target": str(spend // 4), "unit": "USD", "yearly_value": f"{spend - spend // 4}.00"}
    return {"name": "Licence cost a year", **values}


def _tests(fixed: Random) -> dict[str, bool]:
    return {name: fixed.random() < 0.7 for name in TESTS}


def _buyer(fixed: Random, today: dt.date) -> dict[str, str]:
    last_met = today - dt.timedelta(days=fixed.randrange(1, 40))
    return {"engaged": fixed.choice(("engaged", "not_yet")), "last_met": last_met.isoformat()}


def _process(fixed: Random, today: dt.date) -> dict[str, Any]:
    steps = [
        {"name": "Evaluation report", "owner": "Architecture board", "state": "done"},
        {"name": "Budget committee", "owner": "CFO", "state": "open"},
    ]
    return {"target_date": (today + dt.timedelta(days=fixed.randrange(20, 120))).isoformat(), "steps": steps}
