"""Who of us can be given what a call asks for."""

from __future__ import annotations

from calls.models import Call, Side


def givable(call: Call) -> dict[int, str]:
    """By id: those of us on the call, and the owner of its deal. Two queries."""
    rows = call.attendees.filter(side=Side.OURS, person__is_active=True).select_related("person")
    found = {one.person_id: str(one.person) for one in rows}
    owner = call.deal.owner
    return {**found, owner.pk: str(owner)}
