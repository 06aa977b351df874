"""From tables to a plan: every row typed, every reference resolved, everything odd remarked on. The database stays untouched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crm.importing.finding import Folder, assign, missing_parts
from crm.importing.mapping import ImportMapping
from crm.importing.records import PLACEHOLDER_ID, Plan, Record, Ref, Refused, Remark
from crm.importing.rows import TablePlanner
from crm.registry import ImportKind, import_kinds
from crm.rules.import_dates import DateOrder


class Planner:
    """What is known while tables are planned one after the other: good records, dropped ids, and reasons to stop."""

    def __init__(self, mapping: ImportMapping, files: Folder) -> None:
        self.mapping = mapping
        self.files = files
        self.assigned = assign(mapping, files)
        self.records: dict[str, dict[str, Record]] = {kind.key: {} for kind in import_kinds}
        self.by_table: dict[str, dict[str, Record]] = {name: {} for name in mapping.tables}
        self.dropped: dict[str, dict[str, int]] = {name: {} for name in mapping.tables}
        self.used: dict[str, set[str]] = {name: set() for name in mapping.tables}
        self.remarks: list[Remark] = []
        self.stops: list[Remark] = []
        self.orders: dict[tuple[str, str], DateOrder] = {}

    def kind(self, table: str) -> ImportKind:
        return import_kinds.get(self.mapping.tables[table].kind)

    def keep(self, table: str, record: Record) -> None:
        """Takes a record in. One that another table brought already (a manager who also sells) is joined, lists united."""
        earlier = self.records[record.kind].get(record.source_id)
        if earlier is not None:
            record = self._joined(earlier, record)
        self.records[record.kind][record.source_id] = record
        self.by_table[table][record.source_id] = record

    def _joined(self, earlier: Record, record: Record) -> Record:
        values = {**record.values, **earlier.values}
        for field, value in record.values.items():
            if isinstance(value, tuple):
                values[field] = tuple(dict.fromkeys((*(earlier.values.get(field) or ()), *value)))
        said = f"{record.source_id!r} came already, on line {earlier.line} of {earlier.file}."
        done = "Taken as the same one; its lists were put together."
        self.remarks.append(Remark("note", "same-id", said, done, record.file, record.line, "", record.source_id))
        return replace(earlier, values=values)

    def placeholder(self, table: str) -> Ref:
        """The record that stands where a row names none of this table; made when the first row needs it."""
        kind = self.kind(table).key
        if PLACEHOLDER_ID not in self.records[kind]:
            values = dict(self.mapping.tables[table].placeholder)
            self.keep(table, Record(kind, PLACEHOLDER_ID, "", 0, values, is_placeholder=True))
        return Ref(kind, PLACEHOLDER_ID)

    def label_of(self, ref: Ref) -> str:
        record = self.records[ref.kind].get(ref.source_id)
        return str(record.values.get("name", ref.source_id)) if record else ref.source_id


def make_plan(mapping: ImportMapping, files: Folder) -> Plan:
    """Plans an import. Raises Refused, with every reason, where files or columns are missing or a column's dates can't be read."""
    lacking = missing_parts(mapping, files)
    if lacking:
        raise Refused(lacking)
    planner = Planner(mapping, files)
    for name in mapping.in_order():
        if mapping.tables[name].file:
            TablePlanner(planner, name).plan()
    if planner.stops:
        raise Refused(planner.stops)
    for kind in import_kinds:
        planner.remarks += _about(kind, list(planner.records[kind.key].values()))
    planner.remarks += _unused(planner)
    planner.remarks += _left_over(mapping, files, planner.assigned)
    records = {kind: list(found.values()) for kind, found in _kinds_in_order(planner).items() if found}
    return Plan(records, planner.remarks, planner.orders)


def _kinds_in_order(planner: Planner) -> Mapping[str, dict[str, Record]]:
    """Kinds so that what is referred to is written first; the mapping's tables are in that order already."""
    kinds = dict.fromkeys(planner.mapping.tables[name].kind for name in planner.mapping.in_order())
    return {kind: planner.records[kind] for kind in kinds}


def _about(kind: ImportKind, records: list[Record]) -> Iterable[Remark]:
    if kind.about and records:
        for problem in kind.about(records):
            yield Remark(problem.level, problem.rule, problem.said, problem.done, records[0].file)


def _unused(planner: Planner) -> Iterable[Remark]:
    for name, table in planner.mapping.tables.items():
        if table.note_unused:
            for source_id, record in planner.by_table[name].items():
                if source_id not in planner.used[name] and not record.is_placeholder:
                    said = f"Nothing in these files refers to {source_id!r}."
                    yield Remark(
                        "note", "unused", said, "Brought all the same.", record.file, record.line, table.id, source_id
                    )


def _left_over(mapping: ImportMapping, files: Folder, assigned: Mapping[str, str]) -> Iterable[Remark]:
    for file, why in files.unreadable.items():
        yield Remark("warning", "not-a-table", why, "Left out; no table of the mapping needs it.", file)
    for file, table in files.tables.items():
        if file not in assigned.values():
            yield Remark("note", "file-not-used", f"The mapping has no table for {file}.", "Left out.", file)
            continue
        used = {column for name, each in assigned.items() if each == file for column in mapping.tables[name].columns()}
        for column in table.columns:
            if column not in used and column:
                said = f"The mapping has no field for column {column!r}."
                yield Remark("note", "column-not-used", said, "Left out.", file, 1, column)
