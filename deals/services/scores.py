"""The narrow row lists sort by. The scoring app writes through here; it never touches a deal's tables itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from deals.models import DealScore


def lock_score(deal_id: int) -> DealScore:
    """The deal's score row, locked for this transaction; made if an older deal has none."""
    DealScore.objects.get_or_create(deal_id=deal_id)
    return DealScore.objects.select_for_update().get(deal_id=deal_id)


def write_score(
    row: DealScore,
    *,
    low: Decimal,
    high: Decimal,
    total: Decimal | None,
    lead_class: str,
    possible_classes: Sequence[str],
    disqualified: int,
    lights: str,
    health_percent: Decimal,
    playbook_number: int,
    computed_at: dt.datetime,
) -> DealScore:
    """Stores a computed score and the MEDDPICC lights on the locked row."""
    row.low, row.high, row.total = low, high, total
    row.lead_class, row.possible_classes, row.disqualified = lead_class, "".join(possible_classes), disqualified
    row.lights, row.health_percent = lights, health_percent
    row.playbook_number, row.computed_at = playbook_number, computed_at
    row.save()
    return row
