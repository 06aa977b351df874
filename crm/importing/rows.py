"""One table of a mapping: its rows as records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from crm.importing.cells import Column, read_cells, read_dates, texts_of
from crm.importing.mapping import IN_BRACES, FieldMap
from crm.importing.records import Record, Ref, Remark
from crm.importing.references import mend_own_references, read_references
from crm.registry import FieldType, ImportField

if TYPE_CHECKING:
    import pandas as pd

    from crm.importing.plan import Planner


class TablePlanner:
    """Plans one table. Rows that can't be brought are remarked on and left out, and so is what refers to them."""

    def __init__(self, planner: Planner, name: str) -> None:
        self.planner = planner
        self.name = name
        self.table = planner.mapping.tables[name]
        self.kind = planner.kind(name)
        self.check = self.kind.checker() if self.kind.checker else None
        self.file = planner.assigned[name]
        self.source = planner.files.tables[self.file]
        self.blank = planner.mapping.blank
        self.failed: set[int] = set()
        self.remarks: list[Remark] = []
        self._dates: dict[str, Column] = {}

    def plan(self) -> None:
        frame = self._without_skipped(self.source.frame)
        ids = texts_of(frame, self.table.id, self.blank)
        frame = self._without_repeated(frame, ids)
        columns = {
            name: self._column(frame, self.kind.field(name), source)
            for name, source in self.table.fields.items()
            if source.column
        }
        history = [(step.state, self._dates_of(frame, step.date).values) for step in self.table.history]
        if not self.table.distinct:
            self._remark_on_ragged()
            self._remark_on_alike(frame)
        self._remark_on_unnamed()
        for line in frame.index:
            self._bring(int(line), ids, columns, history)
        mend_own_references(self.planner, self)
        self.planner.remarks += self.remarks

    def note(self, level: str, rule: str, said: str, done: str, line: int, column: str = "", value: str = "") -> None:
        self.remarks.append(Remark(level, rule, said, done, self.file, line, column, value))

    def cell(self, line: int, column: str) -> str:
        return str(self.source.frame.at[line, column])

    # Rows

    def _without_skipped(self, frame: pd.DataFrame) -> pd.DataFrame:
        for column, texts in self.table.skip.items():
            skipped = frame[column].isin(list(texts))
            for line in map(int, frame.index[skipped]):
                text = self.cell(line, column)
                self.note(
                    "note",
                    "skipped",
                    f"The mapping leaves out rows with {text!r} here.",
                    "Row not brought.",
                    line,
                    column,
                    text,
                )
            frame = frame[~skipped]
        return frame

    def _without_repeated(self, frame: pd.DataFrame, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keeps the first row of each id. A second one is no deal of its own: the next run could not tell them apart."""
        first: dict[str, int] = {}
        keep: list[int] = []
        for line in map(int, frame.index):
            source_id = ids.get(line)
            if source_id is None:
                if not self.table.distinct:
                    self.note("error", "id-missing", "This row has no id.", "Row not brought.", line, self.table.id)
            elif len(source_id) > 200:
                self.note(
                    "error",
                    "too-long",
                    "This id has more than 200 characters.",
                    "Row not brought.",
                    line,
                    self.table.id,
                    source_id,
                )
            elif source_id not in first:
                first[source_id] = line
                keep.append(line)
            elif not self.table.distinct:
                said = f"The id {source_id!r} stands on line {first[source_id]} already."
                self.note("error", "id-repeated", said, "Row not brought.", line, self.table.id, source_id)
            else:
                self._remark_on_varying(first[source_id], line, source_id)
        return frame.loc[keep]

    def _remark_on_varying(self, first: int, line: int, source_id: str) -> None:
        for source in self.table.fields.values():
            if source.column and self.cell(line, source.column) != self.cell(first, source.column):
                said = f"Line {first} has {self.cell(first, source.column)!r} here for {source_id!r}."
                done = f"Line {first} counts."
                self.note("warning", "varies", said, done, line, source.column, self.cell(line, source.column))

    def _remark_on_unnamed(self) -> None:
        for name, source in self.table.fields.items():
            if source.always_placeholder:
                label = self.planner.label_of(self.planner.placeholder(source.refers_to))
                said = f"No column says the {self.kind.field(name).label.lower()} of these {self.kind.plural}."
                self.remarks.append(
                    Remark("warning", "placeholder", said, f"All were brought under {label!r}.", self.file)
                )

    def _remark_on_ragged(self) -> None:
        expected = len(self.source.columns)
        for line, cells in self.source.ragged:
            said = f"This row has {cells} cells, the heading has {expected}."
            self.note("error", "ragged", said, "Row not brought.", line)

    def _remark_on_alike(self, frame: pd.DataFrame) -> None:
        others = [column for column in frame.columns if column != self.table.id]
        if len(others) < 3:
            return
        first: dict[tuple[str, ...], int] = {}
        for line, cells in zip(frame.index, frame[others].itertuples(index=False, name=None), strict=True):
            earlier = first.setdefault(cells, int(line))
            if earlier != line:
                said = f"This row equals line {earlier} in everything but its id."
                done = f"Brought as a {self.kind.label.lower()} of its own; nothing is merged because it looks alike."
                self.note("note", "alike", said, done, int(line), self.table.id, self.cell(int(line), self.table.id))

    # Columns

    def _column(self, frame: pd.DataFrame, field: ImportField, source: FieldMap) -> Column:
        texts = texts_of(frame, source.column, self.blank)
        if field.type is FieldType.REFERENCE:
            column = read_references(self.planner, self, texts, source)
        elif field.type is FieldType.DATE:
            column = self._dates_of(frame, source.column)
        else:
            column = read_cells(texts, field, source, self.file)
        if column is not self._dates.get(source.column):
            self.remarks += column.remarks
            self.failed |= column.failed
        self._blank_cells(frame, texts, field, source, column)
        return column

    def _dates_of(self, frame: pd.DataFrame, column: str) -> Column:
        """A column of dates, read once even where a field and the history both want it."""
        if column not in self._dates:
            texts = texts_of(frame, column, self.blank)
            found, stops = read_dates(texts, column, self.name, self.table, self.file)
            self._dates[column] = found
            self.remarks += found.remarks
            self.failed |= found.failed
            self.planner.stops += stops
            if found.order is not None:
                self.planner.orders[self.name, column] = found.order
        return self._dates[column]

    def _blank_cells(
        self, frame: pd.DataFrame, texts: Mapping[int, str], field: ImportField, source: FieldMap, column: Column
    ) -> None:
        if source.empty == "leave" and not field.required:
            return
        for line in map(int, frame.index):
            if line in texts:
                continue
            if source.empty == "placeholder":
                ref = self.planner.placeholder(source.refers_to)
                column.values[line] = ref
                done = f"Brought under {self.planner.label_of(ref)!r}."
                self.note("warning", "placeholder", f"No {field.label.lower()} here.", done, line, source.column)
            elif source.empty == "error" or field.required:
                self.note(
                    "error",
                    "required-missing",
                    f"No {field.label.lower()} here.",
                    "Row not brought.",
                    line,
                    source.column,
                )
                self.failed.add(line)
            else:
                self.note(
                    "note", "empty", f"No {field.label.lower()} here.", f"{field.label} left open.", line, source.column
                )

    # Records

    def _bring(
        self,
        line: int,
        ids: Mapping[int, str],
        columns: Mapping[str, Column],
        history: list[tuple[str, dict[int, Any]]],
    ) -> None:
        source_id = ids[line]
        if line in self.failed:
            self.planner.dropped[self.name][source_id] = line
            return
        # A blank cell is None: "the file says nothing here", which differs from a field that no column fills.
        values: dict[str, Any] = {name: column.values.get(line) for name, column in columns.items()}
        for name, source in self.table.fields.items():
            if source.always_placeholder:
                values[name] = self.planner.placeholder(source.refers_to)
            if source.value:
                values[name] = source.value if self.kind.field(name).type is FieldType.TEXTS else source.value[0]
        self._fill_templates(values, line)
        past = self._past(line, values, history)
        match = self.table.existing == "match" or (not self.table.existing and self.kind.match_existing)
        record = Record(self.kind.key, source_id, self.file, line, values, past, may_match=match)
        if self._is_sound(record):
            self.planner.keep(self.name, record)
        else:
            self.planner.dropped[self.name][source_id] = line

    def _fill_templates(self, values: dict[str, Any], line: int) -> None:
        """The first template whose names are all known; a placeholder is not knowing."""
        for name, source in self.table.fields.items():
            for template in source.template:
                shown = {each: self._in_template(each, values, line) for each in IN_BRACES.findall(template)}
                if all(shown.values()):
                    values[name] = IN_BRACES.sub(partial(_from, shown), template)
                    break

    def _in_template(self, name: str, values: Mapping[str, Any], line: int) -> str:
        if name in self.table.fields:
            return "" if values.get(name) is None else self._shown(values[name])
        return self.cell(line, name)

    def _shown(self, value: Any) -> str:
        if isinstance(value, Ref):
            record = self.planner.records[value.kind].get(value.source_id)
            return "" if record is not None and record.is_placeholder else self.planner.label_of(value)
        return value.isoformat() if isinstance(value, dt.date) else str(value)

    def _past(
        self, line: int, values: Mapping[str, Any], history: list[tuple[str, dict[int, Any]]]
    ) -> tuple[tuple[str, dt.date], ...]:
        own = values.get(self.kind.state_field, "")
        return tuple((state or own, dates[line]) for state, dates in history if line in dates)

    def _is_sound(self, record: Record) -> bool:
        problems = list(self.check(record)) if self.check else []
        for field in self.kind.fields:
            value = record.values.get(field.name)
            if field.required and value is None:
                self.note(
                    "error",
                    "required-missing",
                    f"No {field.label.lower()} could be made.",
                    "Row not brought.",
                    record.line,
                )
                return False
            if isinstance(value, str) and len(value) > field.longest:
                said = f"{field.label} has {len(value)} characters; up to {field.longest} are kept."
                self.note("error", "too-long", said, "Row not brought.", record.line, value=value)
                return False
        for problem in problems:
            source = self.table.fields.get(problem.field)
            done = problem.done or ("Row not brought." if problem.drop else "")
            level = "error" if problem.drop else problem.level
            value = record.values.get(problem.field, "")
            column = (
                source.column
                if source
                else ", ".join(step.date for step in self.table.history if problem.field == "history")
            )
            self.note(level, problem.rule, problem.said, done, record.line, column, "" if value is None else str(value))
        return not any(problem.drop for problem in problems)


def _from(shown: Mapping[str, str], found: re.Match[str]) -> str:
    return shown[found[1]]
