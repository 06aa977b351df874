"""Rescoring on SQLite: the same arrays, read and written through the ORM in short transactions.

A transaction takes the write lock when it begins, so nothing can change between reading and writing a chunk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import OuterRef, Subquery

from crm.queries import playbook as playbooks
from deals.models import Deal
from deals.services.scores import BulkRow, add_missing_rows, write_many
from playbook.schema import RULE_VERSION
from scoring.models import LeadScore, ScoredInputs
from scoring.rules.columns import Coded, FactTable
from scoring.services import lights
from scoring.services.bulk_compute import compute_many
from scoring.services.bulk_shapes import NONE, PLACES, Before, Last, Results, Rows, Staged, units
from scoring.services.bulk_work import Chunk, Run
from scoring.services.results import result_ids, same_json

COLUMNS = (
    "pk",
    "account__segment",
    "account__facts",
    "bant__facts",
    "bant__overrides",
    "score__computed_at",
    "score__playbook_number",
    "last_id",
)
Stored = Sequence[LeadScore | None]
"""The last score of each deal of a chunk."""


def rescore_chunk(run: Run, chunk: Chunk, at: dt.datetime) -> int:
    """Scores a chunk's deals in one transaction and returns how many were looked at."""
    with transaction.atomic():
        add_missing_rows(Deal.objects.filter(chunk.condition))
        newest = LeadScore.objects.filter(deal_id=OuterRef("pk")).order_by("-computed_at", "-id").values("pk")[:1]
        due = Deal.objects.filter(run.due, chunk.condition).annotate(last_id=Subquery(newest)).order_by("pk")
        rows = list(due.values_list(*COLUMNS))
        if not rows:
            return 0
        scores = LeadScore.objects.with_derivation().select_related("playbook_version").defer("playbook_version__data")
        stored = scores.in_bulk([row[-1] for row in rows if row[-1]])
        last = [stored.get(row[-1]) for row in rows]
        inputs = [_inputs(row) for row in rows]
        staged = _staged(run, rows, inputs, last)
        results = compute_many(staged, run.playbook, run.today, known=run.known, before=_before(run, inputs, last))
        times = [max(at, row[5]) if row[5] else at for row in rows]
        _write(run, staged, results, inputs, times, last)
        lights.refresh(run, staged)
    return len(rows)


def _inputs(row: Sequence[Any]) -> dict[str, Any]:
    return {"facts": {**row[2], **(row[3] or {})}, "overrides": row[4] or {}, "segment": row[1]}


def _staged(run: Run, rows: Sequence[Sequence[Any]], inputs: Sequence[Mapping[str, Any]], last: Stored) -> Staged:
    return Staged(
        deal_ids=_numbers(row[0] for row in rows),
        segments=Coded.of([one["segment"] for one in inputs]),
        dated=FactTable.from_dicts(run.dated_keys, [one["facts"] for one in inputs]),
        overrides=Coded.of([one["overrides"] or None for one in inputs]),
        last=Last(
            numbers=_numbers(one.playbook_version.number if one else 0 for one in last),
            rules=_numbers(one.rule_version if one else NONE for one in last),
            low=_numbers(units(one.low) if one else NONE for one in last),
            high=_numbers(units(one.high) if one else NONE for one in last),
            total=_numbers(NONE if one is None or one.total is None else units(one.total) for one in last),
            days=_numbers(one.as_of.toordinal() if one else NONE for one in last),
            classes=Coded.of([one.possible_classes if one else None for one in last]),
            disqualified=_numbers(
                NONE if one is None or one.disqualified is None else one.disqualified for one in last
            ),
            results=_numbers(one.result_id if one else NONE for one in last),
            inputs=_numbers(one.scored_inputs_id if one else NONE for one in last),
            same_facts=_same("facts", inputs, last),
            same_overrides=_same("overrides", inputs, last),
            same_segment=_same("segment", inputs, last),
        ),
        lights_numbers=_numbers(row[6] if row[5] else 0 for row in rows),
    )


