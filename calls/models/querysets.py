"""The only door to calls and what hangs on them: seen by whoever sees the deal in full."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from calls.rules.states import State
from crm.models import Person
from deals.models import Deal
from deals.models.hanging import OfDeals


class CallQuerySet(OfDeals):
    def notes_by(self, user: Person) -> Self:
        """Those in which somebody takes notes: whoever may change the deal, and those of us who are on the call and see its deal
        in full."""
        mine = Q(deal__in=Deal.objects.editable_by(user).values("pk")) | Q(attendees__person=user)
        return self.visible_to(user).filter(mine).distinct()

    def waiting(self) -> Self:
        """Those that are still to be held."""
        return self.filter(state__in=(State.PLANNED, State.LIVE))

    def to_review(self) -> Self:
        return self.filter(state=State.REVIEW)


class OfCalls(OfDeals):
    path = "call__deal"
