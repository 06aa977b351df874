"""Calls of the world, on Rae's deal: one in each state that a page does something with."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from calls.models import Call, DealPlan
from calls.rules.states import Verdict
from calls.services.documents import make_document
from calls.services.holding import begin_call, end_call
from calls.services.notes import save_entries
from calls.services.plans import cancel_call, plan_call
from calls.services.plans_on import start_plan
from calls.services.reviews import apply_review, decide_all
from crm.models import AuditEntry, Contact
from crm.services.audit import Act
from deals.models import Deal

NOTE = "/pain Licences went up, 4.2M a year now. Decide by end of Q3, 1,200 VMs."

SAID = "/competitor Kubernetes"
"""What was written to the deal: nothing that a stage or a score asks for, so that stories find the deal as it was made."""


@dataclass(frozen=True, slots=True)
class Calls:
    """`live` is under way and has a note of Rae's; `ended` waits for its review, its recap is drafted; of `done` everything was
    written; the others say their state."""

    planned: Call
    live: Call
    ended: Call
    done: Call
    cancelled: Call
    proposal_id: int
    review_id: int
    demo: DealPlan

    @property
    def kwargs(self) -> dict[str, Any]:
        question = self.live.questions.order_by("rank").first()
        return {
            "call_id": self.live.pk,
            "question_id": question.pk if question else 0,
            "paper": "recap",
            "proposal_id": 0,
            "review_id": 0,
            **self.on_plan,
        }

    @property
    def on_plan(self) -> dict[str, Any]:
        item = self.demo.items.first()
        return {"plan_id": self.demo.pk, "item_id": item.pk if item else 0}


def entry(text: str = NOTE, **values: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "revision": 1, "text": text, **values}


def make_calls(deal: Deal, contact: Contact, act: Act) -> Calls:
    made = {
        name: plan_call(
            act=act,
            deal_id=deal.pk,
            title=f"Discovery, {name}",
            starts_at=act.now + dt.timedelta(days=1),
            minutes=60,
            attendees=[{"contact": contact.pk}, {"name": "Nora Nolde", "persona": "procurement"}],
        )
        for name in ("planned", "live", "ended", "done", "cancelled")
    }
    for name in ("live", "ended", "done"):
        begin_call(act=act, call_id=made[name].pk)
        save_entries(act=act, call_id=made[name].pk, entries=[entry(SAID if name == "done" else NOTE)])
    end_call(act=act, call_id=made["ended"].pk)
    end_call(act=act, call_id=made["done"].pk)
    decide_all(act=act, call_id=made["done"].pk, verdict=Verdict.ACCEPTED)
    apply_review(act=act, call_id=made["done"].pk)
    make_document(act=act, call_id=made["ended"].pk, kind="recap")
    cancel_call(act=act, call_id=made["cancelled"].pk)
    demo = start_plan(act=act, deal_id=deal.pk, kind="demo", starts_date=act.now.date())
    AuditEntry.objects.filter(kind="plan").delete()
    # Or the first page of changes would be full before a test adds any.
    AuditEntry.objects.filter(kind="call").delete()
    for one in made.values():
        one.refresh_from_db()
    proposal = made["ended"].proposals.get(target="fact", key="impact_amount")
    review = made["done"].reviews.get()
    return Calls(**made, proposal_id=proposal.pk, review_id=review.pk, demo=demo)
