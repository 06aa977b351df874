"""Rescoring on PostgreSQL: for thousands of deals one COPY out, one COPY in, and one set-based write.

A chunk takes three transactions: one reads a snapshot, one stores the results that are new, one writes. No deal is locked while
arrays are computed. One that somebody else scored in that time is left alone: the later look has seen more. What a
score was computed from is the snapshot's, so a rep's change in between can't slip into the inputs of a score that did not see it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import orjson
import pandas as pd
from django.db import connection, transaction

from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from deals.services.scores import UPDATE_FROM
from playbook.schema import RULE_VERSION
from scoring.models import ScoreResult
from scoring.rules.columns import Coded, FactTable
from scoring.services import lights
from scoring.services.bulk_compute import NONE, Before, Last, Results, Rows, Staged, compute_many
from scoring.services.bulk_work import Chunk, Run
from scoring.services.results import result_ids, result_key

TUNED = "SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
"""For statements over thousands of rows that take milliseconds: compiling them takes longer, and sorting on disk does too."""

ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

READ = """
SELECT d.id, ds.xmin, CASE WHEN ds.computed_at IS NULL THEN 0 ELSE ds.playbook_number END, a.segment,
       '=' || NULLIF(f.overrides, '{{}}')::text,
       l.playbook_version_id, l.rule_version, l.low, l.high, l.total, l.as_of - DATE '0001-01-01' + 1,
       l.possible_classes, l.disqualified, l.result_id, i.id,
       (i.facts = f.facts)::int, (i.overrides = f.overrides)::int, (i.segment = a.segment)::int,
       CASE WHEN i.facts = f.facts AND i.overrides = f.overrides AND i.segment = a.segment THEN NULL ELSE f.facts END
       {facts}
FROM deals_deal d
JOIN deals_dealscore ds ON ds.deal_id = d.id AND ds.deal_id BETWEEN %(first)s AND %(last)s
JOIN crm_account a ON a.id = d.account_id
LEFT JOIN deals_bantassessment b ON b.deal_id = d.id AND b.deal_id BETWEEN %(first)s AND %(last)s
CROSS JOIN LATERAL (
  SELECT a.facts || COALESCE(b.facts, '{{}}') AS facts, COALESCE(b.overrides, '{{}}') AS overrides OFFSET 0
) f
LEFT JOIN LATERAL (
  SELECT playbook_version_id, rule_version, low, high, total, as_of, possible_classes, disqualified, result_id, scored_inputs_id
  FROM scoring_leadscore WHERE deal_id = d.id ORDER BY computed_at DESC, id DESC LIMIT 1
) l ON true
LEFT JOIN scoring_scoredinputs i ON i.id = l.scored_inputs_id
WHERE d.outcome = 'open' AND d.deleted_at IS NULL AND d.id BETWEEN %(first)s AND %(last)s
  AND (%(ids)s IS NULL OR d.id = ANY(%(ids)s::bigint[]))
  AND (ds.computed_at IS NULL OR ds.computed_at < %(since)s OR ds.playbook_number < %(number)s)
"""
"""The bounds are said once for each table, or whole tables would be read for every chunk. OFFSET 0 keeps the planner from putting
the facts together anew wherever they are named. Python counts days from 0001-01-01, which is 1."""

COLUMNS = (
    *("deal_id", "seen", "lights_number", "segment", "overrides"),
    *("version_id", "rules", "low", "high", "total", "days", "classes", "disqualified", "result", "inputs"),
    *("same_facts", "same_overrides", "same_segment", "changed"),
)
CODED = ("segment", "overrides", "classes")

FACTS = """
SELECT d.id {facts}
FROM deals_deal d JOIN crm_account a ON a.id = d.account_id LEFT JOIN deals_bantassessment b ON b.deal_id = d.id
CROSS JOIN LATERAL (SELECT a.facts || COALESCE(b.facts, '{{}}') AS facts OFFSET 0) f
WHERE d.id = ANY(%(ids)s)
"""
OLD_FACTS = """
SELECT f.id, '=' || NULLIF(f.overrides, '{{}}')::text {facts} FROM scoring_scoredinputs f WHERE f.id = ANY(%(ids)s)
"""

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
    ]
)
RESULT_TABLES = """
DROP TABLE IF EXISTS scoring_scored, scoring_patterns, scoring_causes, scoring_changed;
CREATE TEMP TABLE scoring_scored (
  deal_id bigint, seen xid, pattern int, disqualified smallint, cause int, differs boolean,
  last_inputs bigint, last_low bigint, last_high bigint, last_total bigint) ON COMMIT DROP;
