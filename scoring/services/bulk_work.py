"""What a run over many deals is about, and how it is cut into short transactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q

from crm.queries import playbook as playbooks
from deals.models import Deal, DealScore
from playbook.schema import Playbook
from scoring.rules.bulk_attribution import dated_tests
from scoring.rules.columns import facts_of
from scoring.services.bulk_shapes import Known

CHUNK = {"postgresql": 20_000, "sqlite": 500}
"""Deals in one transaction: on SQLite it keeps every other writer waiting, on PostgreSQL only those of the same deals."""
LANES = 2
"""Chunks at once on PostgreSQL: while one is written, the next is read and computed."""
WORTH_A_LANE = 1_000
"""Deals for which another connection is worth its while."""


@dataclass(frozen=True)
class Chunk:
    """Deals by a range of ids, both ends within; with `ids` only these of them."""

    first: int
    last: int
    ids: Sequence[int] | None = None

    @property
    def condition(self) -> Q:
        return Q(pk__gte=self.first, pk__lte=self.last) if self.ids is None else Q(pk__in=self.ids)


@dataclass(frozen=True)
class Run:
    """One rescoring: the playbook in force, the day, and since when a score counts as done.

    A deal is due while its score is older than `since` or of an earlier playbook. So a run that was killed goes on where it stopped,
    and one that was asked for twice finds nothing left.
    """

    playbook: Playbook
    number: int
    version_id: int
    today: dt.date
    since: dt.datetime
    by_id: int | None = None
    all_lights: bool = False

    @cached_property
    def due(self) -> Q:
        """Of deals."""
        looked_at = Q(score__computed_at__isnull=True) | Q(score__computed_at__lt=self.since)
        return Q(outcome="open") & (looked_at | Q(score__playbook_number__lt=self.number))

    @cached_property
    def not_looked_at(self) -> Q:
        """The same of the rows of scores, whatever became of their deals."""
        return Q(computed_at__isnull=True) | Q(computed_at__lt=self.since) | Q(playbook_number__lt=self.number)

    def needs_lights(self, judged_by: int) -> bool:
        """Whether lights judged under this playbook (0 is never) may differ under the run's."""
        if self.all_lights or judged_by == 0:
            return True
        if judged_by not in self._same_lights:
            self._same_lights[judged_by] = playbooks.by_number(judged_by).meddpicc == self.playbook.meddpicc
        return not self._same_lights[judged_by]

    @cached_property
    def known(self) -> Known:
        """The patterns met so far."""
        return {}

    @cached_property
    def result_ids(self) -> dict[str, int]:
        """The stored results met so far, by their scores."""
        return {}

    @cached_property
    def contributions(self) -> dict[int, list[list[Any]]]:
        """What the last scores were made of, as far as met: a book has some thousand results, and every chunk most of them."""
        return {}

    @cached_property
    def keys(self) -> set[str]:
        """The facts read of a deal that is judged: those this playbook looks at, and those earlier ones did that are met."""
        return set(facts_of(self.playbook.bant))

    @cached_property
    def dated_keys(self) -> list[str]:
        """The facts read of every deal: without them nobody knows which ones the day has moved."""
        return sorted({test.fact for test in dated_tests(self.playbook.bant)})

    def meet(self, numbers: Iterable[int]) -> bool:
        """Notes the versions behind the last scores; whether their rules look at facts that were not read so far."""
        needed = {key for number in numbers if number for key in facts_of(playbooks.by_number(number).bant)}
        new = needed - self.keys
        self.keys.update(new)
        return bool(new)

    @cached_property
    def _same_lights(self) -> dict[int, bool]:
        return {self.number: True}

    def reach(self, ids: Sequence[int] | None = None) -> tuple[int, int, int]:
        """How many deals may be due, all that are open, and the lowest and highest id of them. An index knows; which of them are due
        is found chunk by chunk."""
        if ids is not None:
            return len(ids), min(ids, default=0), max(ids, default=0)
        found = Deal.objects.open().aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
        return found["count"], found["first"] or 0, found["last"] or 0

    def left(self, ids: Sequence[int] | None = None) -> tuple[int, int, int]:
        """How many deals are due, and the lowest and highest id of them."""
        if ids is None and not DealScore.objects.filter(self.not_looked_at).exists():
            return 0, 0, 0  # no need to look which of them are of open deals
        rows = Deal.objects.filter(self.due) if ids is None else Deal.objects.filter(self.due, pk__in=ids)
        found = rows.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
        return found["count"], found["first"] or 0, found["last"] or 0


def chunks(first: int, last: int, ids: Sequence[int] | None = None) -> Iterator[Chunk]:
    """The deals given, or all ids of a range, in pieces of a transaction each."""
    size = _size(last - first + 1 if ids is None else len(ids))
    if ids is not None:
        ordered = sorted(ids)
        for place in range(0, len(ordered), size):
            piece = ordered[place : place + size]
            yield Chunk(piece[0], piece[-1], piece)
        return
    yield from (Chunk(start, min(start + size - 1, last)) for start in range(first, last + 1, size))


def _size(deals: int) -> int:
    """As few chunks as may be, but as many for each lane, so that none works on alone at the end."""
    most = CHUNK[connection.vendor]
    lanes = max(min(LANES, -(-deals // WORTH_A_LANE)), 1) if connection.vendor == "postgresql" else 1
    each = -(-deals // (most * lanes))
    return max(-(-deals // (max(each, 1) * lanes)), 1)
