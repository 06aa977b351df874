"""Reports at size: each against the bare SQL aggregate it needs, what a worker's memory grows to meanwhile, the model's fit and back-test,
and a paper against WeasyPrint alone on the same HTML.

.venv/bin/python -m bench.reports 20000    # deals, with two years of history; on a private PostgreSQL
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.alone import measure

USUALLY = 100_000
ROUNDS = 5
HISTORY = """
UPDATE deals_dealspan SET from_at = from_at - (deal_id % 700) * interval '1 day' WHERE stage = 'prospect' AND to_at < '9999-01-01';
UPDATE deals_deal SET created_at = created_at - (id % 700) * interval '1 day';
"""
"""Deals begin on different days of two years, not all on one."""
OPEN_AT = """
SELECT s.owner_id, s.stage, s.currency, s.forecast_category, count(*), count(s.amount), sum(s.amount)
FROM deals_dealspan s WHERE s.outcome = 'open' AND s.from_at <= %(at)s AND s.to_at > %(at)s
  AND NOT EXISTS (SELECT 1 FROM deals_deal d WHERE d.id = s.deal_id AND d.deleted_at IS NOT NULL)
GROUP BY 1, 2, 3, 4
"""
CHANGED = """
WITH was AS (SELECT * FROM deals_dealspan WHERE from_at <= %(since)s AND to_at > %(since)s),
     now AS (SELECT * FROM deals_dealspan WHERE from_at <= %(at)s AND to_at > %(at)s)
SELECT was.outcome, now.outcome, now.currency, count(*), sum(was.amount), sum(now.amount)
FROM was FULL JOIN now USING (deal_id)
WHERE (was.deal_id IS NULL OR now.deal_id IS NULL OR was.id <> now.id) AND (was.outcome = 'open' OR now.outcome = 'open')
GROUP BY 1, 2, 3
"""
IN_QUARTER = """
SELECT s.owner_id, s.outcome, s.currency, s.forecast_category, count(*), sum(s.amount)
FROM deals_dealspan s WHERE s.outcome IN ('open', 'won') AND s.from_at <= %(at)s AND s.to_at > %(at)s
  AND s.close_date >= date_trunc('quarter', %(at)s::timestamptz)
  AND s.close_date < date_trunc('quarter', %(at)s::timestamptz) + interval '3 months'
GROUP BY 1, 2, 3, 4
"""
DECIDED = """
SELECT a.segment, a.region, s.outcome, s.currency, count(*), sum(s.amount)
FROM deals_dealspan s JOIN deals_deal d ON d.id = s.deal_id JOIN crm_account a ON a.id = d.account_id
WHERE s.outcome IN ('won', 'lost') AND s.from_at <= %(at)s AND s.to_at > %(at)s AND s.close_date >= %(since)s
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Question:
    """`sql`: the aggregate without which the report can't be, "" where it adds no deals up; `days_ago` is its as-of."""

    name: str
    kind: str
    sql: str
    days_ago: int = 0
    since: int = 7

    @property
    def given(self) -> dict[str, str]:
        day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=self.days_ago)
        return {"as_of": day.isoformat()} if self.days_ago else {}


QUESTIONS = (
    Question("pipeline", "pipeline", OPEN_AT),
    Question("pipeline, a year ago", "pipeline", OPEN_AT, days_ago=365),
    Question("what changed in a week", "changes", CHANGED),
    Question("forecast", "forecast", IN_QUARTER),
    Question("win and loss", "wins", DECIDED, since=365),
    Question("targets", "targets", IN_QUARTER),
    Question("market", "market", DECIDED, since=3_650),
    Question("KPIs", "kpis", ""),
    Question("risks", "risks", ""),
)


def main() -> int:
    return measure("bench.reports", compare, usually=USUALLY)


