"""Taking a run back whole: created records go, updated ones get their old values.

Nothing that people have done since is lost. A record that somebody changed, or that something outside the run refers to,
is *in use*; so is what such a record needs (the account of a deal that is kept). With anything in use a run is not undone
until somebody says that these records shall stay; the rest then goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from crm.importing.ledger import BATCH
from crm.importing.writers import Context, Writer
from crm.models import AuditEntry, ImportedRow, ImportRun, ImportState
from crm.registry import import_kinds
from crm.services.audit import entry


@dataclass(frozen=True, slots=True)
class InUse:
    """A record the undo would have to destroy somebody's work for."""

    kind: str
    key: int
    name: str
    why: str
    file: str
    line: int


@dataclass(slots=True)
class Usage:
    """What of a run is in use, and which later run must be undone first, if any."""

    records: list[InUse] = field(default_factory=list)
    later_run: ImportRun | None = None

    def keys(self, kind: str) -> set[int]:
        return {record.key for record in self.records if record.kind == kind}


def usage_of(run: ImportRun, context: Context) -> Usage:
    """Looks at everything a run wrote. A dozen queries a kind, whatever the run's size."""
    usage = Usage(later_run=_later_run(run))
    entries = {kind: _entries(run, kind) for kind in _kinds(run)}
    doomed = {kind: {key for key, each in found.items() if each.action == "created"} for kind, found in entries.items()}
    for kind, found in entries.items():
        writer = import_kinds.get(kind).writer(context)
        for row in _rows(writer, found):
            why = writer.touched(row, found[row.pk].before)
            if why:
                _add(usage, doomed, found[row.pk], str(row), why)
    # A record kept may need others; those may need others again.
    while True:
        before = len(usage.records)
        for kind in reversed(list(doomed)):
            _find_references(kind, entries, doomed, usage, context)
        if len(usage.records) == before:
            return usage


def _later_run(run: ImportRun) -> ImportRun | None:
    mine = ImportedRow.objects.filter(run=run, model=models.OuterRef("model"), object_id=models.OuterRef("object_id"))
    later = ImportedRow.objects.filter(run_id__gt=run.pk, action="updated").exclude(run__state=ImportState.UNDONE)
    row = later.filter(models.Exists(mine)).select_related("run").order_by("-run_id").first()
    return row.run if row else None


def _kinds(run: ImportRun) -> list[str]:
    """The kinds a run wrote, in the order it wrote them."""
    first = ImportedRow.objects.filter(run=run).values("model").annotate(first=models.Min("id")).order_by("first")
    return [each["model"] for each in first]


def _entries(run: ImportRun, kind: str) -> dict[int, ImportedRow]:
    """The entry of each record; one that the run created and then updated counts as created."""
    found: dict[int, ImportedRow] = {}
    for row in ImportedRow.objects.filter(run=run, model=kind).order_by("id"):
        if row.before.get("restored"):
            continue  # by an undo whose worker was killed
        if row.object_id in found:
            found[row.object_id].before |= {
                "version": row.before["version"],
                "set": {**found[row.object_id].before["set"], **row.before["set"]},
            }
        else:
            found[row.object_id] = row
    return found


def _rows(writer: Writer, entries: Iterable[int]) -> Iterable[Any]:
    keys = list(entries)
    for start in range(0, len(keys), BATCH):
        yield from writer.rows().filter(pk__in=keys[start : start + BATCH])


def _add(usage: Usage, doomed: dict[str, set[int]], row: ImportedRow, name: str, why: str) -> None:
    doomed[row.model].discard(row.object_id)
    usage.records.append(InUse(row.model, row.object_id, name, why, row.file, row.line))


def _find_references(
    kind: str, entries: dict[str, dict[int, ImportedRow]], doomed: dict[str, set[int]], usage: Usage, context: Context
) -> None:
    """Adds records that something refers to which does not go with this run."""
    writer = import_kinds.get(kind).writer(context)
    going = {import_kinds.get(each).writer.model: keys for each, keys in doomed.items()}
    parts = {part for each in doomed for part in import_kinds.get(each).writer.parts}
    for relation in writer.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many or not doomed[kind]:
            continue
        theirs: type[models.Model] = relation.related_model
        if theirs._meta.label in writer.parts or theirs in (ImportedRow, ImportRun):
            continue
        column = relation.field.attname
        of_run = ImportedRow.objects.filter(
            run__in=[row.run_id for row in list(entries[kind].values())[:1]], model=kind, action="created"
        )
        pairs = theirs._base_manager.filter(**{f"{column}__in": of_run.values("object_id")}).values_list("pk", column)
        found: dict[int, int] = {}
        leaving = going.get(theirs, set())
        part_of = _owners(theirs, doomed) if theirs._meta.label in parts else None
        for pk, key in pairs:
            if key in doomed[kind] and pk not in leaving and not (part_of is not None and pk in part_of):
                found[key] = found.get(key, 0) + 1
        names = _names(writer, found)
        for key, count in found.items():
            why = f"needed by {count:,} {_called(theirs, count)}"
            _add(usage, doomed, entries[kind][key], names.get(key, str(key)), why)


