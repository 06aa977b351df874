"""A report as somebody asks for it: worked out now, shown again while it stands, or waited for while a worker makes it."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.models import Job, JobState, Person
from crm.services import jobs
from deals.models import DealSpan
from deals.queries.standing import STANDS_FOR, Standing, standing
from reports.kinds import ReportKind, report_kinds
from reports.models import StandingReport
from reports.queries.asked import Asked
from reports.rules.keeping import read, written
from reports.rules.report import Report

TASK = "reports.tasks.build_report"
LONG = 1.0
"""Seconds. What takes less is worked out each time."""
MANY = {"open": 25_000, "closed": 15_000}
"""With more deals of what it reads a worker builds it. Measured on two cores: a pipeline of 50,000 open deals takes 0.4 to 0.8 s,
win and loss of 50,000 closed ones 1 to 1.7 s, and people ask at the same time."""
NOTED_EVERY = 0.5
"""Seconds between two notes of how far it is."""
STANDS = dt.timedelta(seconds=STANDS_FOR)
KEPT = dt.timedelta(hours=1)
"""Rows are dropped after this, by whichever report is kept next."""
AskedOf = Callable[[Person, Mapping[str, Any], ReportKind], Asked]
"""`reports.forms.asked`, for the forms stand above the services."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A worker makes it, or failed to lately."""

    job: Job

    @property
    def failed(self) -> bool:
        return not self.job.is_open

    @property
    def token(self) -> str:
        """Of how far it is."""
        return f"{self.job.pk}-{self.job.state}-{self.job.done}"


def built(kind: ReportKind, asked: Asked, *, anew: bool = False) -> Standing[Report] | Waiting:
    """What somebody asks, for page, file and API alike: they show the same figures while a large one stands. `anew` works it out
    now, or has a worker do so; ask without it for what comes of that."""
    key = key_of(kind, asked)
    if anew:
        StandingReport.objects.filter(key=key).delete()
    elif kept := _kept(key, asked.now):
        return kept
    if is_large(kind, asked):
        return Waiting(_job(kind, asked, key, anew=anew))
    began = time.monotonic()
    return standing(
        f"report:{key}",
        asked.user,
        asked.now,
        lambda: kind.build(asked),
        lambda _: time.monotonic() - began >= LONG,
        anew=anew,
    )


def key_of(kind: ReportKind, asked: Asked) -> str:
    """Of a question and who asks it: with other roles, or in another team, it is another one."""
    user = asked.user
    reader = f"{user.pk}&{'+'.join(user.roles)}&{user.team.path if user.team else ''}"
    question = f"{kind.key}?{asked.query()}&{asked.as_of}&{asked.number}&{reader}"
    return hashlib.sha256(question.encode()).hexdigest()


def is_large(kind: ReportKind, asked: Asked) -> bool:
    """Whether building it may take over a second: by the deals it reads, counted as far as it takes to know."""
    if not kind.reads:
        return False
    rows = DealSpan.objects.filter(asked.scope().owned(), from_at__lte=asked.moment, to_at__gt=asked.moment)
    rows = rows.open() if kind.reads == "open" else rows.closed()
    most = MANY[kind.reads]
    return rows.order_by().values("deal_id")[: most + 1].count() > most


def _kept(key: str, now: dt.datetime) -> Standing[Report] | None:
    row = StandingReport.objects.filter(key=key, made_at__gt=now - STANDS).first()
    if row is None:
        return None
    try:
        return Standing(read(row.body), row.made_at, True)
    except (KeyError, TypeError):
        return None  # a version before this one wrote it


def _job(kind: ReportKind, asked: Asked, key: str, *, anew: bool) -> Job:
    """The one that is at it, or failed within the minutes a report stands; else a new one."""
    last = Job.objects.filter(key=_name(key)).order_by("-pk").first()
    if last is not None and (last.is_open or (not anew and _failed_lately(last, asked.now))):
        return last
    latest = StandingReport.objects.filter(kind=kind.key).order_by("-made_at").first()
    with transaction.atomic():
        return jobs.enqueue(
            TASK,
            key=_name(key),
            args={
                "kind": kind.key,
                "person_id": asked.user.pk,
                "given": asked.given(),
                "as_of": asked.as_of.isoformat(),
                "key": key,
            },
            label=f"Report: {kind.title}",
            by=asked.user,
            total=latest.steps if latest else None,
        )


def _name(key: str) -> str:
    return f"report:{key}"


def _failed_lately(job: Job, now: dt.datetime) -> bool:
    return job.state == JobState.FAILED and job.finished_at is not None and job.finished_at > now - STANDS


def perform(job: Job, asked_of: AskedOf) -> None:
    """Builds and keeps it. Twice does no harm: the later one stands. What nobody could read any more is not built: who asked has
    other roles by now, or there is another playbook."""
    person = Person.objects.select_related("team").filter(pk=job.args["person_id"], is_active=True).first()
    if person is None or job.args["kind"] not in report_kinds:
        return
    kind = report_kinds.get(job.args["kind"])
    if not kind.allowed(person.roles):
        return
    asked = replace(asked_of(person, job.args["given"], kind), as_of=dt.date.fromisoformat(job.args["as_of"]))
    if key_of(kind, asked) != job.args["key"]:
        return
    with _told(job) as steps:
        body = written(kind.build(asked))
    now = timezone.now()
    StandingReport.objects.update_or_create(
        key=job.args["key"], defaults={"kind": kind.key, "body": body, "made_at": now, "steps": steps[0]}
    )
    StandingReport.objects.filter(made_at__lt=now - KEPT).delete()


@contextmanager
def _told(job: Job) -> Iterator[list[int]]:
    """Counts the questions put to the database inside, and notes them as the job's progress."""
    steps, noted, noting = [0], time.monotonic(), False

    def counted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal noted, noting
        found = execute(sql, params, many, context)
        if noting:
            return found
        steps[0] += 1
        if time.monotonic() - noted >= NOTED_EVERY:
            noting = True  # the note is a question of its own
            try:
                # Never all of them: it is done when it is kept.
                total = max(job.total, steps[0] + 1) if job.total else None
                jobs.progress(job, done=steps[0], total=total)
            finally:
                noted, noting = time.monotonic(), False
        return found

    with connection.execute_wrapper(counted):
        yield steps
