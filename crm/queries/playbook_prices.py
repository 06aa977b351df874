"""What a playbook says about prices as its pages show it: each figure in the sentence that comparing versions uses too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.rules.playbook_prices import price_rules
from crm.rules.playbook_rule import Rule
from playbook.schema import Playbook
from playbook.schema.base import Named
from playbook.storing import to_json

CHAPTERS = ("prices", "discounts", "terms")


def price_chapters(playbook: Playbook) -> dict[str, Any]:
    """Nothing but `has_prices` where a playbook is from before there were quotes."""
    pricing, discounts, terms = playbook.pricing, playbook.discounts, playbook.terms
    if pricing is None or discounts is None or terms is None or playbook.approvals is None:
        return {"has_prices": False}
    found = {(rule.chapter, rule.id): rule for rule in price_rules(to_json(playbook))}

    def of(chapter: str, name: str, entries: Iterable[Named]) -> list[Rule]:
        return [found[chapter, f"{name}.{entry.key}"] for entry in entries]

    return {
        "has_prices": True,
        "books": [
            (book, of("prices", "models", (model for model in pricing.models if model.book == book.key)))
            for book in pricing.books
        ],
        "catalogue": of("prices", "catalogue", pricing.catalogue),
        "hours": pricing.hours_per_month,
        "order": found["discounts", "order"].value.labels,
        "volume": [found["discounts", f"volume.{step.at_least}"] for step in discounts.volume],
        "schedules": of("discounts", "term_schedules", discounts.term_schedules),
        "prepayment": found["discounts", "prepayment"],
        "strategic": of("discounts", "strategic", discounts.strategic),
        "strategic_per_quote": discounts.strategic_per_quote,
        "partner_tiers": list(
            zip(discounts.partner_tiers, of("discounts", "partner_tiers", discounts.partner_tiers), strict=True)
        ),
        "partner_models": of("discounts", "partner_models", discounts.partner_models),
        "deal_registration": found["discounts", "deal_registration"],
        "programmes": of("discounts", "programmes", discounts.programmes),
        "price_lock": found["discounts", "price_lock"],
        "trades": discounts.trades,
        "kinds": [
            (
                kind,
                [option for option in kind.options if option.standard],
                of("terms", f"kinds.{kind.key}", (option for option in kind.options if not option.standard)),
            )
            for kind in terms.kinds
        ],
        "terms": terms,
        "approvals": playbook.approvals,
    }
