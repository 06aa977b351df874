"""In which order editors look at things: use x staleness x harm, in whole numbers.

- Use: 1, and 1 for each time a claim was copied or taken along or said something of in the field, and 1 for every ten times its card
  was looked at, within the last 180 days. Of an objection without an answer: how often it was raised in that time.
- Staleness: 1, and 1 for every 30 days since it was last known to be right: since a claim was verified, a card reviewed, an objection
  raised for the first time; 12 at most on top.
- Harm: what is wrong with it, added up, as in `HARM`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WINDOW_DAYS = 180
MONTH_DAYS = 30
MOST_MONTHS = 12
VIEWS_A_USE = 10


@dataclass(frozen=True, slots=True)
class Harm:
    """A thing that can be wrong: points for each time it is, and what it is called in filters and sentences."""

    key: str
    label: str
    points: int
    each: bool = False


HARMS = (
    Harm("expired", "Expired", 3),
    Harm("news", "News asks for a look", 4),
    Harm("wrong", "Said to be wrong", 4, each=True),
    Harm("backfired", "Backfired", 2, each=True),
    Harm("unsourced", "Figure without a source", 1),
    Harm("unanswered", "Objection without an answer", 5),
    Harm("lost", "Deals lost since the last review", 3, each=True),
    Harm("due", "Card due for review", 2),
    Harm("due_now", "Card to be reviewed at once", 5),
)
HARM = {one.key: one for one in HARMS}


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a claim, a card or a gap. `wrong` counts each harm by its key (1 for those that are or are not). `uses` are those
    of its own, `views` the card's."""

    kind: str
    id: int
    uses: int
    views: int
    good_since: dt.date
    wrong: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A case at its place. `points` = `use` x `staleness` x `harm`."""

    case: Case
    use: int
    staleness: int
    harm: int

    @property
    def points(self) -> int:
        return self.use * self.staleness * self.harm

    @property
    def sum(self) -> str:
        return f"{self.use} × {self.staleness} × {self.harm} = {self.points:,}"


def weigh(case: Case, today: dt.date) -> Row:
    use = case.uses if case.kind == "gap" else 1 + case.uses + case.views // VIEWS_A_USE
    months = max((today - case.good_since).days, 0) // MONTH_DAYS
    harm = sum(HARM[key].points * (count if HARM[key].each else 1) for key, count in case.wrong if count)
    return Row(case, use, 1 + min(months, MOST_MONTHS), harm)


def ranked(cases: Iterable[Case], today: dt.date) -> list[Row]:
    """Those with something wrong, the most points first; at a tie the more harmful, then the older."""
    rows = [row for row in (weigh(case, today) for case in cases) if row.harm and row.use]
    rows.sort(key=lambda row: (-row.points, -row.harm, row.case.good_since, row.case.kind, row.case.id))
    return rows


def reasons(row: Row, today: dt.date) -> list[str]:
    """Why a row stands where it stands, a sentence a factor."""
    case, days = row.case, max((today - row.case.good_since).days, 0)
    harm = [_harm(key, count) for key, count in case.wrong if count]
    return [_used(case, row.use), _stale(case, days, row.staleness), f"Harm {row.harm}: {_listed(harm)}."]


def _used(case: Case, use: int) -> str:
    if case.kind == "gap":
        return f"Use {use}: raised {_times(case.uses)} in {WINDOW_DAYS} days."
    own = f"{_times(case.uses)} used or said something of" if case.kind == "claim" else ""
    seen = f"its card looked at {_times(case.views)}" if case.kind == "claim" else f"looked at {_times(case.views)}"
    return f"Use {use}: {_listed([part for part in (own, seen) if part])} in {WINDOW_DAYS} days."


def _stale(case: Case, days: int, staleness: int) -> str:
    said = {"claim": "verified", "card": "reviewed", "gap": "first raised"}[case.kind]
    when = "today" if not days else f"{days:,} {'day' if days == 1 else 'days'} ago"
    return f"Staleness {staleness}: {said} {when}."


def _harm(key: str, count: int) -> str:
    harm = HARM[key]
    label = harm.label[:1].lower() + harm.label[1:]
    return f"{label} {count} × {harm.points}" if harm.each else f"{label} {harm.points}"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)
