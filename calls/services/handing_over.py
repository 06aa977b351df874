"""Calls that are not over go along with a deal that gets another owner, and to somebody else when who leads them leaves."""

from __future__ import annotations

from typing import Any

from calls.models import Attendee, Call, Side
from calls.rules.states import State
from calls.services.base import touch
from crm.models import Person
from crm.registry import GoesAlong, Handover, goes_along, handovers
from crm.rules import access
from crm.services.audit import Act
from crm.services.handovers import Held

NOT_OVER = (State.PLANNED, State.LIVE, State.REVIEW)


def register() -> None:
    goes_along.add(GoesAlong(key="calls", label="planned calls and reviews", count=CALLS.count_on, move=CALLS.move_on))
    handovers.add(
        Handover(
            key="calls",
            one="call to hold or review",
            label="calls to hold or review",
            held=CALLS.held,
            move=CALLS.move,
            refuses=_refuses,
        )
    )


def _open(owner_id: int) -> Any:
    """Those on deals in the bin too: they may come back, and should not come back to nobody."""
    return Call.objects.filter(owner_id=owner_id, state__in=NOT_OVER)


def _give(act: Act, rows: Any, to_id: int, most: int) -> int:
    """Who takes a call over is on it; who led it stays on it as long as they are there."""
    taker = Person.objects.get(pk=to_id)
    calls = list(rows.select_for_update(of=("self",)).select_related("owner").order_by("pk")[:most])
    for call in calls:
        touch(call, act=act, verb="changed", changes={"owner": (call.owner, taker)}, owner=taker)
        Attendee.objects.get_or_create(call=call, person=taker, defaults={"side": Side.OURS, "name": str(taker)[:200]})
    return len(calls)


CALLS = Held(rows=_open, give=_give)


def _refuses(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    if access.sees_contacts(taking.roles):
        return ""
    return f"{taking} does not see the deals these calls are on. Choose somebody who sells, leads or runs operations."
