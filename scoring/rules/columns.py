"""Facts of many deals as columns: each fact dictionary-encoded, so that a value is read and judged once however often
it occurs.

What does not fit its fact counts as not known, exactly as `deals.rules.facts` has it for one deal.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import or_
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from deals.rules.facts import fits
from playbook.schema import Playbook
from playbook.schema.conditions import facts_named
from playbook.schema.qualification import Bant, Fact

Codes = NDArray[np.int32]
Json = str | bytes | None
"""An object as the database keeps it, not yet parsed; None stands for an empty one."""

BLOCK = 1_000
"""Rows parsed and encoded together: few enough to stay in the processor's cache, which halves the time."""


@dataclass(frozen=True)
class Column:
    """One fact over many rows: row i holds `values[codes[i]]`. Code 0 is "not known", so `values[0]` is None."""

    codes: Codes
    values: tuple[object, ...]

    @cached_property
    def numbers(self) -> NDArray[np.object_]:
        """The known values as exact decimals, from code 1 on. Objects, because no float holds every cent."""
        return np.array([Decimal(cast(Any, value)) for value in self.values[1:]], dtype=object)

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """The known values as day numbers, from code 1 on."""
        return np.array([_day(value) for value in self.values[1:]], dtype=np.int64)


@dataclass(frozen=True)
class FactColumns:
    """The facts of `rows` deals that a playbook's BANT+ looks at, in one order with everything else of these deals."""

    rows: int
    columns: Mapping[str, Column]

    @classmethod
    def from_dicts(cls, playbook: Playbook, rows: Sequence[Mapping[str, object]]) -> FactColumns:
        """From account and deal facts already merged."""
        return cls._from_blocks(playbook, (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)))

    @classmethod
    def from_json(cls, playbook: Playbook, account_facts: Sequence[Json], deal_facts: Sequence[Json]) -> FactColumns:
        """From the raw JSON of each deal's account facts and own facts; the deal's win.

        Raises orjson.JSONDecodeError for what is not JSON, and ValueError for lists of unequal length.
        """
        if len(account_facts) != len(deal_facts):
            raise ValueError("every deal needs its account's facts, or None")
        blocks = (slice(start, start + BLOCK) for start in range(0, len(deal_facts), BLOCK))
        return cls._from_blocks(
            playbook, (list(map(or_, parse(account_facts[rows]), parse(deal_facts[rows]))) for rows in blocks)
        )

    @classmethod
    def _from_blocks(cls, playbook: Playbook, blocks: Iterable[Sequence[Mapping[str, object]]]) -> FactColumns:
        needed = facts_of(playbook.bant)
        encoders = {fact.key: Encoder(fact) for fact in playbook.facts if fact.key in needed}
        rows = 0
        with _no_collection():
            for block in blocks:
                rows += len(block)
                for key, encoder in encoders.items():
                    encoder.add([row.get(key) for row in block])
        return cls(rows, {key: encoder.column() for key, encoder in encoders.items()})


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsed JSON holds no cycles, so looking for some among millions of short-lived objects only costs a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def facts_of(bant: Bant) -> frozenset[str]:
    """Every fact that anchors and verdicts look at: what they don't name is not read for many deals."""
    verdicts = [found for criterion in bant.criteria for found in (criterion.verdicts, *criterion.segments.values())]
    conditions = [anchor.when for criterion in bant.criteria for anchor in criterion.anchors]
    conditions += [found.disqualified for found in verdicts if found.disqualified is not None]
    return frozenset().union(*map(facts_named, conditions))


def parse(documents: Sequence[Json]) -> list[dict[str, Any]]:
    """Many small JSON objects in one go, which is several times faster than one by one."""
    texts = [document or "{}" for document in documents]
    joined = b",".join(text if isinstance(text, bytes) else text.encode() for text in texts)
    return cast(list[dict[str, Any]], orjson.loads(b"[" + joined + b"]"))


def encode(fact: Fact, raw: Sequence[object]) -> Column:
    """One fact's values as a column."""
    encoder = Encoder(fact)
    encoder.add(raw)
    return encoder.column()


class Encoder:
    """Dictionary-encodes one fact, block by block. Values that don't fit the fact get code 0, as unknown ones do."""

    def __init__(self, fact: Fact) -> None:
        self._fact = fact
        self._values: list[object] = [None]
        # A dictionary for each type, because in one for all True would be the same key as 1.
        self._codes: dict[type, _Codes] = {}
        self._blocks: list[Codes] = []

    def add(self, raw: Sequence[object]) -> None:
        kinds = set(map(type, raw)) - {type(None)}
        codes = map(self._code, raw)
        if len(kinds) <= 1:
            kind = kinds.pop() if kinds else str
            # Lists are no keys as they are.
            keys = (
                [None if value is None else tuple(cast(list[object], value)) for value in raw] if kind is list else raw
            )
            codes = map(self._of(kind).__getitem__, keys)
        try:
            self._blocks.append(np.fromiter(codes, dtype=np.int32, count=len(raw)))
        except TypeError:
            # A value that is no key either, such as an object within a list: it fits no fact.
            self._blocks.append(np.fromiter(map(self._code, raw), dtype=np.int32, count=len(raw)))

    def column(self) -> Column:
        codes = np.concatenate(self._blocks) if self._blocks else np.zeros(0, dtype=np.int32)
        used = [code for code, value in enumerate(self._values) if fits(self._fact, value)]
        position = np.zeros(len(self._values), dtype=np.int32)
        position[used] = np.arange(1, len(used) + 1)
        return Column(position[codes], (None, *(self._values[code] for code in used)))

    def _of(self, kind: type) -> _Codes:
        return self._codes.setdefault(kind, _Codes(self._values))

    def _code(self, value: object) -> int:
        """One by one, for values of mixed types."""
        if not fits(self._fact, value):
            return 0
        return self._of(type(value))[tuple(value) if isinstance(value, list) else value]


class _Codes(dict[object, int]):
    """Numbers values in the order they are met, in one list with other dictionaries'; "not known" is 0."""

    def __init__(self, values: list[object]) -> None:
        super().__init__({None: 0})
        self._values = values

    def __missing__(self, value: object) -> int:
        self[value] = code = len(self._values)
        self._values.append(value)
        return code


def _day(value: object) -> int:
    return value.toordinal() if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)).toordinal()
