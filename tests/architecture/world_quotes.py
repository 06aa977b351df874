"""Quotes of the world, on Rae's deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Quote
from quotes.services.drafts import create_quote

ASK = {"price_model": "per_socket", "quantity": 120, "term_years": 3, "prepaid": True}


@dataclass(frozen=True, slots=True)
class Quotes:
    draft: Quote

    @property
    def kwargs(self) -> dict[str, Any]:
        return {"quote_id": self.draft.pk}


def make_quotes(deal: Deal, act: Act) -> Quotes:
    return Quotes(draft=create_quote(act=act, deal_id=deal.pk, title="Three years, prepaid", inputs=ASK))
