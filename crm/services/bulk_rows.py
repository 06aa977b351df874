"""Setting one field of many rows, with audit rows: what bulk changes of every kind share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import F, Model

from crm.lib.by_id import ById
from crm.list_kinds import Outcome, Past
from crm.models import AuditEntry, Person
from crm.services.audit import Act, entry

TOUCHED = "Somebody changed it since. It stays as it is now."


def write(
    act: Act, rows: Sequence[Any], field: str, new: Mapping[int, Any], *, kind: str, verb: str = "changed", **also: Any
) -> None:
    """Sets `field` of locked rows to `new[pk]`, raises their versions, and records it; `also` is set on all of them."""
    model: type[Model] = type(rows[0])
    manager = model._default_manager
    values = {row.pk: new[row.pk] for row in rows}
    ids, one = list(values), next(iter(values.values()))
    value = (
        one if all(other == one for other in values.values()) else ById(cast(Any, model._meta.get_field(field)), values)
    )
    manager.filter(pk__in=ids).update(**{field: value}, version=F("version") + 1, updated_at=act.now, **also)
    entries = []
    for row in rows:
        old = getattr(row, field)
        changes = {field: (old, new[row.pk])}
        deal = {"deal_id": row.pk} if kind == "deal" else {}
        entries.append(entry(act=act, kind=kind, record_id=row.pk, verb=verb, changes=changes, **deal))
        setattr(row, field, new[row.pk])
        row.version += 1
        row.updated_at = act.now
        for name, value in also.items():
            setattr(row, name, value)
    AuditEntry.objects.bulk_create(entries)


def person_of(value: Any) -> Person | None:
    """Somebody by the id that a bulk change names; None for whatever else it does."""
    return Person.objects.filter(pk=value).first() if isinstance(value, int) else None


def untouched(rows: Sequence[Any], past: Sequence[Past]) -> tuple[list[Any], list[Outcome]]:
    """The rows that still are as the bulk change left them, and what is said of the others."""
    known = {one.object_id: one for one in past}
    mine = [row for row in rows if row.version == known[row.pk].version]
    return mine, [Outcome(row.pk, reason=TOUCHED) for row in rows if row.version != known[row.pk].version]