CREATE TEMP TABLE scoring_patterns (
  pattern int, result_id bigint, low bigint, high bigint, total bigint, lead_class text, possible_classes text
) ON COMMIT DROP;
CREATE TEMP TABLE scoring_causes (code int, causes jsonb, cause text) ON COMMIT DROP;
CREATE TEMP TABLE scoring_changed (deal_id bigint, segment text, overrides jsonb, facts jsonb) ON COMMIT DROP
"""

ANALYZE = "ANALYZE scoring_scored (deal_id, pattern, cause), scoring_patterns (pattern), scoring_causes (code), scoring_changed (deal_id)"
"""Only the keys: without knowing how many there are the planner compares every deal with every pattern."""

RESULTS = """
SELECT r.deal_id, r.seen, p.low, p.high, p.total, p.lead_class, p.possible_classes, r.disqualified
FROM scoring_scored r JOIN scoring_patterns p USING (pattern)
"""

WRITE = f"""
WITH written AS ({UPDATE_FROM.format(source=f"({RESULTS})")}),
inputs AS (
  INSERT INTO scoring_scoredinputs (deal_id, facts, overrides, segment)
  SELECT c.deal_id, c.facts, c.overrides, c.segment
  FROM scoring_changed c JOIN scoring_scored r USING (deal_id) JOIN written w USING (deal_id) WHERE r.differs
  RETURNING id, deal_id
)
INSERT INTO scoring_leadscore (
  deal_id, playbook_version_id, rule_version, scored_inputs_id, result_id, as_of,
  low, high, total, lead_class, possible_classes, disqualified,
  previous_low, previous_high, previous_total, causes, cause, caused_by_id, computed_at)
SELECT r.deal_id, %(version)s, %(rule_version)s, COALESCE(i.id, r.last_inputs), p.result_id, %(as_of)s,
       p.low, p.high, p.total, p.lead_class, p.possible_classes, r.disqualified,
       NULLIF(r.last_low, -1), NULLIF(r.last_high, -1), NULLIF(r.last_total, -1), c.causes, c.cause,
       CASE WHEN c.cause <> 'dates' THEN %(by)s::bigint END, w.computed_at
FROM scoring_scored r
JOIN written w USING (deal_id)
JOIN scoring_patterns p USING (pattern)
JOIN scoring_causes c ON c.code = r.cause
LEFT JOIN inputs i USING (deal_id)
WHERE r.differs
"""  # nosec B608 - put together from constants of this module; values are parameters


def rescore_chunk(run: Run, chunk: Chunk, at: dt.datetime) -> int:
    """Scores a chunk's deals and returns how many were looked at."""
    bounds: dict[str, Any] = {"ids": chunk.ids and list(chunk.ids), "first": chunk.first, "last": chunk.last}
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute(ONE_SNAPSHOT)
        cursor.execute(TUNED)
        staged, seen, changed = _read(cursor, run, bounds)
        if not len(staged):
            return 0
        results = compute_many(staged, run.playbook, run.today, known=run.known, before=_before(cursor, run, staged))
    # Committed before any deal is locked: see result_ids.
    ids = _result_ids(run, results)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TUNED)
        cursor.execute(RESULT_TABLES)
        _copy(cursor, staged, seen, results, ids)
        copy(cursor, "scoring_changed", changed)
        cursor.execute(ANALYZE)
        values = {"version": run.version_id, "rule_version": RULE_VERSION, "as_of": run.today, "by": run.by_id}
        cursor.execute(WRITE, bounds | values | {"at": at, "number": run.number})
        lights.refresh(run, staged)
    return len(staged)


# --- Out -----------------------------------------------------------------------------------------------------------


def _read(cursor: Any, run: Run, bounds: Mapping[str, Any]) -> tuple[Staged, Any, list[Any]]:
    """The deals due, what tells whether they were written since, and the inputs of those that changed."""
    values = {**bounds, "since": run.since, "number": run.number}
    frame = _frame(cursor, READ, COLUMNS, run.dated_keys, values)
    staged = Staged(
        deal_ids=_numbers(frame["deal_id"]),
        segments=_words(frame["segment"]),
        dated=_table(frame, run.dated_keys),
        overrides=_json(frame["overrides"]),
        last=Last(
            numbers=_version_numbers(frame["version_id"]),
            rules=_numbers(frame["rules"]),
            low=_numbers(frame["low"]),
            high=_numbers(frame["high"]),
            total=_numbers(frame["total"]),
            days=_numbers(frame["days"]),
            classes=_words(frame["classes"]),
            disqualified=_numbers(frame["disqualified"]),
            results=_numbers(frame["result"]),
            inputs=_numbers(frame["inputs"]),
            same_facts=_numbers(frame["same_facts"]) == 1,
            same_overrides=_numbers(frame["same_overrides"]) == 1,
            same_segment=_numbers(frame["same_segment"]) == 1,
        ),
        lights_numbers=_numbers(frame["lights_number"]),
    )
    new = frame[frame["changed"].notna()]
    overrides = new["overrides"].astype(object).where(new["overrides"].notna(), "={}").str[1:]
    segments = new["segment"].astype(object).where(new["segment"].notna(), "")
    changed = list(zip(new["deal_id"].tolist(), segments, overrides, new["changed"], strict=True))
    return staged, _numbers(frame["seen"]), changed


