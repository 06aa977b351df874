"""What came back of somebody's quotes: agreed to, refused, or void, and nobody has gone on with it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Person
from quotes.models import Quote
from quotes.rules.states import State

BACK = (State.APPROVED, State.SENT_BACK, State.REJECTED, State.VOID)
NEXT = {
    State.APPROVED: "may go to the customer",
    State.SENT_BACK: "revise it",
    State.REJECTED: "offer something else",
    State.VOID: "revise it and send it again",
}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Returned:
    quote: Quote
    advice: str


def returned(person: Person) -> tuple[list[Returned], bool]:
    """Of their open deals, the latest first, and whether there are more."""
    rows = Quote.objects.visible_to(person).filter(deal__owner=person, deal__outcome="open", state__in=BACK)
    found = list(rows.select_related("deal__account").order_by("-updated_at", "-pk")[: SHOWN + 1])
    return [Returned(quote, NEXT[State(quote.state)]) for quote in found[:SHOWN]], len(found) > SHOWN
