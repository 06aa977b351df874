"""How claims stand today: verified when, until when, confirmed by whom. A confirmation's dates count in place of its wording's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from battlecards.models import Confirmation
from battlecards.queries.cards import Said


@dataclass(frozen=True, slots=True)
class Standing:
    verified_on: dt.date | None
    expires_on: dt.date | None
    confirmed_by: str = ""

    def has_expired(self, today: dt.date) -> bool:
        """From the day it expires on."""
        return self.expires_on is not None and self.expires_on <= today


def newest_confirmation(wording_id: int) -> Confirmation | None:
    return Confirmation.objects.filter(wording=wording_id).first()


def standings(said: Iterable[Said]) -> dict[int, Standing]:
    """By the wording's id, in one statement."""
    found = {one.wording_id: Standing(one.claim.verified_on, one.claim.expires_on) for one in said}
    rows = Confirmation.objects.filter(wording__in=found).select_related("by").order_by("at", "id")
    for row in rows:  # the newest comes last and stays
        found[row.wording_id] = Standing(row.verified_on, row.expires_on, str(row.by) if row.by else "")
    return found