def _frame(cursor: Any, query: str, columns: Iterable[str], keys: Sequence[str], values: Mapping[str, Any]) -> Any:
    """What a query gives, with a column of JSON for each fact. Read as CSV, which costs a tenth of Python objects."""
    # The sign in front keeps pandas from taking digits for numbers, of which it might not hold every digit.
    facts = "".join(f", '=' || (f.facts->%(fact{place})s)::text" for place in range(len(keys)))
    names = [*columns, *(f"fact {key}" for key in keys)]
    parameters = {**values, **{f"fact{place}": key for place, key in enumerate(keys)}}
    text = cursor.mogrify(query.format(facts=facts), parameters).decode()
    answer = io.BytesIO()
    cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv)", answer)
    answer.seek(0)
    kinds = {name: "category" for name in names if name in CODED or name.startswith("fact ")}
    return pd.read_csv(
        answer,
        header=None,
        names=names,
        dtype=cast(Any, kinds | {name: object for name in names if name == "changed"}),
        keep_default_na=False,
        na_values=[""],
    )


def _version_numbers(ids: Any) -> Any:
    different, place = np.unique(_numbers(ids), return_inverse=True)
    stored = PlaybookVersion.objects.filter(pk__in=[one for one in different.tolist() if one != NONE])
    numbers = dict(stored.values_list("pk", "number"))
    return np.array([numbers.get(one, 0) for one in different.tolist()], dtype=np.int64)[place]


def _numbers(column: Any) -> Any:
    return column.fillna(NONE).to_numpy(dtype=np.int64)


def _json(column: Any) -> Coded:
    return Coded.from_texts(column.cat.codes.to_numpy(), [text[1:] for text in column.cat.categories])


def _words(column: Any) -> Coded:
    return Coded(column.cat.codes.to_numpy().astype(np.int32) + 1, (None, *column.cat.categories.tolist()))


def _table(frame: Any, keys: Sequence[str]) -> FactTable:
    return FactTable(len(frame), {key: _json(frame[f"fact {key}"]) for key in keys})


def _before(cursor: Any, run: Run, staged: Staged) -> Before:
    run.meet(set(staged.last.numbers.tolist()))
    keys = sorted(run.keys)

    def in_order(frame: Any, ids: Any) -> Any:
        return np.asarray(pd.Index(frame["id"]).get_indexer(ids), dtype=np.intp)

    def facts(rows: Rows) -> FactTable:
        if not len(rows):
            return FactTable(0, {})
        ids = staged.deal_ids[rows]
        frame = _frame(cursor, FACTS, ("id",), keys, {"ids": ids.tolist()})
        return _table(frame, keys).take(in_order(frame, ids))

    def inputs(rows: Rows) -> tuple[FactTable, Coded]:
        ids = staged.last.inputs[rows]
        frame = _frame(cursor, OLD_FACTS, ("id", "overrides"), keys, {"ids": ids.tolist()})
        place = in_order(frame, ids)
        return _table(frame, keys).take(place), _json(frame["overrides"]).take(place)

    def contributions(ids: Sequence[int]) -> Mapping[int, list[list[Any]]]:
        return dict(ScoreResult.objects.filter(pk__in=ids).values_list("pk", "contributions"))

    return Before(by_number=playbooks.by_number, contributions=contributions, facts=facts, inputs=inputs)


# --- In ------------------------------------------------------------------------------------------------------------


def _result_ids(run: Run, results: Results) -> list[int]:
    by_key = {result_key(one.contributions): one.contributions for one in results.patterns}
    missing = [key for key in by_key if key not in run.result_ids]
    if missing:
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
    }
    cursor.copy_expert("COPY scoring_scored FROM STDIN (FORMAT binary)", io.BytesIO(_binary(SCORED, columns)))
    patterns = (
        (place, result_id, p.low, p.high, p.total, p.lead_class, p.possible_classes)
        for place, (p, result_id) in enumerate(zip(results.patterns, result_ids, strict=True))
    )
    copy(cursor, "scoring_patterns", patterns)
    causes = ((code, orjson.dumps(c.causes).decode(), c.cause) for code, c in enumerate(results.causes))
    copy(cursor, "scoring_causes", causes)


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
