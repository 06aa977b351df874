"""What the field said of the world's card against VMware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from battlecards.models import Card, Claim, Suggestion
from battlecards.services.feedback import give_feedback, suggest
from crm.models import AuditEntry, Person
from crm.services.audit import Act


@dataclass(frozen=True, slots=True)
class Field:
    """Rae said that the claim on speed backfired, and suggested another."""

    card: Card
    claim: Claim
    suggestion: Suggestion

    @property
    def kwargs(self) -> dict[str, Any]:
        return {"card_id": self.card.pk, "claim_id": self.claim.pk, "suggestion_id": self.suggestion.pk}


def make_field(card: Card, rae: Person) -> Field:
    claim = Claim.objects.get(card=card, key="speed")
    give_feedback(act=Act(by=rae), claim_id=claim.pk, verdict="backfired", note="They measured it.")
    suggestion = suggest(act=Act(by=rae), text="Say on which hardware.", claim_id=claim.pk)
    AuditEntry.objects.filter(kind="card").delete()  # or the first page of changes would be full before a test adds any
    return Field(card, claim, suggestion)
