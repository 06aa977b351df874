"""Whose call is next, and which one waits to be reviewed or was never held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from calls.models import Call
from calls.rules.states import State
from crm.models import Person

SHOWN = 6
AHEAD = dt.timedelta(days=2)
NEXT = {State.LIVE: "is under way", State.REVIEW: "review what was noted"}


@dataclass(frozen=True, slots=True)
class Due:
    call: Call
    advice: str


def due(person: Person, now: dt.datetime) -> tuple[list[Due], bool]:
    """What is under way or waits for its review, what should have begun, and what is to come in two days, of calls they lead; in the
    order of their beginnings, and whether there are more."""
    soon = Q(state=State.PLANNED, starts_at__lt=now + AHEAD)
    rows = Call.objects.visible_to(person).filter(Q(state__in=(State.LIVE, State.REVIEW)) | soon, owner=person)
    found = list(
        rows.filter(deal__outcome="open").select_related("deal__account").order_by("starts_at", "pk")[: SHOWN + 1]
    )
    return [Due(call, _advice(call, now)) for call in found[:SHOWN]], len(found) > SHOWN


def _advice(call: Call, now: dt.datetime) -> str:
    if call.state == State.PLANNED:
        return "begin it, or say that it was cancelled" if call.planned_end < now else "look at its questions"
    return NEXT[State(call.state)]
