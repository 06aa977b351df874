"""Writing a plan: batch by batch, each in a transaction of its own with its ledger and audit rows.

Killed in the middle, a run starts again from the top: what it wrote is found by its source id, equals the file, and is
passed over. What people changed here since the last import wins over the file and is reported; see `_decide`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from crm.importing import ledger
from crm.importing.ledger import BATCH, plainly
from crm.importing.records import Plan, Record, Ref, Remark
from crm.importing.writers import Change, Context, Figure, Writer
from crm.models import AuditEntry, ImportedRow
from crm.registry import import_kinds
from crm.services.audit import entry, plain

Tell = Callable[[int, int, str], None]
"""Told how many records are done, of how many, and of what kind; a run's sign of life."""


@dataclass(slots=True)
class Result:
    """`counts` per kind: created, updated, same, matched (to a record that was here, left as it is)."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    figures: list[dict[str, str]] = field(default_factory=list)


def carry_out(plan: Plan, context: Context, *, write: bool, tell: Tell) -> Result:
    """Writes the plan, or with `write` False only finds out what writing it would do."""
    result, done, total = Result(), 0, plan.total()
    for kind_key, records in plan.records.items():
        kind = import_kinds.get(kind_key)
        writer = kind.writer(context)
        batches = _Batches(writer, result, kind_key, write=write)
        for level in _levels(records, writer.above):
            for start in range(0, len(level), BATCH):
                batch = level[start : start + BATCH]
                batches.bring(batch)
                done += len(batch)
                tell(done, total, kind.plural)
        if write:
            writer.finish()
        result.figures += _figures(writer, records, context, stored=write)
    return result


def _levels(records: Sequence[Record], above: str) -> Iterator[list[Record]]:
    """Records so that the one above comes in an earlier list. Plans hold no circles."""
    if not above:
        yield list(records)
        return
    own = {record.source_id: record for record in records}
    depths: dict[str, int] = {}

    def depth(record: Record) -> int:
        if record.source_id not in depths:
            ref = record.values.get(above)
            higher = own.get(ref.source_id) if isinstance(ref, Ref) else None
            depths[record.source_id] = 1 + depth(higher) if higher else 0
        return depths[record.source_id]

    by_depth: dict[int, list[Record]] = {}
    for record in records:
        by_depth.setdefault(depth(record), []).append(record)
    for level in sorted(by_depth):
        yield by_depth[level]


class _Batches:
    """Brings batches of one kind and counts what became of them."""

    def __init__(self, writer: Writer, result: Result, kind: str, *, write: bool) -> None:
        self.writer, self.result, self.kind, self.write = writer, result, kind, write
        self.context = writer.context
        self.counts = result.counts.setdefault(kind, {"created": 0, "updated": 0, "same": 0, "matched": 0})
        self.run = self.context.run
        self.by_this_run = set(
            ImportedRow.objects.filter(run=self.run, model=kind, action="created").values_list("object_id", flat=True)
        )

    def bring(self, batch: Sequence[Record]) -> None:
        with transaction.atomic() if self.write else contextlib.nullcontext():
            self._bring(batch)

    def _bring(self, batch: Sequence[Record]) -> None:
        self.writer.begin()
        here = self.writer.existing(batch)
        batch = self._without_deleted(batch, here)
        fresh = self._match([record for record in batch if record.source_id not in here])
        for record in batch:
            if record.source_id in here:
                self.context.ids[Ref(self.kind, record.source_id)] = here[record.source_id].pk
        changes = list(self._changes(batch, here))
        changed = {change.row.pk for change in changes}
        for row in here.values():
            # After a restart, what this run had created before is here already and still counts as created.
            self.counts["created" if row.pk in self.by_this_run else "updated" if row.pk in changed else "same"] += 1
        self.counts["created"] += len(fresh)
        if self.write:
            self._create(fresh)
            self._update(changes)

    def _without_deleted(self, batch: Sequence[Record], here: dict[str, Any]) -> list[Record]:
        """Leaves out what was deleted here and what belongs to it; what was merged away leads to the record it is now."""
        label, left = import_kinds.get(self.kind).label.lower(), []
        for record in batch:
            ref, row = Ref(self.kind, record.source_id), here.get(record.source_id)
            above = record.values.get("account")
            if row is not None and getattr(row, "merged_into_id", None):
                self.context.ids[ref] = row.merged_into_id
                said, done = f"This {label} was merged into another here.", "Left as it is."
            elif row is not None and getattr(row, "deleted_at", None):
                self.context.gone.add(ref)
                said, done = f"This {label} was deleted here.", "It stays in the bin; restore it to have it again."
            elif isinstance(above, Ref) and above in self.context.gone:
                self.context.gone.add(ref)
                said, done = f"The account of this {label} was deleted here.", "Not brought."
            else:
                left.append(record)
                continue
            here.pop(record.source_id, None)
            self.counts["same"] += 1
            self._remark("warning", "deleted-here", said, done, record)
        return left

    def _match(self, records: Sequence[Record]) -> list[Record]:
        """Without those that are somebody who is here already; says so, and says where a name is taken."""
        alike = self.writer.alike([record for record in records if not record.is_placeholder]) if records else {}
        own = {key for ref, key in self.context.ids.items() if ref.kind == self.kind} if alike else set()
        fresh = []
        for record in records:
            rows = [row for row in alike.get(record.source_id, ()) if row.pk not in own]
            label = import_kinds.get(self.kind).label.lower()
            name = str(record.values.get("name", record.source_id))
            if rows and record.may_match and len(rows) == 1:
                self.context.ids[Ref(self.kind, record.source_id)] = rows[0].pk
                self.counts["matched"] += 1
                said = f"A {label} called {name!r} is here already."
                self._remark("warning", "existing-matched", said, "Taken as the same one, and left as it is.", record)
                continue
            if rows:
                many = "Several" if len(rows) > 1 else "One"
                said = f"{many} of the name {name!r} {'are' if len(rows) > 1 else 'is'} here already."
                self._remark("warning", "same-name", said, f"Brought as a {label} of its own.", record)
            fresh.append(record)
        return fresh

    def _changes(self, batch: Sequence[Record], here: Mapping[str, Any]) -> Iterator[Change]:
        written = ledger.written(self.kind, [row.pk for row in here.values()]) if here else {}
        for record in batch:
            row = here.get(record.source_id)
            if row is not None:
                wanted = self.writer.values(record)
                decided = self._decide(record, wanted, self.writer.current(row, wanted), written.get(row.pk, {}))
                if decided:
                    yield Change(record, row, decided)

    def _decide(
        self, record: Record, wanted: Mapping[str, Any], current: Mapping[str, Any], written: Mapping[str, Any]
    ) -> dict[str, tuple[Any, Any]]:
        """Which attributes to update. What somebody changed here stays; the remark says whether the file changed too."""
        changes: dict[str, tuple[Any, Any]] = {}
        kept: set[str] = set()
        for name, new in wanted.items():
            old = current[name]
            if new == old:
                continue
            if name in written and written[name] != plain(old):
                kept.add(name)
                both = written[name] != plain(new)
                self._remark_on_kept(record, name, old, new, both=both)
            else:
                changes[name] = (old, new)
        if kept & set(self.writer.together):
            changes = {name: change for name, change in changes.items() if name not in self.writer.together}
        return changes

    def _remark_on_kept(self, record: Record, name: str, old: Any, new: Any, *, both: bool) -> None:
        field = name.removesuffix("_id").replace("_", " ")
        said = f"Somebody changed the {field} here to {plain(old)!r}; the file {'now' if both else 'still'} says {plain(new)!r}."
        self._remark(
            "warning" if both else "note", "edited-here", said, "Kept as it is here.", record, value=str(plain(new))
        )

    def _remark(self, level: str, rule: str, said: str, done: str, record: Record, value: str = "") -> None:
        self.result.remarks.append(
            Remark(level, rule, said, done, record.file, record.line or None, "", value or record.source_id)
        )

    # Writing

    def _create(self, records: Sequence[Record]) -> None:
        if not records:
            return
        items = [(record, self.writer.values(record)) for record in records]
        kept = [plainly(values) for _, values in items]
        rows = self.writer.create(items)
        entries, audit = [], []
        for record, row, values in zip(records, rows, kept, strict=True):
            self.context.ids[Ref(self.kind, record.source_id)] = row.pk
            entries.append(ledger.created(self.run, record, row, values))
            audit.append(
                self._audit(
                    row, {name: (None, value) for name, value in values.items() if value not in (None, "")}, "imported"
                )
            )
        ImportedRow.objects.bulk_create(entries)
        AuditEntry.objects.bulk_create(audit)

    def _update(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        self.writer.update(changes)
        ImportedRow.objects.bulk_create(
            [ledger.updated(self.run, change.record, change.row, change.changes, change.extra) for change in changes]
        )
        AuditEntry.objects.bulk_create(
            [self._audit(change.row, change.changes, "import changed") for change in changes]
        )

    def _audit(self, row: Any, changes: Mapping[str, tuple[Any, Any]], verb: str) -> AuditEntry:
        deal_id = row.pk if self.kind == "deal" else None
        return entry(
            act=self.context.act, kind=self.kind, record_id=row.pk, verb=verb, changes=changes, deal_id=deal_id
        )


def _figures(writer: Writer, records: Sequence[Record], context: Context, *, stored: bool) -> list[dict[str, str]]:
    """What the files add up to, beside what is here: the same figures, counted on both sides."""
    here = {figure.key: figure for figure in writer.stored_figures()} if stored else {}
    found = writer.planned_figures(records, context.currency)
    keys = {figure.key for figure in found}
    return [
        _row(figure, here.get(figure.key))
        for figure in [*found, *(each for key, each in here.items() if key not in keys)]
    ]


def _row(figure: Figure, here: Figure | None) -> dict[str, str]:
    shown = "" if here is None else str(here.value)
    return {"key": figure.key, "label": figure.label, "unit": figure.unit, "files": str(figure.value), "here": shown}
