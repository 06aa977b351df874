"""Time spent on the parts of a call, from what is stored: it survives whatever becomes of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SECONDS = 24 * 60 * 60
"""A part somebody forgot to leave counts no more than a day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part as it is stored. `seconds` are of stretches that are over."""

    key: str
    label: str
    minutes: int
    seconds: int
    running_since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A part with its time at some moment, in seconds. `over` is how far it is past its minutes."""

    key: str
    label: str
    planned: int
    elapsed: int
    running: bool

    @property
    def over(self) -> int:
        return max(0, self.elapsed - self.planned)

    @property
    def minutes_spent(self) -> int:
        """Whole ones."""
        return self.elapsed // 60

    @property
    def minutes_planned(self) -> int:
        return self.planned // 60


def seconds_until(since: dt.datetime, now: dt.datetime) -> int:
    """Whole seconds, none where a clock went backwards."""
    return min(MOST_SECONDS, max(0, int((now - since).total_seconds())))


def elapsed(parts: Sequence[Stretch], now: dt.datetime) -> tuple[Elapsed, ...]:
    return tuple(_at(part, now) for part in parts)


def _at(part: Stretch, now: dt.datetime) -> Elapsed:
    running = part.running_since is not None
    since = seconds_until(part.running_since, now) if part.running_since is not None else 0
    return Elapsed(part.key, part.label, part.minutes * 60, part.seconds + since, running)
