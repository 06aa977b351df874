"""The shared rows behind scores: outcomes that many deals have in common, and inputs that many scores of a deal do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from scoring.models import LeadScore, ScoredInputs, ScoreResult
from scoring.rules.recompute import ScoreInputs

NOT_SCORED = "-"


def result_key(contributions: Sequence[Sequence[Any]]) -> str:
    """The criteria's scores in the playbook's order: 5,4,-,3,4,4."""
    return ",".join(NOT_SCORED if part[1] is None else str(part[1]) for part in contributions)


def result_of(version_id: int, contributions: list[list[Any]]) -> ScoreResult:
    """The stored outcome; made the first time a deal has it."""
    found, _ = ScoreResult.objects.get_or_create(
        playbook_version_id=version_id, scores=result_key(contributions), defaults={"contributions": contributions}
    )
    return found


def result_ids(version_id: int, many: Sequence[list[list[Any]]]) -> list[int]:
    """The ids of these outcomes, those that are missing made.

    Two that make the same ones wait for each other, so they are made in one order; and by a transaction that holds
    no deal's lock yet, since somebody who holds one may be waiting for an outcome.
    """
    keys = [result_key(contributions) for contributions in many]
    known = _ids(version_id, keys)
    missing = dict(sorted((key, parts) for key, parts in zip(keys, many, strict=True) if key not in known))
    if missing:
        ScoreResult.objects.bulk_create(
            (ScoreResult(playbook_version_id=version_id, scores=key, contributions=missing[key]) for key in missing),
            batch_size=500,
            ignore_conflicts=True,
        )
        known |= _ids(version_id, list(missing))
    return [known[key] for key in keys]


def _ids(version_id: int, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), 500):  # SQLite takes a limited number of parameters
        rows = ScoreResult.objects.filter(playbook_version_id=version_id, scores__in=keys[start : start + 500])
        found |= dict(rows.values_list("scores", "pk"))
    return found


def inputs_of(deal_id: int, inputs: ScoreInputs, last: LeadScore | None) -> ScoredInputs:
    """The stored inputs: those of the last score where nothing but the day differs."""
    given = inputs.as_json()
    if last is not None and same_inputs(last.inputs, given):
        return last.scored_inputs
    return ScoredInputs.objects.create(
        deal_id=deal_id, facts=given["facts"], overrides=given["overrides"], segment=inputs.segment
    )


def same_inputs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether all but the day is the same. As JSON compares it: True is not 1."""
    return all(same_json(one[key], other[key]) for key in ("facts", "overrides", "segment"))


def same_json(one: object, other: object) -> bool:
    sort = orjson.OPT_SORT_KEYS
    return orjson.dumps(one, option=sort) == orjson.dumps(other, option=sort)
