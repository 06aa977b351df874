"""Facts of many deals as columns: each fact dictionary-encoded, so that a value is read and judged once however often
it occurs.

What does not fit its fact counts as not known, exactly as `deals.rules.facts` has it for one deal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from deals.rules.facts import fits
from playbook.schema import Playbook
from playbook.schema.conditions import FactTest, facts_named
from playbook.schema.qualification import Bant, Fact

Codes = NDArray[np.int32]
Rows = NDArray[np.intp]
Truth = NDArray[np.int8]
"""1 true, 0 not known, -1 false."""


@dataclass(frozen=True)
class Coded:
    """A JSON value per row: row i holds `values[codes[i]]`. Code 0 is nothing, so `values[0]` is None.

    Equal values have one code. True and 1 are not equal here, as they are not in JSON.
    """

    codes: Codes
    values: tuple[object, ...]

    @classmethod
    def of(cls, rows: Sequence[object]) -> Coded:
        """From the values themselves."""
        places: dict[object, int] = {_key(None): 0}
        values: list[object] = [None]
        codes = np.zeros(len(rows), dtype=np.int32)
        for row, value in enumerate(rows):
            code = places.setdefault(_key(value), len(values))
            if code == len(values):
                values.append(value)
            codes[row] = code
        return cls(codes, tuple(values))

    @classmethod
    def from_texts(cls, codes: NDArray[Any], texts: Sequence[str]) -> Coded:
        """From codes, -1 for nothing, of different texts of JSON; they are parsed in one go."""
        parsed = orjson.loads("[" + ",".join(texts) + "]")
        if None not in parsed:
            return cls(codes.astype(np.int32) + 1, (None, *parsed))
        place = np.array([0, *(0 if value is None else code for code, value in enumerate(parsed, 1))], dtype=np.int32)
        return cls(place[codes.astype(np.int32) + 1], (None, *parsed))

    def take(self, rows: Rows) -> Coded:
        return Coded(self.codes[rows], self.values)

    def then(self, other: Coded) -> Coded:
        """These rows and below them the other's, with one code for equal values."""
        places = {_key(value): code for code, value in reversed([*enumerate(self.values)])}
        values = list(self.values)
        moved = np.zeros(len(other.values), dtype=np.int32)
        for code, value in enumerate(other.values):
            moved[code] = places.setdefault(_key(value), len(values))
            if moved[code] == len(values):
                values.append(value)
        return Coded(np.concatenate([self.codes, moved[other.codes]]), tuple(values))

    def differs(self, other: Coded) -> NDArray[np.bool_]:
        """In which rows the values are not the same."""
        if self.values is not other.values:
            both = self.then(other)
            return np.asarray(both.codes[: len(self.codes)] != both.codes[len(self.codes) :])
        return np.asarray(self.codes != other.codes)


def _key(value: object) -> object:
    """Equal for equal JSON alone. Text, nearly all there is, needs no writing out."""
    return value if type(value) is str else orjson.dumps(value, default=repr, option=orjson.OPT_SORT_KEYS)


class Known:
    """The values of a fact that fit it, by code; 0 is "not known". What follows from a value alone is worked out once,
    whatever rows it is asked for."""

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values
        self.truths: dict[FactTest, Truth] = {}

    @cached_property
    def numbers(self) -> NDArray[np.object_]:
        """The known values as exact decimals, from code 1 on. Objects, because no float holds every cent."""
        return np.array([Decimal(cast(Any, value)) for value in self.values[1:]], dtype=object)

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """The known values as day numbers, from code 1 on."""
        return np.array([_day(value) for value in self.values[1:]], dtype=np.int64)


@dataclass(frozen=True)
class Column:
    """One fact over many rows: row i holds `values[codes[i]]`."""

    codes: Codes
    known: Known

    @property
    def values(self) -> tuple[object, ...]:
        return self.known.values


@dataclass(frozen=True)
class FactColumns:
    """The facts of `rows` deals that a playbook's BANT+ looks at, in one order with everything else of these deals."""

    rows: int
    columns: Mapping[str, Column]

    @classmethod
    def from_dicts(cls, playbook: Playbook, rows: Sequence[Mapping[str, object]]) -> FactColumns:
        """From account and deal facts already merged."""
        return FactTable.from_dicts(facts_of(playbook.bant), rows).fitting(playbook)


@dataclass(frozen=True)
class FactTable:
    """Facts of many deals as they are stored, before any playbook says which values fit."""

    rows: int
    columns: Mapping[str, Coded]
    _fitted: dict[Fact, tuple[Codes, Known]] = field(default_factory=dict)

    @classmethod
    def from_dicts(cls, keys: Iterable[str], rows: Sequence[Mapping[str, object]]) -> FactTable:
        return cls(len(rows), {key: Coded.of([row.get(key) for row in rows]) for key in keys})

    def fitting(self, playbook: Playbook) -> FactColumns:
        """The facts that the playbook's BANT+ looks at. Values that don't fit their fact get code 0, as unknown ones."""
        needed = facts_of(playbook.bant)
        facts = [fact for fact in playbook.facts if fact.key in needed and fact.key in self.columns]
        return FactColumns(self.rows, {fact.key: self._column(fact) for fact in facts})

    def _column(self, fact: Fact) -> Column:
        column = self.columns[fact.key]
        found = self._fitted.get(fact)
        if found is None:
            used = [code for code, value in enumerate(column.values) if fits(fact, value)]
            place = np.zeros(len(column.values), dtype=np.int32)
            place[used] = np.arange(1, len(used) + 1)
            found = place, Known((None, *(column.values[code] for code in used)))
            self._fitted[fact] = found
        place, known = found
        return Column(place[column.codes], known)

    def take(self, rows: Rows) -> FactTable:
        """Some rows. What was worked out for the values is shared."""
        return FactTable(len(rows), {key: column.take(rows) for key, column in self.columns.items()}, self._fitted)

    def then(self, other: FactTable) -> FactTable:
        """These rows and below them the other's. Raises KeyError where it has other facts."""
        columns = {key: column.then(other.columns[key]) for key, column in self.columns.items()}
        return FactTable(self.rows + other.rows, columns)

    def differs(self, other: FactTable, keys: Iterable[str]) -> NDArray[np.bool_]:
        """In which rows any of these facts is not the same."""
        found = np.zeros(self.rows, dtype=np.bool_)
        for key in keys:
            if key in self.columns:
                found |= self.columns[key].differs(other.columns[key])
        return found


def facts_of(bant: Bant) -> frozenset[str]:
    """Every fact that anchors and verdicts look at: what they don't name is not read for many deals."""
    verdicts = [found for criterion in bant.criteria for found in (criterion.verdicts, *criterion.segments.values())]
    conditions = [anchor.when for criterion in bant.criteria for anchor in criterion.anchors]
    conditions += [found.disqualified for found in verdicts if found.disqualified is not None]
    return frozenset().union(*map(facts_named, conditions))


def _day(value: object) -> int:
    return value.toordinal() if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)).toordinal()
