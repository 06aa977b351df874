"""Rescoring on PostgreSQL: one read, one COPY and two set-based writes for thousands of deals (see `scoring.services.bulk`).

What a score was computed from is put aside in a temporary table first, and the history takes its inputs from there: a rep's
change in between can't slip into the inputs of a score that did not see it. No row is locked while arrays are computed. A deal that
somebody else scored in that time is left alone: the later look has seen more.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from crm.queries import playbook as playbooks
from deals.services.scores import UPDATE_FROM
from playbook.schema import RULE_VERSION
from scoring.services import lights
from scoring.services.bulk_compute import Results, Staged, compute_many
from scoring.services.bulk_work import Chunk, Run

TUNED = "SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
"""For statements over thousands of rows that take milliseconds: compiling them takes longer, and sorting on disk does too."""

READ = """
SELECT deal_id, segment, last_id, last_low, last_high, last_as_of, last_number, same_facts, same_overrides, lights_number
FROM scoring_staged
"""
READ_JSON = """
SELECT '[' || string_agg(facts::text, ',') || ']', '[' || string_agg(overrides::text, ',') || ']' FROM scoring_staged
"""
"""One text each, which is parsed in one go. Both statements read the table in the order it was written."""

STAGE = """
CREATE TEMP TABLE scoring_staged ON COMMIT DROP AS
SELECT d.id AS deal_id, a.segment, f.facts, f.overrides, ds.computed_at AS seen_at,
       CASE WHEN ds.computed_at IS NULL THEN 0 ELSE ds.playbook_number END AS lights_number,
       l.id AS last_id, l.low AS last_low, l.high AS last_high, l.total AS last_total,
       l.possible_classes AS last_classes, l.contributions AS last_contributions, l.inputs->>'as_of' AS last_as_of,
       v.number AS last_number, l.inputs->'facts' = f.facts AS same_facts,
       l.inputs->'overrides' = f.overrides AS same_overrides
FROM deals_deal d
JOIN deals_dealscore ds ON ds.deal_id = d.id AND ds.deal_id BETWEEN %(first)s AND %(last)s
JOIN crm_account a ON a.id = d.account_id
LEFT JOIN deals_bantassessment b ON b.deal_id = d.id AND b.deal_id BETWEEN %(first)s AND %(last)s
CROSS JOIN LATERAL (
  SELECT a.facts || COALESCE(b.facts, '{}') AS facts, COALESCE(b.overrides, '{}') AS overrides
) f
LEFT JOIN LATERAL (
  SELECT id, low, high, total, possible_classes, contributions, inputs, playbook_version_id
  FROM scoring_leadscore WHERE deal_id = d.id ORDER BY computed_at DESC, id DESC LIMIT 1
) l ON true
LEFT JOIN crm_playbookversion v ON v.id = l.playbook_version_id
WHERE d.outcome = 'open' AND d.id BETWEEN %(first)s AND %(last)s AND (%(ids)s IS NULL OR d.id = ANY(%(ids)s::bigint[]))
  AND (ds.computed_at IS NULL OR ds.computed_at < %(since)s OR ds.playbook_number < %(number)s)
"""
"""The bounds are said once for each table, or whole tables would be read for every chunk."""

RESULT_TABLES = """
CREATE TEMP TABLE scoring_scored (
  deal_id bigint, pattern int, disqualified smallint, cause int) ON COMMIT DROP;
CREATE TEMP TABLE scoring_patterns (
  pattern int, low bigint, high bigint, total bigint, lead_class text, possible_classes text, contributions jsonb
) ON COMMIT DROP;
CREATE TEMP TABLE scoring_causes (code int, causes jsonb, cause text) ON COMMIT DROP
"""

ANALYZE = "ANALYZE scoring_staged (deal_id), scoring_scored (deal_id, pattern, cause), scoring_patterns (pattern), scoring_causes (code)"
"""Only the keys: without knowing how many there are the planner compares every deal with every pattern."""

RESULTS = """
SELECT r.deal_id, s.seen_at, p.low, p.high, p.total, p.lead_class, p.possible_classes, r.disqualified
FROM scoring_scored r JOIN scoring_staged s USING (deal_id) JOIN scoring_patterns p USING (pattern)
"""

WRITE = f"""
WITH written AS ({UPDATE_FROM.format(source=f"({RESULTS})")})
INSERT INTO scoring_leadscore (
  deal_id, playbook_version_id, rule_version, inputs, contributions, low, high, total, lead_class, possible_classes,
  previous_low, previous_high, previous_total, causes, cause, caused_by_id, computed_at)
