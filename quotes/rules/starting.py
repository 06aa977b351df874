"""What a new quote begins with, from what the playbook offers and what is known of the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from playbook.schema import Playbook
from quotes.rules.book import PriceRules


def starting(playbook: Playbook, rules: PriceRules, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs of a first draft: the first model that counts what a fact counts, as many as are known; the longest term that nobody
    has to agree to; everything else standard. `facts`: canonical, by key."""
    model, quantity = _counted(playbook, rules, facts)
    return {
        "lines": [{"kind": "licence", "price_model": model, "quantity": quantity}],
        "term_years": str(usual_term(rules, model)),
        **rules.standard,
        **_billing(rules, model),
    }


def _counted(playbook: Playbook, rules: PriceRules, facts: Mapping[str, Any]) -> tuple[str, str]:
    known = {
        fact.unit: facts[fact.key]
        for fact in playbook.facts
        if fact.kind == "integer" and fact.unit and isinstance(facts.get(fact.key), int)
    }
    for model in rules.pricing.models:
        if known.get(model.units, 0) >= model.minimum:
            return model.key, str(known[model.units])
    return rules.pricing.models[0].key, ""


def usual_term(rules: PriceRules, model: str) -> int:
    found = rules.models[model]
    steps = rules.schedules[found.term_schedule].steps if "multi_year" in found.discounts else ()
    return max((step.years for step in steps if not step.approval), default=rules.years[0])


def _billing(rules: PriceRules, model: str) -> dict[str, str]:
    """A model that can't be billed the standard way begins with its own usual one."""
    allowed = rules.models[model].billing
    standard = rules.standard.get("billing")
    return {"billing": allowed[0]} if allowed and standard and standard not in allowed else {}


def valid_until(rules: PriceRules, today: dt.date) -> dt.date:
    return today + dt.timedelta(days=rules.terms.validity_days)
