"""Reports at size: each against the bare SQL aggregates its tables need (bench/report_floors.py), what a worker's memory grows to
meanwhile, the model's fit and back-test, and a paper against WeasyPrint alone on the same HTML.

.venv/bin/python -m bench.reports 20000            # deals, with two years of history; on a private PostgreSQL
.venv/bin/python -m bench.reports 200000 --model   # the model alone
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
from bench.report_floors import FLOORS

USUALLY = 100_000
ROUNDS = 5
HISTORY = """
UPDATE deals_dealspan SET from_at = from_at - (deal_id % 700) * interval '1 day' WHERE stage = 'prospect' AND to_at < '9999-01-01';
UPDATE deals_deal SET created_at = created_at - (id % 700) * interval '1 day';
"""
"""Deals begin on different days of two years, not all on one."""
STANDING = """
INSERT INTO deals_dealcompetitor (deal_id, competitor_id, position, win_strategy)
SELECT d.id, c.id, 'level', '' FROM deals_deal d JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM crm_competitor) c
  ON c.place = 1 + d.id % (2 * (SELECT count(*) FROM crm_competitor));
INSERT INTO deals_outcomereason (deal_id, reason)
SELECT id, (ARRAY['price', 'features', 'support', 'trust'])[1 + id % 4] FROM deals_deal WHERE outcome <> 'open' AND id % 5 > 0;
INSERT INTO deals_dealline (deal_id, product_id, amount, position)
SELECT d.id, p.id, d.amount, 0 FROM deals_deal d JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM crm_product) p
  ON p.place = 1 + d.id % (SELECT count(*) FROM crm_product) WHERE d.id % 3 = 0;
"""
"""Half of the deals stand against somebody, four decided in five give a reason, a third has a line."""


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is also that of its aggregates in `FLOORS`; `days_ago` is its as-of."""

    name: str
    kind: str
    days_ago: int = 0
    by: str = ""

    @property
    def given(self) -> dict[str, str]:
        day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=self.days_ago)
        return ({"as_of": day.isoformat()} if self.days_ago else {}) | ({"by": self.by} if self.by else {})


QUESTIONS = (
    Question("pipeline", "pipeline"),
    Question("pipeline by segment", "pipeline", by="segment"),
    Question("pipeline, a year ago", "pipeline", days_ago=365),
    Question("what changed in a week", "changes"),
    Question("forecast", "forecast"),
    Question("win and loss", "wins"),
    Question("targets", "targets"),
    Question("market", "market"),
    Question("KPIs", "kpis"),
    Question("risks", "risks"),
)


def main() -> int:
    return measure("bench.reports", compare, usually=USUALLY)


def compare(deals: int) -> dict[str, Any]:
    """Milliseconds of each report as operations, who see all, and of its aggregates, in turns, the median of five; megabytes at the
    most of a process that builds it once; seconds of a paper. Of the model alone where that is asked."""
    from django.db import connection

    from reports.kinds import report_kinds

    with connection.cursor() as cursor:
        cursor.execute(HISTORY)
        cursor.execute(STANDING)
        cursor.execute("VACUUM ANALYZE")
    if "--model" in sys.argv:
        return {"deals": deals, **alone(_model)}
    rows = [_row(one) for one in QUESTIONS if one.kind in report_kinds]
    return {"deals": deals, "rows": rows, "paper": alone(_paper)}


def _row(one: Question) -> dict[str, Any]:
    found = {"name": one.name, **alone(_timed, one), **alone(_grown, one)}
    print(f"  {found}", file=sys.stderr)
    return found


def _timed(one: Question) -> dict[str, Any]:
    build(one)  # what a process reads once: the playbook, the code
    values, ours, theirs = _values(one), [], []
    for _ in range(ROUNDS):
        ours.append(took(lambda: build(one)))
        theirs.append(took(lambda: bare(one, values)))
    report, sql = statistics.median(ours), statistics.median(theirs)
    return {
        "report_ms": report * 1_000,
        "sql_ms": sql * 1_000,
        "ratio": report / sql,
        "statements": len(FLOORS[one.name]),
    }


def bare(one: Question, values: dict[str, Any]) -> None:
    """Its aggregates, one after the other."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in FLOORS[one.name]:
            cursor.execute(statement, values)
            cursor.fetchall()


def _values(one: Question) -> dict[str, Any]:
    """The same days and moments as the report's."""
    from reports.queries import waterfall
    from reports.queries.targets import Plan

    asked = _asked(one)
    quarter, plan = asked.quarter, Plan.of(asked)
    week = (
        asked.end_of(asked.as_of - dt.timedelta(days=7)) if one.kind == "forecast" else waterfall.span_of(asked).start
    )
    return {
        "at": asked.moment,
        "since": week,
        "first": quarter.first_date,
        "last": quarter.last_date,
        "day": asked.as_of,
        "year": asked.as_of - dt.timedelta(days=364),
        "plan_first": plan.quarter(1, 1).first_date,
        "plan_last": plan.quarter(3, 4).last_date,
    }


def _grown(one: Question) -> dict[str, Any]:
    build(one)
    return {"mb": _most()}


def build(one: Question) -> Any:
    from reports.kinds import report_kinds

    return report_kinds.get(one.kind).build(_asked(one))


def _asked(one: Question) -> Any:
    from crm.models import Person
    from reports.forms import asked
    from reports.kinds import report_kinds

    kind, ops = report_kinds.get(one.kind), Person.objects.get(username="bench-ops")
    return asked(ops, one.given, asks=kind.asks, by=kind.by)[0]


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
