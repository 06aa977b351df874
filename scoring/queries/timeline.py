"""What a deal's timeline tells of its score: each change, the criteria that moved, and because of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.urls import reverse

from crm.queries import playbook as playbooks
from crm.queries.people import name_columns, name_in
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from crm.rules import formatting
from scoring.models import LeadScore
from scoring.queries.scores import CAUSE_LABELS, shares

KEY = "score"
COLUMNS = (
    *("pk", "low", "high", "previous_low", "previous_high", "cause", "causes", "computed_at"),
    *("playbook_version__number", "result__contributions"),
    *name_columns("caused_by"),
)
Row = Mapping[str, Any]


def register() -> None:
    timeline_providers.add(TimelineProvider(key=KEY, label="Score", entries=entries))


def entries(
    deal_id: int, before: dt.datetime | None, limit: int, since: dt.datetime | None = None, kind: str = KEY
) -> Sequence[TimelineEntry]:
    """One query, and one more for a playbook this process has not read yet."""
    rows = LeadScore.objects.filter(deal_id=deal_id).order_by("-computed_at", "-id").values(*COLUMNS)
    if before is not None:
        rows = rows.filter(computed_at__lt=before)
    if since is not None:
        rows = rows.filter(computed_at__gte=since)
    found = [*rows[: limit + 1], None]
    return [_entry(row, earlier) for row, earlier in pairwise(found) if row is not None][:limit]


def _entry(row: Row, earlier: Row | None) -> TimelineEntry:
    number = formatting.score_range(row["low"], row["high"])
    first = row["previous_low"] is None
    text = f"Score {number}" if first else f"Score {_change(row)} to {number}"
    moved = _moved(row, earlier)
    causes = formatting.listing([share.label.lower() for share in shares(row["causes"])])
    return TimelineEntry(
        at=row["computed_at"],
        kind=KEY,
        text=f"{text}: {moved}" if moved else text,
        by=name_in(row, "caused_by"),
        more="" if first else f"Because of {causes or CAUSE_LABELS[row['cause']].lower()}",
        url=reverse("scoring:score-version", args=[row["pk"]]),
    )


def _change(row: Row) -> str:
    """+0.20, or both ends of the range where they moved apart: +0.20 / −0.10."""
    low, high = row["low"] - row["previous_low"], row["high"] - row["previous_high"]
    return formatting.signed(low) if low == high else f"{formatting.signed(low)} / {formatting.signed(high)}"


def _moved(row: Row, earlier: Row | None) -> str:
    """budget 3 → 4; what was not scored is a question mark. A playbook's other weights move no criterion's score."""
    if earlier is None:
        return ""
    bant = playbooks.by_number(row["playbook_version__number"]).bant
    labels = {criterion.key: criterion.label.lower() for criterion in bant.criteria}
    before = {criterion: given for criterion, given, _, _ in earlier["result__contributions"]}
    after = {criterion: given for criterion, given, _, _ in row["result__contributions"]}
    return ", ".join(
        f"{labels[key]} {before.get(key) or '?'} → {given or '?'}"
        for key, given in after.items()
        if before.get(key) != given
    )
