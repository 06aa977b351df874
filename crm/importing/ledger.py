"""What a run did to each record, kept so that the next run knows what it wrote and the run can be taken back.

`ImportedRow.before` holds {"id": the source's id, "set": {field: value written}, "was": {field: value before an update},
"version": the record's version afterwards, and what its kind needs besides}. Only this module and the kinds know that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from crm.importing.records import Record
from crm.models import ImportedRow, ImportRun, ImportState
from crm.services.audit import plain

BATCH = 500
"""Records a transaction; on SQLite nobody else can write for that long (some hundredths of a second)."""


def created(
    run: ImportRun, record: Record, row: Model, values: Mapping[str, Any], extra: Mapping[str, Any] | None = None
) -> ImportedRow:
    return _entry(run, "created", record, row, {"set": plainly(values), **(extra or {})})


def updated(
    run: ImportRun,
    record: Record,
    row: Model,
    changes: Mapping[str, tuple[Any, Any]],
    extra: Mapping[str, Any] | None = None,
) -> ImportedRow:
    was = plainly({field: old for field, (old, _) in changes.items()})
    now = plainly({field: new for field, (_, new) in changes.items()})
    return _entry(run, "updated", record, row, {"set": now, "was": was, **(extra or {})})


def _entry(run: ImportRun, action: str, record: Record, row: Model, kept: dict[str, Any]) -> ImportedRow:
    kept |= {"id": record.source_id, "version": getattr(row, "version", None)}
    return ImportedRow(
        run=run,
        model=record.kind,
        object_id=row.pk,
        action=action,
        before=kept,
        file=record.file,
        line=record.line,
    )


def plainly(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: plain(value) for field, value in values.items()}


def written(kind: str, object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The values that imports last wrote into each record, field by field; runs that were undone don't count."""
    found: dict[int, dict[str, Any]] = {}
    rows = ImportedRow.objects.filter(model=kind, object_id__in=list(object_ids)).exclude(run__state=ImportState.UNDONE)
    for object_id, before in rows.order_by("id").values_list("object_id", "before"):
        found.setdefault(object_id, {}).update(before["set"])
    return found


def ids_of_source(kind: str, source: str) -> dict[str, int]:
    """Source id -> primary key of the records that imports of a source created, for kinds that don't keep the id themselves."""
    rows = ImportedRow.objects.filter(model=kind, action="created", run__kind=source).exclude(
        run__state=ImportState.UNDONE
    )
    return {before["id"]: object_id for object_id, before in rows.order_by("id").values_list("object_id", "before")}
