"""How claims stand today: verified when, until when, confirmed by whom. A confirmation's dates count in place of its wording's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from battlecards.models import Confirmation
from battlecards.queries.cards import Content, Said


@dataclass(frozen=True, slots=True)
class Standing:
    verified_on: dt.date | None
    expires_on: dt.date | None
    confirmed_by: str = ""
    confirmed: bool = False

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
        found[row.wording_id] = Standing(row.verified_on, row.expires_on, str(row.by) if row.by else "", confirmed=True)
    return found


def confirmed(content: Content) -> Content:
    """The content with the dates of its claims' last confirmations, in one statement."""
    return confirmed_all({0: content})[0]


def confirmed_all(contents: Mapping[int, Content]) -> dict[int, Content]:
    """`confirmed`, of several in one statement."""
    found = standings(one for content in contents.values() for one in content.said)
    return {key: replace(one, said=tuple(_dated(said, found) for said in one.said)) for key, one in contents.items()}


def _dated(said: Said, found: Mapping[int, Standing]) -> Said:
    now = found[said.wording_id]
    dates = {"verified_on": now.verified_on, "expires_on": now.expires_on}
    return replace(said, claim=said.claim.model_copy(update=dates)) if now.confirmed else said


def lately_confirmed(today: dt.date) -> QuerySet[Confirmation, Any]:
    """Wordings an editor confirmed beyond today, for questions over many."""
    rows = Confirmation.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gt=today))
    return rows.order_by().values("wording")
