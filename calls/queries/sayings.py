"""The notes that BANT+ facts of a deal were taken from, as their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from calls.models import Proposal, Target
from calls.rules.known import clipped
from calls.rules.states import Verdict
from crm.registry.sayings import FactSource, Saying, fact_sources
from crm.rules.fact_words import show_date

LONGEST = 160


def register() -> None:
    fact_sources.add(FactSource(key="calls", said=said))


def said(deal_id: int, facts: Mapping[str, Any]) -> dict[str, Saying]:
    """What reviews wrote and nobody took back or changed since; the last that said it. One query."""
    rows = Proposal.objects.filter(
        call__deal=deal_id, target=Target.FACT, key__in=[*facts], review__isnull=False, review__undone_at=None
    )
    found: dict[str, Saying] = {}
    for one in rows.select_related("entry__author", "call").order_by("review__made_at", "pk"):
        found.pop(one.key, None)
        if (one.taken if one.state == Verdict.EDITED else one.after) == facts[one.key]:
            found[one.key] = _saying(one)
    return found


def _saying(one: Proposal) -> Saying:
    day = one.entry.at.astimezone(one.entry.author.zone).date()
    return Saying(
        where=f"call of {show_date(day)}, {one.entry.author}",
        quote=clipped(one.entry.text, LONGEST),
        url=f"{reverse('calls:call-review', args=[one.call_id])}?at={one.pk}#proposal-{one.pk}",
    )
