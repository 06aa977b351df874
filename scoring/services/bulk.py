"""Scores of a whole book: after a playbook is published, or when the calendar moved (domain: scores, playbook versions).

The work is cut into chunks, each one short transaction, so nobody waits long and a killed run loses one chunk at most. What is left
to do is read from the scores themselves (`Run.due`): there is no cursor that could be wrong. The arithmetic is the array twin of the
rule for one deal; tests hold the stored rows of both ways equal.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from threading import Event, Lock

from django.db import OperationalError, connection
from django.utils import timezone

from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from scoring.services import bulk_portable, bulk_postgres
from scoring.services.bulk_work import LANES, Chunk, Run, chunks

log = logging.getLogger(__name__)

ROUNDS = 5
"""Passes over what is left: deals that were opened, or scored by an older playbook's worker, while a pass ran."""
TRIES = 3
IN_THE_WAY = {"40001", "40P01"}
"""PostgreSQL's codes for transactions that can't both go on: a conflict of versions, a deadlock."""

Progress = Callable[[int, int], None]
"""Told how far a run is, as a number of deals, and how many there are."""


def rescore(
    *,
    act: Act,
    since: dt.datetime,
    today: dt.date | None = None,
    deal_ids: Sequence[int] | None = None,
    all_lights: bool = False,
    progress: Progress | None = None,
) -> int:
    """Scores every open deal (or those given) that has no score since `since` under the playbook in force; returns how many.

    Safe to run again after a kill, and while people work: a deal somebody scores meanwhile is theirs.
    """
    number, playbook = playbooks.current()
    run = Run(
        playbook=playbook,
        number=number,
        version_id=PlaybookVersion.objects.values_list("pk", flat=True).get(number=number),
        today=today or act.now.date(),
        since=since,
        by_id=act.by.pk if act.by else None,
        all_lights=all_lights,
    )
    total, first, last = run.reach(deal_ids)
    scored = 0
    for again in range(ROUNDS if total else 0):
        work = list(chunks(first, last, deal_ids))
        # Closed whatever happens here, so that no lane goes on by itself.
        with closing(_each(run, work)) as done:
            for number, looked_at in enumerate(done, start=1):
                scored += looked_at
                if progress:
                    progress(total if again else total * number // len(work), total)
        left, first, last = run.left(deal_ids)
        if not left:
            break
    return scored


def _each(run: Run, work: Sequence[Chunk]) -> Generator[int]:
    """The number of deals done, chunk by chunk. Inside a caller's transaction there is one connection, hence one lane."""
    if connection.vendor != "postgresql" or connection.in_atomic_block or len(work) == 1:
        yield from (_chunk(run, chunk) for chunk in work)
        return
    rest, stopped = iter(work), Event()
    taking = Lock()
    found: SimpleQueue[int | None] = SimpleQueue()

    def lane() -> None:
        """Takes chunk after chunk over one connection, this thread's own."""
        try:
            while not stopped.is_set():
                with taking:
                    chunk = next(rest, None)
                if chunk is None:
                    return
                found.put(_chunk(run, chunk))
        finally:
            stopped.set()  # nothing is left, or something is wrong: the others finish their chunk, and nothing else begins
            connection.close()
            found.put(None)

    with ThreadPoolExecutor(LANES, thread_name_prefix="rescore") as lanes:
        running = [lanes.submit(lane) for _ in range(LANES)]
        try:
            for _ in running:
                yield from iter(found.get, None)
        finally:
            stopped.set()
        for one in running:
            one.result()


def _chunk(run: Run, chunk: Chunk) -> int:
    """One chunk, tried again when two transactions got in each other's way."""
    on_postgres = connection.vendor == "postgresql"
    rescore_chunk = bulk_postgres.rescore_chunk if on_postgres else bulk_portable.rescore_chunk
    for attempt in range(1, TRIES + 1):
        try:
            return rescore_chunk(run, chunk, timezone.now())
        except OperationalError as error:
            in_the_way = getattr(error.__cause__, "pgcode", None) in IN_THE_WAY
            if not in_the_way or attempt == TRIES or connection.in_atomic_block:
                raise
            log.warning("Scoring deals %s to %s again after attempt %s", chunk.first, chunk.last, attempt)
    return 0
