"""One call in somebody's eyes: whether they see it, may change it, may take notes in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from calls.models import Call, Part
from crm.models import Person
from deals.queries.visibility import level_of
from deals.rules.visibility import Level

SEEN_BY = ("deal__owner__team", "playbook")
"""What always comes with a call: its deal's owner decides who sees it."""
NARROW = (
    *("state", "version", "created_at", "started_at", "starts_at", "playbook__number"),
    *("deal__owner__username", "deal__owner__first_name", "deal__owner__last_name"),
    *("deal__owner__roles", "deal__owner__is_active", "deal__owner__team__name", "deal__owner__team__path"),
)
"""Enough for whoever takes notes; the rest is fetched where it is asked for."""
RUNNING = Subquery(Part.objects.filter(call=OuterRef("pk"), running_since__isnull=False).values("key")[:1])


@dataclass(frozen=True, slots=True)
class Sight:
    """`editable`: may change its deal, and so the call; `notes`: may take notes in it."""

    call: Call
    editable: bool
    notes: bool


def see(person: Person, call_id: int, *, related: tuple[str, ...] = (), narrow: bool = False) -> Sight:
    """One query; one more for the deal's shares, and one for those on the call, where the owner alone does not decide. A `narrow`
    call has little but `running`, the key of the part under way. Raises Call.DoesNotExist for what is not seen.

    One call is judged by itself: the querysets that find everybody's would first ask for the team and for all that is shared.
    `tests/calls/test_sight.py` holds the two equal.
    """
    rows = Call.objects.filter(pk=call_id, deal__deleted_at__isnull=True).select_related(*SEEN_BY, *related)
    found = rows.only("deal", *NARROW).annotate(running=RUNNING) if narrow else rows.defer("playbook__data")
    call: Call = found.get()
    level = level_of(person, call.deal, dt.datetime.now(dt.UTC).date())
    if level < Level.FULL:
        raise Call.DoesNotExist("It is not theirs to see.")
    editable = level is Level.CHANGE
    return Sight(call, editable, editable or call.attendees.filter(person=person).exists())
