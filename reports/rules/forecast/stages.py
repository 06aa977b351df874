"""What the playbook says of stages: the chance to be won at all, and how long it usually takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from playbook.schema import Playbook
from reports.rules.forecast.arrays import Bools, Floats, within

SPEED = 90.0
"""Days a deal is thought to have ahead of it where nothing says so."""


@dataclass(frozen=True, slots=True)
class StageChance:
    """`chance` is of being won at all; `days_ahead` how long this stage and those after it are expected to take."""

    label: str
    chance: float
    days_ahead: float | None = None


@dataclass(frozen=True)
class StageBook:
    """Stages by key and label, in whatever case they are written."""

    by_name: Mapping[str, StageChance] = field(default_factory=dict)
    closing: frozenset[str] = frozenset()
    """Names of the stages a closed deal stands in."""

    def chances(self, stages: tuple[str, ...]) -> Floats:
        """NaN for a stage the book doesn't know."""
        found = [self.by_name.get(fold(name)) for name in stages]
        return np.array([np.nan if each is None else each.chance for each in found], dtype=np.float64)

    def ahead(self, stages: tuple[str, ...]) -> Floats:
        found = [self.by_name.get(fold(name)) for name in stages]
        days = [SPEED if each is None or not each.days_ahead else each.days_ahead for each in found]
        return np.array(days, dtype=np.float64)

    def unknown(self, stages: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in stages if fold(name) not in self.by_name and fold(name) not in self.closing)


def fold(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def book_of(playbook: Playbook) -> StageBook:
    """The open stages of a playbook, with the days expected from each to the end."""
    found: dict[str, StageChance] = {}
    ahead = 0.0
    for stage in reversed([each for each in playbook.stages if each.kind == "open"]):
        ahead += stage.expected_days or 0
        said = StageChance(stage.label, float(stage.probability_percent) / 100, ahead or None)
        found[fold(stage.label)] = found[fold(stage.key)] = said
    closed = [each for each in playbook.stages if each.kind != "open"]
    return StageBook(found, frozenset(fold(name) for each in closed for name in (each.key, each.label)))


def book_from(percentages: Mapping[str, float]) -> StageBook:
    """From chances in percent by stage. Raises ValueError for one that is not between 0 and 100."""
    for name, percent in percentages.items():
        if not 0 <= percent <= 100:
            raise ValueError(f"The chance of stage {name!r} is {percent:g}; it must lie between 0 and 100.")
    closing = frozenset(fold(name) for name, percent in percentages.items() if percent in (0, 100))
    said = {fold(name): StageChance(name, percent / 100) for name, percent in percentages.items()}
    return StageBook({name: each for name, each in said.items() if name not in closing}, closing)


def within_window(chances: Floats, ahead: Floats, days: float) -> Floats:
    """The chance to be won within a window, were deals of a stage to end at a steady pace over the days ahead."""
    return within(chances * (1 - np.exp(-days / np.maximum(ahead, 1.0))))


def known(chances: Floats) -> Bools:
    return ~np.isnan(chances)