def compare(deals: int) -> dict[str, Any]:
    """Milliseconds of each report as operations, who see all, and of its SQL, in turns, the median of five; megabytes at the most of a
    process that builds it once; seconds of the model, and of a paper."""
    from django.db import connection

    from reports.kinds import report_kinds

    with connection.cursor() as cursor:
        cursor.execute(HISTORY)
        cursor.execute("VACUUM ANALYZE")
    rows = [_row(one) for one in QUESTIONS if one.kind in report_kinds]
    return {"deals": deals, "rows": rows, "model": alone(_model), "paper": alone(_paper)}


def _row(one: Question) -> dict[str, Any]:
    found = {"name": one.name, **alone(_timed, one), **alone(_grown, one)}
    print(f"  {found}", file=sys.stderr)
    return found


def _timed(one: Question) -> dict[str, Any]:
    from django.db import connection

    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=one.days_ago)
    values = {"at": at, "since": at - dt.timedelta(days=one.since)}

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(one.sql, values)
            cursor.fetchall()

    build(one)  # what a process reads once: the playbook, the code
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(took(lambda: build(one)))
        theirs.append(took(bare) if one.sql else 0.0)
    report, sql = statistics.median(ours), statistics.median(theirs)
    return {"report_ms": report * 1_000, "sql_ms": sql * 1_000, "ratio": report / sql if sql else 0.0}


def _grown(one: Question) -> dict[str, Any]:
    build(one)
    return {"mb": _most()}


def build(one: Question) -> Any:
    from crm.models import Person
    from reports.forms import asked
    from reports.kinds import report_kinds

    kind, ops = report_kinds.get(one.kind), Person.objects.get(username="bench-ops")
    return kind.build(asked(ops, one.given, asks=kind.asks, by=kind.by)[0])


def _model() -> dict[str, Any]:
    from django.utils import timezone

    from crm.queries import company as companies
    from deals.models import Deal
    from reports.services import forecast_runs

    company, now = companies.company(), timezone.now()
    run = forecast_runs.begin(company, now, companies.day_of(company, now))
    seconds = took(lambda: forecast_runs.finish(run))
    return {"seconds": seconds, "mb": _most(), "closed": Deal.objects.exclude(outcome="open").count()}


def _paper() -> dict[str, Any]:
    """The pipeline review, from the database on, against WeasyPrint on the same HTML and style sheets, in turns."""
    from django.utils import timezone

    from bench.cards import _weasyprint
    from crm.models import Person
    from reports.documents import frame, printing
    from reports.documents.reports import reports_document
    from reports.paper_kinds import pack_of
    from reports.paper_parts import parts_of

    ops, pack = Person.objects.get(username="bench-ops"), pack_of("pipeline")
    assert pack is not None
    printing.warm()

    def ours() -> tuple[str, str]:
        now = timezone.now()
        reports = [kind.build(asked) for kind, asked in parts_of(pack, ops, {}, now)]
        document = reports_document(reports, title=pack.title, ours="Ours", by=str(ops), made_at=now)
        drawn = frame.html(document)
        printing.pdf(drawn, sheet=document.sheet, identifier=frame.identity(document, drawn))
        return drawn, document.sheet

    drawn, sheet = ours()
    mine, alone_s = [], []
    for _ in range(3):
        mine.append(took(ours))
        alone_s.append(took(lambda: _weasyprint(drawn, sheet)))
    seconds, weasyprint = statistics.median(mine), statistics.median(alone_s)
    return {"seconds": seconds, "weasyprint_s": weasyprint, "ratio": seconds / weasyprint, "mb": _most()}


def alone(do: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """In a process of its own, forked from one that has only loaded the product: its memory is what a worker's would be."""
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    child = fork.Process(target=_inside, args=(there, do, given))
    child.start()
    there.close()
    try:
        said: dict[str, Any] = here.recv()
    except EOFError:
        said = {"error": "the process ended"}
    child.join()
    if "error" in said:
        raise RuntimeError(said["error"])
    return said


def _inside(out: Any, do: Callable[..., dict[str, Any]], given: tuple[Any, ...]) -> None:
    try:
        out.send(do(*given))
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        out.send({"error": f"{do.__name__} {given}: {type(error).__name__}: {error}"})
    finally:
        os._exit(0)


def took(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _most() -> int:
    """Megabytes this process had at the most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
