"""Reading deals for rescoring on PostgreSQL: one COPY of columns, and facts only of the deals that are judged."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from scoring.models import ScoreResult
from scoring.rules.columns import Coded, FactTable
from scoring.services.bulk_shapes import NONE, Before, Last, Rows, Staged
from scoring.services.bulk_work import Run

ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

READ = """
SELECT d.id, ds.xmin, CASE WHEN ds.computed_at IS NULL THEN 0 ELSE ds.playbook_number END, a.segment,
       '=' || NULLIF(f.overrides, '{{}}')::text,
       l.playbook_version_id, l.rule_version, l.low, l.high, l.total, l.as_of - DATE '0001-01-01' + 1,
       l.possible_classes, l.disqualified, l.result_id, i.id,
       same.facts, same.overrides, same.segment,
       CASE WHEN same.facts + same.overrides + same.segment = 3 THEN NULL ELSE f.facts END
       {facts}
FROM deals_deal d
LEFT JOIN deals_dealscore ds ON ds.deal_id = d.id AND ds.deal_id BETWEEN %(first)s AND %(last)s
JOIN crm_account a ON a.id = d.account_id
LEFT JOIN deals_bantassessment b ON b.deal_id = d.id AND b.deal_id BETWEEN %(first)s AND %(last)s
CROSS JOIN LATERAL (
  SELECT a.facts || COALESCE(b.facts, '{{}}') AS facts, COALESCE(b.overrides, '{{}}') AS overrides OFFSET 0
) f
LEFT JOIN LATERAL (
  SELECT playbook_version_id, rule_version, low, high, total, as_of, possible_classes, disqualified, result_id, scored_inputs_id
  FROM scoring_leadscore WHERE deal_id = d.id ORDER BY computed_at DESC, id DESC LIMIT 1
) l ON true
LEFT JOIN scoring_scoredinputs i ON i.id = l.scored_inputs_id AND i.deal_id BETWEEN %(first)s AND %(last)s
CROSS JOIN LATERAL (
  SELECT (i.facts = f.facts)::int AS facts, (i.overrides = f.overrides)::int AS overrides, (i.segment = a.segment)::int AS segment
  OFFSET 0
) same
WHERE d.outcome = 'open' AND d.deleted_at IS NULL AND d.id BETWEEN %(first)s AND %(last)s
  AND (%(ids)s IS NULL OR d.id = ANY(%(ids)s::bigint[]))
  AND (ds.computed_at IS NULL OR ds.computed_at < %(since)s OR ds.playbook_number < %(number)s)
"""
"""The bounds are said once for each table, or whole tables would be read for every chunk. OFFSET 0 keeps the planner from putting
the facts together, and comparing them, anew wherever that is named. Python counts days from 0001-01-01, which is 1."""

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


def read(cursor: Any, run: Run, bounds: Mapping[str, Any]) -> tuple[Staged, Any, list[Any]]:
    """The deals due, what tells whether they were written since (NONE where there is no row to write), and the inputs of those that
    changed."""
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


def before(cursor: Any, run: Run, staged: Staged) -> Before:
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
        missing = [one for one in ids if one not in run.contributions]
        if missing:
            run.contributions.update(ScoreResult.objects.filter(pk__in=missing).values_list("pk", "contributions"))
        return run.contributions

    return Before(by_number=playbooks.by_number, contributions=contributions, facts=facts, inputs=inputs)
