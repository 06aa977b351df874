"""The demo's company: a fiscal year from February, two currencies beside the dollar with made-up rates, holidays; and what
each deal is about."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules.currencies import Rate
from crm.services.audit import Act
from crm.services.company import set_holidays, set_rates, update_company
from demo.plans import Plan

RATES = {
    "EUR": ("1.0642", "1.0715", "1.0834", "1.0901", "1.0788", "1.0956", "1.1042", "1.0987", "1.0913"),
    "GBP": ("1.2410", "1.2502", "1.2655", "1.2718", "1.2583", "1.2790", "1.2904", "1.2861", "1.2777"),
}
"""What one unit was worth in dollars, a quarter each, the oldest first."""
HOLIDAYS = ((1, 1, "New Year's Day"), (5, 1, "Labour Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day"))
PRODUCTS = {
    "enterprise_it": ("dwcp_core", "enterprise_security", "realtime_monitoring"),
    "cloud": ("dwcp_core", "multi_cloud_orchestrator", "neural_orchestration"),
    "edge": ("edge_management", "dwcp_core", "realtime_monitoring"),
    "research": ("dwcp_core", "quantum_accelerator", "neural_orchestration"),
}


def keep_company(by: Person, now: dt.datetime) -> None:
    """What operations would have set up two years ago."""
    _, playbook = playbooks.current()
    act = Act(by=by, at=now - dt.timedelta(days=730))
    values = {"name": playbook.identity.company, "currencies": ["USD", "EUR", "GBP"], "fiscal_year_start": 2}
    update_company(act=act, values=values)
    quarter = now.year * 4 + (now.month - 1) // 3
    rates = [
        Rate(code, dt.date((quarter - back) // 4, (quarter - back) % 4 * 3 + 1, 1), Decimal(worth))
        for code, known in RATES.items()
        for back, worth in enumerate(reversed(known))
    ]
    set_rates(act=act, rates=list(enumerate(rates, start=1)))
    days = [(dt.date(year, month, day), name) for year in (now.year, now.year + 1) for month, day, name in HOLIDAYS]
    set_holidays(act=act, holidays=days)


def currency_of(plan: Plan, country: str) -> str:
    if plan.mess == "in_euro":
        return "EUR"
    return {"Germany": "EUR", "United Kingdom": "GBP"}.get(country, "USD") if plan.opened % 2 else "USD"


def lines_of(plan: Plan, amount: Decimal | None) -> list[dict[str, Any]]:
    """One to three products of the segment that add up to the amount; every fourth deal has none yet, as in life."""
    number = plan.amount // 1_000 % 4
    products = PRODUCTS[plan.segment][:number]
    if amount is None:
        return [{"product": key} for key in products]
    parts = [amount * share // 100_000 * 1_000 for share in (20, 10)][: max(number - 1, 0)]
    return (
        [
            {"product": key, "amount": part}
            for key, part in zip(products, [amount - sum(parts, Decimal(0)), *parts], strict=True)
        ]
        if products
        else []
    )
