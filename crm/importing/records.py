"""What planning produces: records ready to be written, and remarks on everything odd."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.rules.import_dates import DateOrder

PLACEHOLDER_ID = "(none)"
"""The source id of the record that stands where a file names nothing."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A record of the same run, by the id its file gives it."""

    kind: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd: where, what, and what was done about it. `line` counts from 1, the heading being line 1."""

    level: str  # note, warning, error
    rule: str
    said: str
    done: str = ""
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a kind has to say about a record: `drop` means that it can't be brought as it is."""

    rule: str
    said: str
    done: str = ""
    field: str = ""
    drop: bool = False
    level: str = "note"


@dataclass(frozen=True, slots=True)
class Record:
    """One row to be brought. References are `Ref`s, money is exact, a blank cell is None, what no column fills is absent.

    `history` has the states it is known to have entered, each with its date, oldest first.
    """

    kind: str
    source_id: str
    file: str
    line: int
    values: Mapping[str, Any]
    history: Sequence[tuple[str, dt.date]] = ()
    is_placeholder: bool = False
    may_match: bool = False


@dataclass(slots=True)
class Plan:
    """A whole import, decided but not written: records by kind, in the order in which they can be written."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    orders: dict[tuple[str, str], DateOrder] = field(default_factory=dict)  # (table, column): how its dates are written

    def total(self) -> int:
        return sum(len(records) for records in self.records.values())


class Refused(Exception):
    """The files can't be imported as they are; `remarks` say why, all of them at once. Nothing was written."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        self.remarks = list(remarks)
        super().__init__(" ".join(remark.said for remark in self.remarks))
