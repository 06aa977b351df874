"""A deal as it would be, had a proposal been taken: for the same rules that score it as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from calls.rules.adding import with_line
from crm.registry.judging import Judged
from deals.rules.snapshot import CompetitorSnapshot, DealSnapshot, ElementSnapshot


@dataclass(frozen=True, slots=True)
class Supposed:
    """One proposal, as far as a score or a light can follow from it."""

    target: str
    key: str
    value: Any


def suppose(snapshot: DealSnapshot, taken: Iterable[Supposed]) -> DealSnapshot:
    for one in taken:
        snapshot = _with(snapshot, one)
    return snapshot


def _with(snapshot: DealSnapshot, one: Supposed) -> DealSnapshot:
    match one.target:
        case "fact":
            return replace(snapshot, facts={**snapshot.facts, one.key: one.value})
        case "strength":
            strength = ElementSnapshot(**_kept(snapshot.element(one.key), strength=one.value, has_evidence=True))
            return replace(snapshot, meddpicc={**snapshot.meddpicc, one.key: strength})
        case "field" | "line" | "row":
            return _with_field(snapshot, one)
        case "competitor" if isinstance(one.value, Mapping):
            others = tuple(rival for rival in snapshot.competitors if rival.key != one.key)
            position = str(one.value.get("position") or "level")
            return replace(snapshot, competitors=(*others, CompetitorSnapshot(one.key, one.key, position)))
        case "next_step" if isinstance(one.value, Mapping):
            step, day = str(one.value.get("next_step") or ""), _day(one.value.get("next_step_date"))
            return replace(snapshot, next_step=step, next_step_date=day)
        case "close_date":
            return replace(snapshot, close_date=_day(one.value))
        case "answer":
            return replace(snapshot, answered=snapshot.answered | {one.key})
    return snapshot


def _with_field(snapshot: DealSnapshot, one: Supposed) -> DealSnapshot:
    element, _, field = one.key.partition(".")
    there = snapshot.element(element)
    before = there.fields.get(field)
    value = one.value
    if one.target == "row":
        value = [*(before if isinstance(before, list) else []), one.value]
    elif one.target == "line":
        value = with_line(str(before or ""), str(one.value))
    fields = {**there.fields, field: value}
    return replace(snapshot, meddpicc={**snapshot.meddpicc, element: ElementSnapshot(**_kept(there, fields=fields))})


def _kept(there: ElementSnapshot, **values: Any) -> dict[str, Any]:
    if values.get("strength") == "confirmed":
        values["confirmed_date"] = dt.date.max - dt.timedelta(days=400)  # from the day it is taken: never stale here
    names = ("strength", "fields", "contact_id", "confirmed_date", "has_evidence")
    return {name: getattr(there, name) for name in names} | values


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes for the deal, in words: [("Score", "2.10 to 4.20", "2.50 to 4.20")]. Empty where nothing does."""

    moves: tuple[tuple[str, str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.moves)


def effect(before: Judged | None, after: Judged | None) -> Effect:
    if before is None or after is None:
        return Effect(())
    pairs = (("Score", "total"), ("Class", "lead_class"), ("Lights", "lights"), ("MEDDPICC", "health"))
    moves = ((label, getattr(before, name), getattr(after, name)) for label, name in pairs)
    return Effect(tuple(move for move in moves if move[1] != move[2]))
