"""Rescoring on SQLite: the same arrays, read and written through the ORM in short transactions.

A transaction takes the write lock when it begins, so nothing can change between reading and writing a chunk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from crm.queries import playbook as playbooks
from deals.models import Deal
from deals.services.scores import BulkRow, write_many
from playbook.schema import RULE_VERSION
from scoring.models import LeadScore
from scoring.services import lights
from scoring.services.bulk_compute import PLACES, Pattern, Results, Staged, compute_many, units
from scoring.services.bulk_work import Chunk, Run

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


def rescore_chunk(run: Run, chunk: Chunk, at: dt.datetime) -> int:
    """Scores a chunk's deals in one transaction and returns how many were looked at."""
    with transaction.atomic():
        newest = LeadScore.objects.filter(deal_id=OuterRef("pk")).order_by("-computed_at", "-id").values("pk")[:1]
        due = Deal.objects.filter(run.due, chunk.condition).annotate(last_id=Subquery(newest)).order_by("pk")
        rows = list(due.values_list(*COLUMNS))
        if not rows:
            return 0
        last = LeadScore.objects.select_related("playbook_version").defer("playbook_version__data")
        stored = last.in_bulk([row[-1] for row in rows if row[-1]])
        staged = _staged(rows, stored)
        results = compute_many(
            staged,
            run.playbook,
            run.today,
            known=run.known,
            by_number=playbooks.by_number,
            old_inputs=lambda ids: _inputs(stored, ids),
        )
        times = [max(at, row[5]) if row[5] else at for row in rows]
        _write(run, staged, results, times, stored)
        lights.refresh(run, staged)
    return len(rows)


def _staged(rows: Sequence[tuple[Any, ...]], stored: Mapping[int, LeadScore]) -> Staged:
    facts = [{**row[2], **(row[3] or {})} for row in rows]
    overrides = [row[4] or {} for row in rows]
    last = [stored.get(row[-1]) for row in rows]
    return Staged(
        deal_ids=[row[0] for row in rows],
        segments=[row[1] for row in rows],
        facts=facts,
        overrides=overrides,
        last_ids=[one.pk if one else None for one in last],
        last_low=[units(one.low) if one else None for one in last],
        last_high=[units(one.high) if one else None for one in last],
        last_as_of=[one.inputs["as_of"] if one else None for one in last],
        last_numbers=[one.playbook_version.number if one else None for one in last],
        same_facts=[one.inputs["facts"] == new if one else None for one, new in zip(last, facts, strict=True)],
        same_overrides=[
            one.inputs["overrides"] == new if one else None for one, new in zip(last, overrides, strict=True)
        ],
        lights_numbers=[row[6] if row[5] else 0 for row in rows],
    )


def _inputs(stored: Mapping[int, LeadScore], ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    return {pk: stored[pk].inputs for pk in ids}


def _write(
    run: Run, staged: Staged, results: Results, times: Sequence[dt.datetime], stored: Mapping[int, LeadScore]
) -> None:
    patterns = [results.patterns[place] for place in results.pattern]
    columns = zip(staged.deal_ids, patterns, results.disqualified.tolist(), times, strict=True)
    write_many(
        (
            BulkRow(deal_id, p.low, p.high, p.total, p.lead_class, p.possible_classes, disqualified, time)
            for deal_id, p, disqualified, time in columns
        ),
        playbook_number=run.number,
    )
    history = []
    for row, found in enumerate(patterns):
        move, last = results.causes[results.cause[row]], stored.get(staged.last_ids[row] or 0)
        if last is not None and not _differs(last, found):
            continue
        history.append(
            LeadScore(
                deal_id=staged.deal_ids[row],
                playbook_version_id=run.version_id,
                rule_version=RULE_VERSION,
                inputs={
                    "facts": staged.facts[row],
                    "overrides": staged.overrides[row],
                    "segment": staged.segments[row],
                    "as_of": run.today.isoformat(),
                },
                contributions=found.contributions,
                low=_total(found.low),
                high=_total(found.high),
                total=None if found.total is None else _total(found.total),
                lead_class=found.lead_class,
                possible_classes=found.possible_classes,
                previous_low=last.low if last else None,
                previous_high=last.high if last else None,
                previous_total=last.total if last else None,
                causes=dict(move.causes),
                cause=move.cause,
                caused_by_id=run.by_id if move.cause != "dates" else None,
                computed_at=times[row],
            )
        )
    LeadScore.objects.bulk_create(history, batch_size=500)


def _differs(last: LeadScore, found: Pattern) -> bool:
    result = (_total(found.low), _total(found.high), found.possible_classes, found.contributions)
    return result != (last.low, last.high, last.possible_classes, last.contributions)


def _total(value: int) -> Decimal:
    return Decimal(value).scaleb(-PLACES)
