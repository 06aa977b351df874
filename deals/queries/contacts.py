"""The deals somebody at an account takes part in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Value, When

from crm.models import Contact, Person
from crm.queries import playbook as playbooks
from deals.models import Deal, DealContact


@dataclass(frozen=True, slots=True)
class ContactDeal:
    """A deal and the contact's part in its buying committee."""

    deal: Deal
    stage_label: str
    role: str
    sentiment: str


def deals_with(user: Person, contact: Contact, most: int = 20) -> tuple[ContactDeal, ...]:
    """Open deals first, then by close date, the latest first. Who sits on a committee is a detail: only deals seen in full."""
    _, playbook = playbooks.current()
    labels = {stage.key: stage.label for stage in playbook.stages}
    rows = (
        DealContact.objects.filter(contact=contact, deal__in=Deal.objects.detailed_to(user))
        .select_related("deal__owner", "deal__score", "deal__account")
        .annotate(closed=Case(When(deal__outcome="open", then=Value(0)), default=Value(1)))
        .order_by("closed", "-deal__close_sort", "-deal_id")
    )
    return tuple(
        ContactDeal(
            row.deal,
            labels.get(row.deal.stage, row.deal.stage),
            row.get_role_display(),
            row.get_sentiment_display() if row.sentiment != "unknown" else "",
        )
        for row in rows[:most]
    )
