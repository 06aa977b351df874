"""Rescoring on PostgreSQL: for thousands of deals one COPY out, one COPY in, and one set-based write.

A chunk takes three transactions: one reads a snapshot, one stores the results that are new, one writes. No deal is locked while
arrays are computed. One that somebody else scored in that time is left alone: the later look has seen more. What a
score was computed from is the snapshot's, so a rep's change in between can't slip into the inputs of a score that did not see it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from django.db import connection, transaction

from deals.models import Deal
from deals.services.scores import UPDATE_FROM, add_missing_rows, hold_for_scoring
from playbook.schema import RULE_VERSION
from scoring.services import lights
from scoring.services.bulk_compute import compute_many
from scoring.services.bulk_read import ONE_SNAPSHOT, before, read
from scoring.services.bulk_shapes import NONE, Results, Staged
from scoring.services.bulk_work import Chunk, Run
from scoring.services.results import result_ids, result_key

TUNED = """
SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_memoize = off
"""
"""For statements over thousands of rows that take milliseconds: compiling them takes longer, and so do sorting on disk, starting
helpers, for which the lanes leave no processor anyway, and keeping what no second row asks for."""
HASHED = "SET LOCAL enable_nestloop = off"
"""Nothing is known of the temporary tables: that comparing each row with each would never do, however few they seem."""
UNHURRIED = "SET LOCAL synchronous_commit = off"
"""A chunk does not wait for the disk: were the machine to lose the last second's, those deals would be due again, and the job, whose
own commit does wait, not done."""

SCORED = np.dtype(
    [
        ("deal_id", ">i8"),
        ("seen", ">u4"),
        ("pattern", ">i4"),
        ("disqualified", ">i2"),
        ("cause", ">i4"),
        ("differs", ">i1"),
        ("inputs", ">i8"),
        ("low", ">i8"),
        ("high", ">i8"),
        ("total", ">i8"),
        ("last_class", ">i1"),
    ]
)
RESULT_TABLES = """
DROP TABLE IF EXISTS scoring_scored, scoring_patterns, scoring_causes, scoring_changed;
CREATE TEMP TABLE scoring_scored (
  deal_id bigint, seen xid, pattern int, disqualified smallint, cause int, differs boolean,
  last_inputs bigint, last_low bigint, last_high bigint, last_total bigint, last_class "char") ON COMMIT DROP;
CREATE TEMP TABLE scoring_patterns (
  pattern int, result_id bigint, low bigint, high bigint, total bigint, lead_class text, possible_classes text
) ON COMMIT DROP;
CREATE TEMP TABLE scoring_causes (code int, causes jsonb, cause text) ON COMMIT DROP;
CREATE TEMP TABLE scoring_changed (deal_id bigint, segment text, overrides jsonb, facts jsonb) ON COMMIT DROP
"""

RESULTS = """
SELECT r.*, p.result_id, p.low, p.high, p.total, p.lead_class, p.possible_classes, c.causes, c.cause AS main_cause
FROM scoring_scored r JOIN scoring_patterns p USING (pattern) JOIN scoring_causes c ON c.code = r.cause
"""

WRITE = f"""
WITH written AS ({UPDATE_FROM.format(source=f"({RESULTS})")}),
inputs AS (
  INSERT INTO scoring_scoredinputs (deal_id, facts, overrides, segment)
  SELECT c.deal_id, c.facts, c.overrides, c.segment
  FROM scoring_changed c JOIN written w USING (deal_id) WHERE w.differs
  RETURNING id, deal_id
)
INSERT INTO scoring_leadscore (
  deal_id, playbook_version_id, rule_version, scored_inputs_id, result_id, as_of,
  low, high, total, lead_class, possible_classes, disqualified,
  previous_low, previous_high, previous_total, previous_class, causes, cause, caused_by_id, computed_at)
SELECT w.deal_id, %(version)s, %(rule_version)s, COALESCE(i.id, w.last_inputs), w.result_id, %(as_of)s,
       w.low, w.high, w.total, w.lead_class, w.possible_classes, w.disqualified,
       NULLIF(w.last_low, -1), NULLIF(w.last_high, -1), NULLIF(w.last_total, -1),
       CASE WHEN w.last_low <> -1 THEN w.last_class::text END, w.causes, w.main_cause,
       CASE WHEN w.main_cause <> 'dates' THEN %(by)s::bigint END, w.computed_at