SELECT s.deal_id, %(version)s, %(rule_version)s,
       jsonb_build_object('facts', s.facts, 'overrides', s.overrides, 'segment', s.segment, 'as_of', %(as_of)s::text),
       p.contributions, p.low, p.high, p.total, p.lead_class, p.possible_classes,
       s.last_low, s.last_high, s.last_total, c.causes, c.cause,
       CASE WHEN c.cause <> 'dates' THEN %(by)s::bigint END, w.computed_at
FROM scoring_scored r
JOIN written w USING (deal_id)
JOIN scoring_staged s USING (deal_id)
JOIN scoring_patterns p USING (pattern)
JOIN scoring_causes c ON c.code = r.cause
WHERE s.last_id IS NULL OR s.last_low <> p.low OR s.last_high <> p.high OR s.last_classes <> p.possible_classes
   OR s.last_contributions <> p.contributions
"""  # nosec B608 - put together from constants of this module; values are parameters


def rescore_chunk(run: Run, chunk: Chunk, at: dt.datetime) -> int:
    """Scores a chunk's deals in one transaction and returns how many were looked at."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS scoring_staged, scoring_scored, scoring_patterns, scoring_causes")
        bounds: dict[str, Any] = {"ids": chunk.ids and list(chunk.ids), "first": chunk.first, "last": chunk.last}
        cursor.execute(TUNED)
        cursor.execute(STAGE, {**bounds, "since": run.since, "number": run.number})
        staged = _read(cursor)
        if not len(staged):
            return 0
        results = compute_many(
            staged,
            run.playbook,
            run.today,
            known=run.known,
            by_number=playbooks.by_number,
            old_inputs=lambda ids: _inputs(cursor, ids),
        )
        _copy(cursor, staged, results)
        cursor.execute(ANALYZE)
        cursor.execute(
            WRITE,
            bounds
            | {
                "version": run.version_id,
                "rule_version": RULE_VERSION,
                "as_of": run.today.isoformat(),
                "by": run.by_id,
                "at": at,
                "number": run.number,
            },
        )
        lights.refresh(run, staged)
    return len(staged)


def _read(cursor: Any) -> Staged:
    cursor.execute(READ)
    columns: list[Any] = list(zip(*cursor.fetchall(), strict=True)) or [()] * 10
    cursor.execute(READ_JSON)
    facts, overrides = (orjson.loads(text or "[]") for text in cursor.fetchone())
    ids, segments, *rest = columns
    return Staged(ids, segments, facts, overrides, *rest)


def _inputs(cursor: Any, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    cursor.execute("SELECT id, inputs FROM scoring_leadscore WHERE id = ANY(%s)", [list(ids)])
    return {pk: orjson.loads(inputs) for pk, inputs in cursor.fetchall()}


def _copy(cursor: Any, staged: Staged, results: Results) -> None:
    cursor.execute(RESULT_TABLES)
    columns = (
        staged.deal_ids,
        results.pattern.tolist(),
        results.disqualified.tolist(),
        results.cause.tolist(),
    )
    copy(cursor, "scoring_scored", zip(*columns, strict=True))
    patterns = (
        (place, p.low, p.high, p.total, p.lead_class, p.possible_classes, _json(p.contributions))
        for place, p in enumerate(results.patterns)
    )
    copy(cursor, "scoring_patterns", patterns)
    copy(cursor, "scoring_causes", ((code, _json(c.causes), c.cause) for code, c in enumerate(results.causes)))


def copy(cursor: Any, table: str, rows: Any) -> None:
    """COPY of numbers, booleans, None, and text made of playbook keys and digits, none of which needs escaping."""
    lines = ["\t".join(["\\N" if value is None else str(value) for value in row]) for row in rows]
    cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(lines)))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
