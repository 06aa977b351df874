"""What the field said of the world's card against VMware."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from battlecards.models import Card, Claim, IntelEvent, Response, Suggestion, Watch
from battlecards.services.feedback import give_feedback, suggest
from battlecards.services.intel import create_event
from battlecards.services.responses import start_response
from battlecards.services.watching import follow_playbook
from crm.models import AuditEntry, Notification, Person
from crm.services.audit import Act

NEWS: dict[str, Any] = {
    "kind": "price_change",
    "title": "List price up by a tenth",
    "source": "Their price list",
    "happened_on": dt.date(2026, 1, 12),
}


@dataclass(frozen=True, slots=True)
class Field:
    """Rae said that the claim on speed backfired, and suggested another. Rae also heard of a price, to which Eve responds; the daily
    watch is Eve's."""

    card: Card
    claim: Claim
    suggestion: Suggestion
    event: IntelEvent
    response: Response
    watch: Watch

    @property
    def kwargs(self) -> dict[str, Any]:
        step = self.response.steps.get(place=0)
        return {
            "card_id": self.card.pk,
            "claim_id": self.claim.pk,
            "suggestion_id": self.suggestion.pk,
            "event_id": self.event.pk,
            "response_id": self.response.pk,
            "step_id": step.pk,
            "watch_id": self.watch.pk,
        }


def make_field(card: Card, rae: Person, eve: Person) -> Field:
    claim = Claim.objects.get(card=card, key="speed")
    give_feedback(act=Act(by=rae), claim_id=claim.pk, verdict="backfired", note="They measured it.")
    suggestion = suggest(act=Act(by=rae), text="Say on which hardware.", claim_id=claim.pk)
    event = create_event(act=Act(by=rae), competitor_key="vmware", values=NEWS, claim_ids=[claim.pk])
    response = start_response(act=Act(by=eve), event_id=event.pk, scenario="price_drop")
    follow_playbook(act=Act(by=None))
    watch = Watch.objects.get(key="news_alerts")
    Notification.objects.filter(kind="intel").delete()
    AuditEntry.objects.filter(kind__in=("card", "intel", "response", "watch")).delete()
    return Field(card, claim, suggestion, event, response, watch)
