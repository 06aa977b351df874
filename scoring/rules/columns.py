"""Facts of many deals as columns: each fact dictionary-encoded, so that a value is read and judged once however often
it occurs.

What does not fit its fact counts as not known, exactly as `deals.rules.facts` has it for one deal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
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
        needed = facts_of(playbook.bant)
        return cls(
            len(rows),
            {
                fact.key: encode(fact, [row.get(fact.key) for row in rows])
                for fact in playbook.facts
                if fact.key in needed
            },
        )

    @classmethod
    def from_json(cls, playbook: Playbook, account_facts: Sequence[Json], deal_facts: Sequence[Json]) -> FactColumns:
        """From the raw JSON of each deal's account facts and own facts; the deal's win. Some 20,000 to 50,000 rows at a
        time keep the parsed objects small in memory.

        Raises orjson.JSONDecodeError for what is not JSON, and ValueError for lists of unequal length.
        """
        accounts, deals = parse(account_facts), parse(deal_facts)
        return cls.from_dicts(playbook, [account | deal for account, deal in zip(accounts, deals, strict=True)])


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
    """Dictionary-encode one fact's values. Values that don't fit the fact get code 0, as unknown ones do."""
    codes = _Codes()
    values = _hashable(fact, raw)
    encoded = np.fromiter(map(codes.__getitem__, values), dtype=np.int32, count=len(raw))
    known = [_plain(value) for value in codes]
    keep = np.array([code if fits(fact, value) else 0 for code, value in enumerate(known)], dtype=np.int32)
    if np.array_equal(keep, np.arange(len(known))):
        return Column(encoded, tuple(known))
    used = [code for code in keep if code]
    position = np.zeros(len(known), dtype=np.int32)
    position[used] = np.arange(1, len(used) + 1)
    return Column(position[encoded], (None, *(known[code] for code in used)))


class _Codes(dict[object, int]):
    """Numbers values in the order they are met, "not known" first."""

    def __init__(self) -> None:
        super().__init__({None: 0})

    def __missing__(self, value: object) -> int:
        self[value] = code = len(self)
        return code


@dataclass(frozen=True, slots=True)
class _Typed:
    """A value that only equals values of its own type: in a dictionary, True would be the same as 1."""

    kind: type
    value: object


def _hashable(fact: Fact, raw: Sequence[object]) -> Iterable[object]:
    """The values as keys of a dictionary. A column of one simple type goes as it is."""
    kinds = set(map(type, raw)) - {type(None)}
    if kinds == {list} and all(isinstance(item, str) for value in raw if value for item in cast(list[object], value)):
        return [None if value is None else tuple(cast(list[object], value)) for value in raw]
    if len(kinds) <= 1 and not kinds & {list, dict}:
        return raw
    return [_Typed(type(value), _frozen(value)) if fits(fact, value) else None for value in raw]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> object:
    return value.value if isinstance(value, _Typed) else value


def _day(value: object) -> int:
    return value.toordinal() if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)).toordinal()
