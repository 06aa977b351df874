"""What is recognised in a note: amounts, percentages, counts, days and quarters, as corrected by its author."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from calls.rules.amounts import Reading, Unit, amounts, counted, units_of
from calls.rules.days import days
from crm.rules.fact_words import show_date
from crm.rules.formatting import money
from playbook.schema import Playbook

LONGEST = 20_000
"""Characters that are read; a note has no more."""


@dataclass(frozen=True, slots=True)
class Ways:
    """By what a note is read: the day it was written, where quarters begin, the currency that is meant where none is written, what
    is counted."""

    today: dt.date
    currency: str
    units: tuple[Unit, ...]
    fiscal_year_start: int = 1


def ways_of(playbook: Playbook, today: dt.date, fiscal_year_start: int = 1) -> Ways:
    return Ways(today, playbook.identity.currency, units_of(playbook.facts), fiscal_year_start)


def recognise(text: str, ways: Ways, corrections: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[Reading, ...]:
    """Every reading in the order of the text; none overlaps another. Never raises."""
    text = text[:LONGEST]
    found: list[Reading] = []
    for one in (*days(text, ways.today, ways.fiscal_year_start), *amounts(text, ways.currency, ways.units)):
        if one.end > one.start and not _overlaps(one, found):
            found.append(one)
    corrected = (_corrected(one, (corrections or {}).get(one.text), ways) for one in found)
    return tuple(sorted((one for one in corrected if one is not None), key=lambda one: one.start))


def _overlaps(one: Reading, others: Sequence[Reading]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _corrected(one: Reading, said: Mapping[str, Any] | None, ways: Ways) -> Reading | None:
    """As its author means it; None for nothing of the kind."""
    if said is None:
        return one
    kind, value = str(said.get("kind")), str(said.get("value", ""))
    if kind == "none":
        return None
    if kind == "money":
        code = one.currency or ways.currency
        words = money(Decimal(value), code) + (f" a {one.per}" if one.per else "")
        return replace(one, kind="money", value=value, words=words, currency=code, corrected=True)
    if kind in ("date", "quarter"):
        return replace(one, kind="date", value=value, words=show_date(value), corrected=True)
    if kind == "percent":
        return replace(one, kind="percent", value=value, words=f"{value} %", corrected=True)
    unit = str(said.get("unit") or one.unit)
    fact = next((each.fact for each in ways.units if each.key == unit), "")
    words = counted(f"{int(value):,}", unit)
    return replace(one, kind="count", value=value, words=words, unit=unit, fact=fact, corrected=True)
