"""Lead scores under a playbook that might be published: what rehearsing it asks of scoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from crm.registry import Rehearsal, rehearsals
from crm.rules.rehearsal import JudgedScore, Plan, Rehearsed
from deals.models import Deal
from playbook.schema import Playbook
from scoring.rules.bulk import BulkScores, disqualifications, overrides_from_dicts, score_bulk
from scoring.rules.columns import Coded, FactColumns
from scoring.rules.columnwise import Evaluator

PLACES = 4


def register() -> None:
    """Tells rehearsing how to score."""
    rehearsals.add(Rehearsal(key="scores", rank=10, judge=judge))


def judge(plan: Plan, found: Sequence[Rehearsed]) -> None:
    """The score of each deal under both playbooks, from the same facts and on the same day. One query.

    Raises ValueError where a playbook's weights need more decimals than a stored total has.
    """
    ids = [one.subject.id for one in found]
    columns = ("account__facts", "bant__facts", "bant__overrides", "account__segment")
    read = {row[0]: row[1:] for row in Deal.objects.filter(pk__in=ids).order_by().values_list("pk", *columns)}
    here = [one for one in found if one.subject.id in read]  # the others were deleted since the list was read
    rows = [read[one.subject.id] for one in here]
    facts = [{**(account or {}), **(own or {})} for account, own, _, _ in rows]
    overrides, segments = [row[2] or {} for row in rows], [row[3] for row in rows]
    before = _scores(plan.before, facts, overrides, segments, plan.day)
    same = plan.before.bant == plan.after.bant and plan.before.facts == plan.after.facts
    after = before if same else _scores(plan.after, facts, overrides, segments, plan.day)
    for one, old, new in zip(here, before, after, strict=True):
        one.before.score, one.after.score = old, new


def _scores(
    playbook: Playbook,
    facts: Sequence[dict[str, Any]],
    overrides: Sequence[dict[str, Any]],
    segments: Sequence[str],
    day: dt.date,
) -> list[JudgedScore]:
    columns = FactColumns.from_dicts(playbook, facts)
    found = score_bulk(playbook, columns, overrides_from_dicts(playbook.bant, overrides), None, day)
    low, high = found.in_minor_units(found.low, PLACES), found.in_minor_units(found.high, PLACES)
    classes, blocked = _classes(found), _disqualified(playbook, columns, Coded.of(segments), day)
    return [
        JudgedScore(
            low=_exact(low[row]),
            high=_exact(high[row]),
            total=_exact(low[row]) if complete else None,
            classes=classes[row],
            disqualified=blocked[row],
        )
        for row, complete in enumerate(found.complete)
    ]


def _exact(units: np.int64) -> Decimal:
    return Decimal(int(units)).scaleb(-PLACES)


def _classes(found: BulkScores) -> list[str]:
    """The classes still possible, from that of the lowest total to that of the highest."""
    keys = found.class_keys
    return [
        "".join(keys[low : high + 1])
        for low, high in zip(found.low_rank.tolist(), found.high_rank.tolist(), strict=True)
    ]


def _disqualified(playbook: Playbook, columns: FactColumns, segments: Coded, day: dt.date) -> list[tuple[str, ...]]:
    """By criterion: counting them all at once would not tell one from another."""
    evaluator, bant = Evaluator(columns, day), playbook.bant
    hits = [
        (
            criterion.key,
            disqualifications(bant.model_copy(update={"criteria": (criterion,)}), evaluator, segments, columns.rows),
        )
        for criterion in bant.criteria
    ]
    return [tuple(key for key, hit in hits if hit[row]) for row in range(columns.rows)]
