"""What passes between reading, computing and writing many scores: arrays with an entry a deal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from playbook.schema import Playbook
from scoring.rules.columns import Coded, FactTable
from scoring.rules.lead_score import Score
from scoring.rules.stored import contributions_json

PLACES = 4
"""Decimals of a stored total; totals here are whole numbers of that unit."""
NONE = -1
"""In arrays of numbers that are never negative: there is no such number."""
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Last:
    """The last stored scores, one entry a deal. Where a deal has none, `numbers` (of its playbook) is 0 and all else
    NONE or nothing. `days` are day numbers, totals in units of the last decimal, `rules` the version of the rules."""

    numbers: Numbers
    rules: Numbers
    low: Numbers
    high: Numbers
    total: Numbers
    days: Numbers
    classes: Coded
    disqualified: Numbers
    results: Numbers
    inputs: Numbers
    same_facts: Flags
    same_overrides: Flags
    same_segment: Flags

    @cached_property
    def same_inputs(self) -> Flags:
        """Where the score can share the last one's inputs."""
        return self.same_facts & self.same_overrides & self.same_segment


@dataclass(frozen=True)
class Staged:
    """Deals as read for scoring, one entry a deal throughout. `dated` are the facts that depend on the day; all of a deal's facts
    are only asked for where it has to be judged. `lights_numbers` is the playbook the MEDDPICC lights were last judged
    by, 0 for never."""

    deal_ids: Numbers
    segments: Coded
    dated: FactTable
    overrides: Coded
    last: Last
    lights_numbers: Numbers

    def __len__(self) -> int:
        return len(self.deal_ids)


@dataclass(frozen=True)
class Pattern:
    """One of the few different results: all that follows from a set of scores under one playbook, as stored."""

    low: int
    high: int
    total: int | None
    lead_class: str
    possible_classes: str
    contributions: list[list[object]]

    @classmethod
    def of(cls, found: Score) -> Pattern:
        return cls(
            low=units(found.low),
            high=units(found.high),
            total=None if found.total is None else units(found.total),
            lead_class=found.lead_class or "",
            possible_classes="".join(found.possible_classes),
            contributions=contributions_json(found),
        )


@dataclass(frozen=True)
class Cause:
    """What `LeadScore` keeps of a move."""

    causes: Mapping[str, list[str]]
    cause: str

    @cached_property
    def key(self) -> bytes:
        return orjson.dumps([self.causes, self.cause], option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True)
class Results:
    """New scores in the order of the staged deals: `patterns[pattern[i]]`. Where `differs` says that such a score is not
    the last one, history grows, because of `causes[cause[i]]`."""

    pattern: Rows
    patterns: Sequence[Pattern]
    disqualified: NDArray[np.int16]
    differs: Flags
    cause: Rows
    causes: Sequence[Cause]


Known = dict[tuple[int, ...], Pattern]
"""Patterns by their scores, kept through a run under one playbook: explaining a score takes far longer than finding it again."""


@dataclass(frozen=True, kw_only=True)
class Before:
    """Asked for what is stored, and only where it is needed: a version by its number; the contributions of stored
    results by their ids; the facts of some rows; the facts and overrides behind the last scores of some rows, where
    they are not what they were."""

    by_number: Callable[[int], Playbook]
    contributions: Callable[[Sequence[int]], Mapping[int, list[list[Any]]]]
    facts: Callable[[Rows], FactTable]
    inputs: Callable[[Rows], tuple[FactTable, Coded]]


def units(total: Any) -> int:
    """A total as a whole number of the stored unit. Raises ValueError where it needs more decimals than are stored."""
    scaled = total.scaleb(PLACES)
    if scaled != int(scaled):
        raise ValueError(f"the weights of this playbook need more than {PLACES} decimals")
    return int(scaled)