FROM written w
LEFT JOIN inputs i USING (deal_id)
WHERE w.differs
"""  # nosec B608 - put together from constants of this module; values are parameters


def rescore_chunk(run: Run, chunk: Chunk, at: dt.datetime) -> int:
    """Scores a chunk's deals and returns how many were looked at."""
    bounds: dict[str, Any] = {"ids": chunk.ids and list(chunk.ids), "first": chunk.first, "last": chunk.last}
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute(ONE_SNAPSHOT)
        cursor.execute(TUNED)
        staged, seen, changed = read(cursor, run, bounds)
        if not len(staged):
            return 0
        rowless = staged.deal_ids[seen == NONE].tolist()
        if not rowless:
            results = compute_many(staged, run.playbook, run.today, known=run.known, before=before(cursor, run, staged))
    if rowless:
        add_missing_rows(Deal.objects.filter(pk__in=rowless))
        return rescore_chunk(run, chunk, at)
    # Committed before any deal is locked: see result_ids.
    ids = _result_ids(run, results)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TUNED)
        cursor.execute(HASHED)
        if not nested:
            cursor.execute(UNHURRIED)
        hold_for_scoring()
        cursor.execute(RESULT_TABLES)
        _copy(cursor, staged, seen, results, ids)
        copy(cursor, "scoring_changed", changed)
        values = {"version": run.version_id, "rule_version": RULE_VERSION, "as_of": run.today, "by": run.by_id}
        cursor.execute(WRITE, bounds | values | {"at": at, "number": run.number})
        lights.refresh(run, staged)
    return len(staged)


def _result_ids(run: Run, results: Results) -> list[int]:
    by_key = {result_key(one.contributions): one.contributions for one in results.patterns}
    missing = [key for key in by_key if key not in run.result_ids]
    if missing:
        nested = connection.in_atomic_block
        with transaction.atomic(), connection.cursor() as cursor:
            if not nested:
                cursor.execute(UNHURRIED)
            ids = result_ids(run.version_id, [by_key[key] for key in missing])
        run.result_ids.update(zip(missing, ids, strict=True))
    return [run.result_ids[key] for key in by_key]


def _copy(cursor: Any, staged: Staged, seen: Any, results: Results, result_ids: Sequence[int]) -> None:
    last = staged.last
    columns = {
        "deal_id": staged.deal_ids,
        "seen": seen,
        "pattern": results.pattern,
        "disqualified": results.disqualified,
        "cause": results.cause,
        "differs": results.differs,
        "inputs": last.inputs,
        "low": last.low,
        "high": last.high,
        "total": last.total,
        "last_class": np.array([_letter(one) for one in last.classes.values])[last.classes.codes],
    }
    cursor.copy_expert("COPY scoring_scored FROM STDIN (FORMAT binary)", io.BytesIO(_binary(SCORED, columns)))
    patterns = (
        (place, result_id, p.low, p.high, p.total, p.lead_class, p.possible_classes)
        for place, (p, result_id) in enumerate(zip(results.patterns, result_ids, strict=True))
    )
    copy(cursor, "scoring_patterns", patterns)
    causes = ((code, orjson.dumps(c.causes).decode(), c.cause) for code, c in enumerate(results.causes))
    copy(cursor, "scoring_causes", causes)


def _letter(possible: object) -> int:
    """The class of these possible classes as PostgreSQL's "char"; 0, which is no letter, while there are several."""
    return ord(possible) if isinstance(possible, str) and len(possible) == 1 else 0


def _binary(kind: np.dtype[Any], columns: Mapping[str, Any]) -> bytes:
    """Rows of numbers in PostgreSQL's binary format for COPY: a count of fields, and before each its length in bytes."""
    fields: list[tuple[str, str]] = [("count of fields", ">i2")]
    for name in kind.names or ():
        fields += [(f"length of {name}", ">i4"), (name, kind[name].str)]
    rows = np.zeros(len(columns["deal_id"]), dtype=np.dtype(fields))
    rows["count of fields"] = len(columns)
    for name, values in columns.items():
        rows[f"length of {name}"] = kind[name].itemsize
        rows[name] = values
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def copy(cursor: Any, table: str, rows: Iterable[Sequence[object]]) -> None:
    """COPY of any rows, as text; None is NULL."""
    lines = ["\t".join(["\\N" if value is None else _escaped(str(value)) for value in row]) for row in rows]
    cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(lines)))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
