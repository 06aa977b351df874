"""Deleting softly, bringing back, and what goes for good after the days it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from crm.lib.errors import Clash
from crm.models import AuditEntry
from crm.models.bin import KEPT_DAYS
from crm.queries.bin import binned, in_bin
from crm.registry import BinKind, bins
from crm.services import jobs
from crm.services.audit import Act, entry

PURGE_TASK = "crm.tasks.purge_bin"
BATCH = 100
"""Records that go for good in one transaction, each with all that hangs on it."""


def put_away(*, act: Act, kind: BinKind, rows: QuerySet[Any], with_record: str = "") -> list[int]:
    """Deletes rows softly: their ids. `with_record` names the record they go with ("account:12") and come back with. For services
    that have asked whether it may be, inside their transaction."""
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    ids = [row.pk for row in found]
    by = act.by.pk if act.by else None
    kind.rows().filter(pk__in=ids).update(deleted_at=act.now, deleted_by=by, deleted_with=with_record)
    _audit(act, kind, found, "deleted")
    return ids


@transaction.atomic
def restore(*, act: Act, kind: BinKind, record_id: int) -> Any:
    """Brings a record back, with everything that went with it. Raises DoesNotExist where it is not in the bin somebody
    sees, Clash where what it belongs to is deleted."""
    rows = binned(kind) if act.by is None else in_bin(act.by, kind)
    pks = rows.values("pk")
    row = kind.rows().select_for_update(of=("self",)).filter(pk__in=pks, deleted_at__isnull=False).get(pk=record_id)
    account = getattr(row, "account", None)
    if account is not None and account.deleted_at is not None:
        raise Clash(f"Its account {account.name} is deleted too. Restore the account first.")
    _bring_back(act, kind, kind.rows().filter(pk=row.pk))
    for other in bins:
        if other.of_account is not None and kind.of_account is None:
            _bring_back(act, other, binned(other).filter(deleted_with=f"{kind.key}:{row.pk}"))
    row.refresh_from_db()
    return row


def _bring_back(act: Act, kind: BinKind, rows: QuerySet[Any]) -> None:
    found = list(rows)
    ids = [row.pk for row in found]
    if ids:
        kind.rows().filter(pk__in=ids).update(deleted_at=None, deleted_by=None, deleted_with="")
        _audit(act, kind, found, "restored")
        kind.restored(act, ids)


def purge(*, act: Act, tell: Callable[[int], None] = lambda done: None) -> int:
    """Takes away for good what was deleted longer ago than it is kept, in short transactions: how many records. Safe to run
    again after a kill, and while somebody restores: what is back by then stays."""
    before, done = act.now - dt.timedelta(days=KEPT_DAYS), 0
    # What belongs to an account before the accounts themselves.
    for kind in sorted(bins, key=lambda one: one.of_account is None):
        while gone := _purge_some(act, kind, before):
            done += gone
            tell(done)
    return done


def plan_purge(now: dt.datetime) -> None:
    """Asks for a purge where something is due; asking again while one waits adds none."""
    if any(_due(kind, now - dt.timedelta(days=KEPT_DAYS)).exists() for kind in bins):
        jobs.enqueue(PURGE_TASK, key="purge-bin", queue="bulk", label="Emptying the bin of what was kept long enough")


def _due(kind: BinKind, before: dt.datetime) -> QuerySet[Any]:
    """What was kept long enough; an account only once nothing of its own is left, or the purge would end at it every time."""
    rows = binned(kind).filter(deleted_at__lt=before)
    if kind.key == "account":
        for other in bins:
            if other.of_account is not None:
                rows = rows.exclude(Exists(other.rows().filter(account=OuterRef("pk"))))
    return rows


@transaction.atomic
def _purge_some(act: Act, kind: BinKind, before: dt.datetime) -> int:
    found = list(_due(kind, before).select_for_update(of=("self",)).order_by("deleted_at", "pk")[:BATCH])
    if found:
        _audit(act, kind, found, "purged")
        kind.rows().filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def _audit(act: Act, kind: BinKind, rows: list[Any], verb: str) -> None:
    for_deal = kind.key == "deal"
    AuditEntry.objects.bulk_create(
        entry(
            act=act,
            kind=kind.key,
            record_id=row.pk,
            deal_id=row.pk if for_deal else None,
            verb=verb,
            changes={"name": (None, kind.name(row)) if verb == "restored" else (kind.name(row), None)},
        )
        for row in rows
    )
