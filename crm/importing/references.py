"""Columns that name records of another table: exactly, or nearly where exactly one is near, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm.importing.cells import Column
from crm.importing.mapping import FieldMap
from crm.importing.records import Record, Ref, Remark
from crm.rules.import_values import near_key

if TYPE_CHECKING:
    from crm.importing.plan import Planner
    from crm.importing.rows import TablePlanner


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a text refers to, and what to remark on every line that has it."""

    ref: Ref | None
    level: str = ""
    rule: str = ""
    said: str = ""
    done: str = ""


def read_references(planner: Planner, rows: TablePlanner, texts: Mapping[int, str], source: FieldMap) -> Column:
    """References by line. A table that refers to itself may name rows further down; those are looked up in its id column."""
    target = planner.mapping.tables[source.refers_to]
    if source.refers_to == rows.name:
        ids: Iterable[str] = [text for text in rows.source.frame[target.id] if text]
    else:
        ids = planner.by_table[source.refers_to]
    finder = _Finder(planner, source, dict.fromkeys(ids))
    answers = {text: finder.find(text) for text in dict.fromkeys(texts.values())}
    column = Column()
    for line, text in texts.items():
        answer = answers[text]
        if answer.rule:
            column.remarks.append(
                Remark(answer.level, answer.rule, answer.said, answer.done, rows.file, line, source.column, text)
            )
        if answer.ref is not None:
            column.values[line] = answer.ref
            planner.used[source.refers_to].add(answer.ref.source_id)
        elif answer.level == "error":
            column.failed.add(line)
    return column


class _Finder:
    def __init__(self, planner: Planner, source: FieldMap, ids: Mapping[str, None]) -> None:
        self.planner, self.source, self.ids = planner, source, ids
        self.table = source.refers_to
        self.kind = planner.kind(self.table)
        self.near: dict[str, list[str]] = {}
        for each in ids:
            self.near.setdefault(near_key(each), []).append(each)

    def find(self, text: str) -> _Answer:
        corrected = self.source.corrections.get(text, text)
        sought = self.source.values.get(corrected, corrected)
        if sought in self.ids:
            ref = Ref(self.kind.key, sought)
            if corrected != text:
                said = f"The mapping takes {text!r} for a slip of the pen."
                return _Answer(ref, "note", "corrected", said, f"Taken as {sought!r}.")
            return _Answer(ref)
        return self._find_near(text, sought) or self._not_found(text, sought)

    def _find_near(self, text: str, sought: str) -> _Answer | None:
        candidates = self.near.get(near_key(sought), []) if near_key(sought) else []
        if not candidates:
            return None
        named = " and ".join(map(repr, candidates))
        if len(candidates) > 1:
            said = f"No {self.kind.label.lower()} is called {text!r}, and {named} are equally near."
            return _Answer(None, "error", "near-unclear", said, "Row not brought.")
        said = f"No {self.kind.label.lower()} is called {text!r}; {named} is the same without spaces, case and punctuation."
        if self.source.near == "refuse":
            return _Answer(
                None, "error", "near-refused", said, "Row not brought: the mapping refuses near matches here."
            )
        return _Answer(
            Ref(self.kind.key, candidates[0]), "warning", "near-match", said, f"Matched to {candidates[0]!r}."
        )

    def _not_found(self, text: str, sought: str) -> _Answer:
        label = self.kind.label.lower()
        dropped = self.planner.dropped[self.table].get(sought)
        why = f"the one on line {dropped} was not brought" if dropped else "there is none of this name in the files"
        said = f"No {label} {text!r}: {why}."
        if self.source.missing == "placeholder":
            ref = self.planner.placeholder(self.table)
            return _Answer(ref, "warning", "placeholder", said, f"Brought under {self.planner.label_of(ref)!r}.")
        if self.source.missing == "empty":
            return _Answer(None, "warning", "unknown-reference", said, "Left empty.")
        return _Answer(None, "error", "unknown-reference", said, "Row not brought.")


def mend_own_references(planner: Planner, rows: TablePlanner) -> None:
    """Empties references within one table that lead to a row left out, or in a circle; such a tree could not be written."""
    own = planner.records[rows.kind.key]
    for name, source in rows.table.fields.items():
        if source.refers_to != rows.name:
            continue
        for record in list(planner.by_table[rows.name].values()):
            ref = record.values.get(name)
            if ref is None:
                continue
            if ref.source_id not in own:
                said = f"{ref.source_id!r} was not brought."
            elif _comes_back(own, record.source_id, name):
                said = f"{record.source_id!r} is above itself, through {ref.source_id!r}."
            else:
                continue
            rows.note("warning", "unknown-reference", said, "Left empty.", record.line, source.column, ref.source_id)
            mended = replace(record, values={key: value for key, value in record.values.items() if key != name})
            own[record.source_id] = planner.by_table[rows.name][record.source_id] = mended


def _comes_back(records: Mapping[str, Record], start: str, field: str) -> bool:
    seen, at = {start}, records[start].values.get(field)
    while at is not None and at.source_id in records:
        if at.source_id in seen:
            return bool(at.source_id == start)
        seen.add(at.source_id)
        at = records[at.source_id].values.get(field)
    return False
