"""The narrow row lists sort by. The scoring app writes through here; it never touches a deal's tables itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from deals.models import DealScore
from deals.models.querysets import DealQuerySet

TURNS = 5_231_907
"""Any number that no other advisory lock of this database has."""


def hold_for_giving() -> None:
    """Call it in a transaction that gives or closes many deals, before it locks them. With each, PostgreSQL writes its score
    (migration 0010); a rescoring writes scores in an order of its own, and each would come to wait for the other."""
    _hold("pg_advisory_xact_lock")


def hold_for_scoring() -> None:
    """Call it first in a transaction that writes the scores of many deals. Several of these don't wait for each other."""
    _hold("pg_advisory_xact_lock_shared")


def _hold(function: str) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite's transactions hold the one write lock from their first statement
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [TURNS])


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


# --- Many at once, for rescoring a whole book ----------------------------------------------------------------------

UPDATE_FROM = """
UPDATE deals_dealscore AS ds
SET low = r.low, high = r.high, total = r.total, lead_class = r.lead_class, possible_classes = r.possible_classes,
    disqualified = r.disqualified, playbook_number = %(number)s, computed_at = GREATEST(%(at)s, ds.computed_at)
FROM {source} AS r
WHERE ds.deal_id = r.deal_id AND ds.deal_id BETWEEN %(first)s AND %(last)s
  AND CASE WHEN ds.xmin = r.seen THEN true END
RETURNING r.*, ds.computed_at
"""
"""PostgreSQL: stores scores from a query that gives the columns above and `seen`, the row's `xmin` when it was read: the
transaction that wrote it, so another one when anybody has written it since. Such a row is left alone. Gives back all the query
gave, and when the score was computed.

CASE, because nobody counts `xmin`s: the planner would take it that hardly any row still has the one it was read with.
Parameters: number (of the playbook), at, and the first and last deal_id.
"""


class BulkRow(NamedTuple):
    """A score as stored: totals in units of 0.0001."""

    deal_id: int
    low: int
    high: int
    total: int | None
    lead_class: str
    possible_classes: str
    disqualified: int
    computed_at: dt.datetime


def add_missing_rows(deals: DealQuerySet) -> None:
    """The open ones of these get a score row, should an import or an old release have left one out."""
    missing = deals.open().filter(score__isnull=True).values_list("pk", flat=True)
    DealScore.objects.bulk_create((DealScore(deal_id=pk) for pk in missing), batch_size=1000, ignore_conflicts=True)


def write_many(rows: Iterable[BulkRow], *, playbook_number: int) -> None:
    """Stores many scores; for SQLite, whose transaction already keeps every other writer out."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE deals_dealscore SET low = %s, high = %s, total = %s, lead_class = %s, possible_classes = %s,"
            " disqualified = %s, computed_at = %s, playbook_number = %s WHERE deal_id = %s",
            [(*row[1:-1], adapt(row.computed_at), playbook_number, row.deal_id) for row in rows],
        )


def write_lights(lights: Mapping[int, tuple[str, Decimal]]) -> None:
    """Stores MEDDPICC lights and health by deal id. Few different values occur, so there is one update for each."""
    groups: dict[tuple[str, Decimal], list[int]] = {}
    for deal_id, value in lights.items():
        groups.setdefault(value, []).append(deal_id)
    for (states, percent), deal_ids in groups.items():
        DealScore.objects.filter(pk__in=deal_ids).update(lights=states, health_percent=percent)