def _called(model: type[models.Model], count: int) -> str:
    """What rows of a model are called: as imports call them, where imports bring them."""
    for kind in import_kinds:
        if kind.writer.model is model:
            return (kind.label if count == 1 else kind.plural).lower()
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _owners(part: type[models.Model], doomed: dict[str, set[int]]) -> set[Any]:
    """Rows of a part that go with a record that goes (the product lines of deals)."""
    gone: set[Any] = set()
    for kind, keys in doomed.items():
        writer = import_kinds.get(kind).writer
        if part._meta.label not in writer.parts:
            continue
        for foreign in part._meta.get_fields():
            if isinstance(foreign, models.ForeignKey) and foreign.related_model is writer.model:
                gone |= {pk for pk, owner in part._base_manager.values_list("pk", foreign.attname) if owner in keys}
    return gone


def _names(writer: Writer, keys: Iterable[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in _rows(writer, keys)}


@dataclass(slots=True)
class Undone:
    """How many records were removed and restored, by kind, and what was kept."""

    removed: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)


def take_back(run: ImportRun, context: Context, kept: Usage, tell: Callable[[int, int, str], None]) -> Undone:
    """Undoes a run in batches, last kind first, leaving what `kept` names. Safe to start again: what is gone stays gone."""
    undone = Undone()
    total, done = ImportedRow.objects.filter(run=run).count(), 0
    for kind in reversed(_kinds(run)):
        writer = import_kinds.get(kind).writer(context)
        entries = {key: row for key, row in _entries(run, kind).items() if key not in kept.keys(kind)}
        updated = [row for row in entries.values() if row.action == "updated"]
        created = [row for row in reversed(list(entries.values())) if row.action == "created"]
        for batch in _batches(updated):
            undone.restored[kind] = undone.restored.get(kind, 0) + _restore(writer, batch, context)
            done += len(batch)
            tell(done, total, import_kinds.get(kind).plural)
        for batch in _batches(created):
            undone.removed[kind] = undone.removed.get(kind, 0) + _remove(writer, batch, context)
            done += len(batch)
            tell(done, total, import_kinds.get(kind).plural)
    return undone


def _batches(rows: Sequence[ImportedRow]) -> Iterable[Sequence[ImportedRow]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


@transaction.atomic
def _restore(writer: Writer, batch: Sequence[ImportedRow], context: Context) -> int:
    writer.begin()
    entries = {row.object_id: row for row in batch}
    restored = 0
    for row in writer.rows().filter(pk__in=list(entries)):
        kept = entries[row.pk].before
        writer.restore(row, kept["was"], kept)
        ImportedRow.objects.filter(pk=entries[row.pk].pk).update(before={**kept, "restored": True})
        changes = {name: (kept["set"].get(name), value) for name, value in kept["was"].items()}
        _audit(context, entries[row.pk], "import undone", changes)
        restored += 1
    return restored


@transaction.atomic
def _remove(writer: Writer, batch: Sequence[ImportedRow], context: Context) -> int:
    keys = [row.object_id for row in batch]
    here = set(writer.rows().filter(pk__in=keys).values_list("pk", flat=True))
    writer.remove([key for key in keys if key in here])
    AuditEntry.objects.bulk_create([_entry(context, row, "removed", {}) for row in batch if row.object_id in here])
    return len(batch)  # those that an earlier, interrupted undo removed are gone all the same


def _audit(context: Context, row: ImportedRow, verb: str, changes: dict[str, tuple[Any, Any]]) -> None:
    _entry(context, row, verb, changes).save(force_insert=True)


def _entry(context: Context, row: ImportedRow, verb: str, changes: dict[str, tuple[Any, Any]]) -> AuditEntry:
    deal_id = row.object_id if row.model == "deal" else None
    return entry(act=context.act, kind=row.model, record_id=row.object_id, verb=verb, changes=changes, deal_id=deal_id)
