"""Whether a playbook makes sense: references between files, sums, order, coverage."""

from __future__ import annotations

from collections.abc import Mapping

from playbook.checks.calls import check_agenda, check_demo, check_poc
from playbook.checks.conditions import check_conditions
from playbook.checks.context import Context, FileContent
from playbook.checks.discounts import check_discounts
from playbook.checks.intel import check_intel
from playbook.checks.keys import check_keys
from playbook.checks.market import check_market, check_selling, check_targets
from playbook.checks.market_sizes import check_market_sizes
from playbook.checks.measures import check_kpis, check_qbr, check_risk_register
from playbook.checks.notes import check_note_rules
from playbook.checks.pricing import check_pricing
from playbook.checks.qualification import check_bant, check_meddpicc, check_questions, check_stages
from playbook.checks.terms import check_approvals, check_terms
from playbook.checks.win_rates import check_win_rates
from playbook.problems import Finding

CHECKS = (
    check_keys,
    check_conditions,
    check_bant,
    check_meddpicc,
    check_questions,
    check_stages,
    check_market,
    check_selling,
    check_targets,
    check_pricing,
    check_discounts,
    check_terms,
    check_approvals,
    check_agenda,
    check_demo,
    check_poc,
    check_note_rules,
    check_intel,
    check_market_sizes,
    check_kpis,
    check_risk_register,
    check_win_rates,
    check_qbr,
)


def find_problems(files: Mapping[str, FileContent]) -> list[Finding]:
    """Everything wrong between and inside files that have the right shape; what could not be read is passed over."""
    context = Context(files)
    for check in CHECKS:
        check(context)
    return context.findings
