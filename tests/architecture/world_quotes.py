"""Quotes of the world, on Rae's deal: one in the making, and one in each state that a page does something with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.models import AuditEntry, Job, Person
from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Approval, Delegation, Quote
from quotes.services.chains import compute
from quotes.services.drafts import create_quote
from quotes.services.submissions import submit, withdraw

ASK = {"price_model": "per_socket", "quantity": 120, "term_years": 3, "prepaid": True}
INPUTS: dict[str, Any] = {
    "lines": [{"kind": "licence", "price_model": "per_node", "quantity": "499"}],
    "term_years": "3",
    "strategic": {"reason": "lighthouse", "percent": "10", "got": ["reference"], "note": "A reference by March."},
}
TYPED = {
    "title": "Edge rollout",
    "licence-0-price_model": "per_node",
    "licence-0-quantity": "600",
    "term_years": "3",
    "do": "save",
}
"""The same as a form is filled in."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """`draft` has one revision, which nobody was asked about; `waiting` waits for the SVP, by `asked`; `approved` is within the rules, and
    `withdrawn` was. Vik is away one day, and Sue stands in."""

    draft: Quote
    waiting: Quote
    approved: Quote
    withdrawn: Quote
    asked: Approval
    away: Delegation

    @property
    def kwargs(self) -> dict[str, Any]:
        return {"quote_id": self.draft.pk, "approval_id": self.asked.pk, "delegation_id": self.away.pk}


def make_quotes(deal: Deal, act: Act) -> Quotes:
    plain = {name: value for name, value in INPUTS.items() if name != "strategic"}
    made = {
        name: create_quote(act=act, deal_id=deal.pk, title=f"Edge rollout, {name}", inputs=inputs)
        for name, inputs in (("draft", ASK), ("waiting", INPUTS), ("approved", plain), ("withdrawn", plain))
    }
    for name in ("waiting", "approved", "withdrawn"):
        submit(act=act, quote_id=made[name].pk)
        compute(act=Act(by=None), approval_id=Approval.objects.get(revision__quote=made[name]).pk)
    withdraw(act=act, quote_id=made["withdrawn"].pk)
    Job.objects.filter(key__startswith="chain:").delete()
    # Or the first page of changes would be full before a test adds any.
    AuditEntry.objects.filter(kind="quote").delete()
    for one in made.values():
        one.refresh_from_db()
    vik, sue = (Person.objects.get(username=name) for name in ("vik", "sue"))
    days = {"from_date": dt.date(2098, 1, 6), "to_date": dt.date(2098, 1, 10)}
    away = Delegation.objects.create(approver=vik, stand_in=sue, made_by=vik, made_at=act.now, **days)
    asked = Approval.objects.get(revision__quote=made["waiting"])
    return Quotes(**made, asked=asked, away=away)
