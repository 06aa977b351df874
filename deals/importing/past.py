"""What a file knows of a deal's past, as moments: when it was opened and which stages it entered when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.importing.records import Record
from playbook.schema import Playbook


@dataclass(frozen=True, slots=True)
class Past:
    """`stages` are (stage, entered at), oldest first, never empty; the last one is where the deal is now."""

    opened_at: dt.datetime
    stages: tuple[tuple[str, dt.datetime], ...]
    outcome: str
    close_date: dt.date | None

    @property
    def closed_at(self) -> dt.datetime | None:
        return None if self.outcome == "open" else self.stages[-1][1]

    def state(self) -> dict[str, Any]:
        """The deal's attributes that follow from its past."""
        return {
            "stage": self.stages[-1][0],
            "outcome": self.outcome,
            "closed_at": self.closed_at,
            "close_date": self.close_date,
        }


def past_of(record: Record, playbook: Playbook, now: dt.datetime) -> Past:
    """Puts together what is dated. Nothing is made up in between: a stage nobody dated has no interval.

    Where the file dates nothing, an open deal counts as opened `now` (the run's start). A deal whose present stage has no
    date of its own has been in it since the last moment known.
    """
    own = str(record.values["stage"])
    kind = playbook.stage(own).kind
    close_date: dt.date | None = record.values.get("close_date")
    dated = list(record.history)
    if kind != "open" and (not dated or dated[-1][0] != own):
        dated.append((own, close_date or dated[-1][1]))
    created: dt.date | None = record.values.get("created_date")
    stages = _without_repeats([(stage, noon(date)) for stage, date in dated])
    opened = min([*([noon(created)] if created else []), *(at for _, at in stages)], default=now)
    if not stages or stages[-1][0] != own:
        stages = [*stages[:-1], (own, stages[-1][1] if stages else opened)]
    if kind != "open":
        close_date = stages[-1][1].date()
    return Past(opened, tuple(stages), kind, close_date)


def _without_repeats(stages: list[tuple[str, dt.datetime]]) -> list[tuple[str, dt.datetime]]:
    """Drops a step into the stage one is in already, and a stage left at the very moment it was entered."""
    found: list[tuple[str, dt.datetime]] = []
    for stage, at in stages:
        if found and found[-1][0] == stage:
            continue
        if found and found[-1][1] == at:
            found.pop()
        found.append((stage, at))
    return found


def noon(date: dt.date) -> dt.datetime:
    """A day as a moment: noon UTC is the same day in nearly every time zone, midnight is the day before in half of them."""
    return dt.datetime.combine(date, dt.time(12), dt.UTC)
