"""The record of every write: what changed, by whom, when, why, by which route."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from crm.models import AuditEntry, Person, Route


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, by which route, when and why. Every service takes one; the caller's clock makes tests
    exact."""

    by: Person | None
    route: str = Route.PAGE
    at: dt.datetime | None = None
    why: str = ""

    @property
    def now(self) -> dt.datetime:
        return self.at or timezone.now()

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day of a moment on the clock of whoever acts; UTC's for the system, and for a zone this machine does not know."""
        return moment.astimezone(self.by.zone if self.by else dt.UTC).date()


def plain(value: Any) -> Any:
    """A value as the audit keeps it: JSON, exact, readable years later."""
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def entry(
    *,
    act: Act,
    kind: str,
    record_id: int,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]],
    deal_id: int | None = None,
) -> AuditEntry:
    """An unsaved audit row; `record` saves one, bulk services save many at once."""
    kept = {field: [plain(old), plain(new)] for field, (old, new) in changes.items()}
    return AuditEntry(
        kind=kind,
        object_id=record_id,
        deal_id=deal_id,
        verb=verb,
        changes=kept,
        why=act.why,
        route=act.route,
        made_by=act.by,
        made_at=act.now,
    )


def record(
    *,
    act: Act,
    kind: str,
    record_id: int,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]],
    deal_id: int | None = None,
) -> AuditEntry:
    made = entry(act=act, kind=kind, record_id=record_id, verb=verb, changes=changes, deal_id=deal_id)
    made.save(force_insert=True)
    return made


def apply_changes(
    instance: models.Model, values: Mapping[str, Any], allowed: Iterable[str]
) -> dict[str, tuple[Any, Any]]:
    """Sets `values` on the instance and returns what differs as {field: (old, new)}; nothing is saved.

    Raises KeyError for a field that is not in `allowed`: services name what may be written through them.
    """
    permitted, changes = set(allowed), {}
    for field, new in values.items():
        if field not in permitted:
            raise KeyError(field)
        old = getattr(instance, field)
        if old != new:
            setattr(instance, field, new)
            changes[field] = (old, new)
    return changes
