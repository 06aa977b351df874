"""When somebody's digest is due, and what it says as plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

NEVER, DAILY, WEEKLY = "never", "daily", "weekly"


def last_moment(now: dt.datetime, *, digest: str, hour: int, zone: dt.tzinfo) -> dt.datetime | None:
    """The latest moment at or before `now` at which a digest goes out: each day, or each Monday, at `hour` on the person's
    own clock. None for who wants none. On the night a clock springs over that hour, it is the hour after."""
    if digest == NEVER:
        return None
    day = now.astimezone(zone).date()
    if digest == WEEKLY:
        day -= dt.timedelta(days=day.weekday())
    step = dt.timedelta(days=7 if digest == WEEKLY else 1)
    moment = _at(day, hour, zone)
    return moment if moment <= now else _at(day - step, hour, zone)


def _at(day: dt.date, hour: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """Something somebody was told: `at` on their own clock."""

    text: str
    url: str
    at: dt.datetime


def as_text(*, name: str, lines: Sequence[Line], more: int, list_url: str, settings_url: str) -> str:
    parts = [f"Hello {name},", "this happened since your last summary, and you have not looked at it yet."]
    parts += [f"- {line.text} ({line.at:%a %d %b, %H:%M})\n  {line.url}" for line in lines]
    if more:
        parts.append(f"And {more} more: {list_url}")
    parts.append(f"How often this comes you choose in your settings: {settings_url}")
    return "\n\n".join(parts) + "\n"
