"""What a bulk change is about to do, and what became of its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.models import BulkChange, BulkOutcome, Person

WHICH: dict[str, dict[str, Any]] = {
    "changed": {"is_changed": True},
    "skipped": {"is_changed": False},
    "kept": {"undo": "kept"},
}


def own_changes(user: Person, kinds: Iterable[str], *, drafts: bool = False) -> QuerySet[BulkChange]:
    """What somebody asked for, of the kinds of list they see by now; with `drafts` also what was only drawn up."""
    rows = BulkChange.objects.visible_to(user).filter(kind__in=kinds)
    return (rows if drafts else rows.exclude(asked_at=None)).select_related("asked_by", "job", "undo_job")


@dataclass(frozen=True, slots=True)
class Foretold:
    """How many records there are, whether there are more than may be changed at once, and who will be left out and why.
    One record may be left out for several reasons."""

    total: int
    is_too_many: bool
    left_out: Sequence[tuple[int, str]]


def foretell(rows: QuerySet[Any], most: int, expected: Any, user: Any) -> Foretold:
    """Looks at `most` + 1 records and no more."""
    total = rows.order_by()[: most + 1].count()
    left_out = [] if total > most else [pair for pair in expected(user, rows) if pair[0]]
    return Foretold(min(total, most), total > most, left_out)


def outcomes(bulk: BulkChange, which: str = "") -> QuerySet[BulkOutcome]:
    return bulk.outcomes.filter(**WHICH.get(which, {}))


def token(bulk: BulkChange) -> str:
    """What a page shows of how far it is; it asks again until this changes."""
    parts = (bulk.changed, bulk.skipped, bulk.restored, bulk.kept, bulk.finished_at, bulk.undo_asked_at, bulk.undone_at)
    jobs = tuple((job.state, job.done) for job in (bulk.job, bulk.undo_job) if job is not None)
    return "-".join(str(part or 0).replace(" ", "T") for part in (*parts, *jobs))