def _numbers(values: Any) -> Any:
    return np.fromiter(values, dtype=np.int64)


def _same(part: str, inputs: Sequence[Mapping[str, Any]], last: Stored) -> Any:
    pairs = zip(inputs, last, strict=True)
    return np.array([one is not None and same_json(now[part], one.inputs[part]) for now, one in pairs], dtype=np.bool_)


def _before(run: Run, now: Sequence[Mapping[str, Any]], last: Stored) -> Before:
    run.meet({one.playbook_version.number for one in last if one})
    keys = sorted(run.keys)

    def facts(rows: Rows) -> FactTable:
        return FactTable.from_dicts(keys, [now[row]["facts"] for row in rows])

    def inputs(rows: Rows) -> tuple[FactTable, Coded]:
        stored = [one.scored_inputs for one in (last[row] for row in rows) if one is not None]
        return FactTable.from_dicts(keys, [one.facts for one in stored]), Coded.of(
            [one.overrides or None for one in stored]
        )

    def contributions(ids: Sequence[int]) -> Mapping[int, list[list[Any]]]:
        return {one.result_id: one.contributions for one in last if one is not None}

    return Before(by_number=playbooks.by_number, contributions=contributions, facts=facts, inputs=inputs)


def _write(
    run: Run,
    staged: Staged,
    results: Results,
    inputs: Sequence[Mapping[str, Any]],
    times: Sequence[dt.datetime],
    last: Stored,
) -> None:
    patterns = [results.patterns[place] for place in results.pattern]
    deal_ids = staged.deal_ids.tolist()
    columns = zip(deal_ids, patterns, results.disqualified.tolist(), times, strict=True)
    write_many(
        (
            BulkRow(deal_id, p.low, p.high, p.total, p.lead_class, p.possible_classes, disqualified, time)
            for deal_id, p, disqualified, time in columns
        ),
        playbook_number=run.number,
    )
    ids = result_ids(run.version_id, [pattern.contributions for pattern in results.patterns])
    grown = np.flatnonzero(results.differs).tolist()
    inputs_ids = _inputs_ids(grown, deal_ids, inputs, staged.last)
    history = []
    for row in grown:
        move, found, before = results.causes[results.cause[row]], patterns[row], last[row]
        history.append(
            LeadScore(
                deal_id=deal_ids[row],
                playbook_version_id=run.version_id,
                rule_version=RULE_VERSION,
                scored_inputs_id=inputs_ids[row],
                result_id=ids[results.pattern[row]],
                as_of=run.today,
                low=_total(found.low),
                high=_total(found.high),
                total=None if found.total is None else _total(found.total),
                lead_class=found.lead_class,
                possible_classes=found.possible_classes,
                disqualified=int(results.disqualified[row]),
                previous_low=before.low if before else None,
                previous_high=before.high if before else None,
                previous_total=before.total if before else None,
                previous_class=before.lead_class if before else None,
                causes=dict(move.causes),
                cause=move.cause,
                caused_by_id=run.by_id if move.cause != "dates" else None,
                computed_at=times[row],
            )
        )
    LeadScore.objects.bulk_create(history, batch_size=500)


def _inputs_ids(
    rows: Sequence[int], deal_ids: Sequence[int], inputs: Sequence[Mapping[str, Any]], last: Last
) -> dict[int, int]:
    """The stored inputs of some rows: the last score's where they are the same, else new ones."""
    new = {row: ScoredInputs(deal_id=deal_ids[row], **inputs[row]) for row in rows if not last.same_inputs[row]}
    ScoredInputs.objects.bulk_create(new.values(), batch_size=500)
    return {row: new[row].pk if row in new else int(last.inputs[row]) for row in rows}


def _total(value: int) -> Decimal:
    return Decimal(value).scaleb(-PLACES)
