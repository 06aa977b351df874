"""Rescoring every open deal after a playbook is published, history included, against a bare UPDATE of as many score
rows.

    .venv/bin/python -m bench.rescore 100000    # on a private PostgreSQL of its own

The hard case is measured: facts of all kinds, every deal scored before, and weights that move nearly every score, so
that nearly every
deal gets a new row of history with its causes.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from bench import alone

FACTS = """
UPDATE deals_bantassessment SET facts = jsonb_strip_nulls(jsonb_build_object(
  'budget_amount', CASE WHEN random() < .8 THEN (random() * 2000000)::int || '.00' END,
  'budget_status', CASE WHEN random() < .8 THEN (ARRAY['allocated', 'needs_approval', 'none'])[1 + floor(random() *
  3)::int] END,
  'authority_access', CASE WHEN random() < .8 THEN (ARRAY['engaged', 'access', 'path', 'none'])[1 + floor(random() *
  4)::int] END,
  'impact_amount', CASE WHEN random() < .7 THEN (random() * 2000000)::int || '.00' END,
  'pain_clarity', CASE WHEN random() < .7 THEN (ARRAY['urgent', 'clear', 'vague'])[1 + floor(random() * 3)::int] END,
  'decision_date', CASE WHEN random() < .7 THEN to_char(current_date + (random() * 500)::int, 'YYYY-MM-DD') END,
  'deadline', CASE WHEN random() < .6 THEN (ARRAY['hard', 'soft', 'none'])[1 + floor(random() * 3)::int] END,
  'sponsor_level', CASE WHEN random() < .6 THEN (ARRAY['ceo_cio', 'executive', 'department', 'tactical'])[1 +
  floor(random() * 4)::int] END)),
  overrides = CASE WHEN random() < .2 THEN '{"need": 4}'::jsonb ELSE '{}'::jsonb END
"""
OPEN = "UPDATE deals_deal SET outcome = 'open', stage = 'discovery', closed_at = NULL WHERE outcome <> 'open'"
BARE = """
UPDATE deals_dealscore SET low = low + 1, high = high + 1, total = total + 1, lead_class = 'B', possible_classes = 'B',
  disqualified = 1, playbook_number = playbook_number + 0, computed_at = now()
"""


def compare(size: int) -> dict[str, Any]:
    """Times both over a book of `size` deals, which are all opened and given facts first. Seconds."""
    prepare()
    publish()
    first = timed(rescore)  # nothing was stored before: the history begins
    publish()
    settle()
    rescored = timed(rescore)
    settle()
    bare = timed(lambda: execute(BARE))
    return {
        "deals": size,
        "rescore_s": rescored,
        "update_s": bare,
        "ratio": rescored / bare,
        "first_s": first,
        "history_rows": count("scoring_leadscore"),
    }


def prepare() -> None:
    logging.getLogger("crm.services.jobs").setLevel(logging.ERROR)  # no broker is needed here
    for statement in (OPEN, FACTS):
        execute(statement)
    settle()


def publish() -> None:
    """Publishes weights other than those in force."""
    from crm.queries import playbook as playbooks
    from crm.services import playbook as publishing
    from crm.services.audit import Act
    from playbook import storing

    number, current = playbooks.current()
    data = storing.to_json(current)
    weights = {"budget": "15", "authority": "30"} if number % 2 else {"budget": "20", "authority": "25"}
    for criterion in data["bant"]["criteria"]:
        criterion["weight"] = weights.get(criterion["key"], criterion["weight"])
    publishing.publish(act=Act(by=None), playbook=storing.from_json(data))


def rescore() -> None:
    """The worker's job that publishing asked for."""
    from crm.models import Job
    from scoring.tasks import rescore_all

    job = Job.objects.filter(key="rescore").latest("id")
    rescore_all(job.pk)
    job.refresh_from_db()
    if job.state != "done":
        raise RuntimeError(job.message)


def settle() -> None:
    """Starts each measurement alike: nothing dead in the tables, statistics fresh, nothing left to write out."""
    execute("VACUUM ANALYZE")
    execute("CHECKPOINT")


def timed(do: Any) -> float:
    started = time.perf_counter()
    do()
    took = time.perf_counter() - started
    print(f"  {took:.1f} s", file=sys.stderr, flush=True)
    return took


def execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # nosec B608 - a name of ours
        return int(cursor.fetchone()[0])


def main() -> int:
    return alone.measure("bench.rescore", compare, usually=100_000)


if __name__ == "__main__":
    sys.exit(main())
