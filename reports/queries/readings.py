"""KPIs and leading indicators as they stand: computed where the CRM knows them, as they were typed in where not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playbook.schema import Playbook
from playbook.schema.measures import Frequency, Unit
from playbook.schema.reports import Indicator, Kpi
from reports.models import Crossing, Reading, ReadingKind
from reports.queries import quantities
from reports.queries.asked import Asked, Purse
from reports.queries.quantities import Ground
from reports.queries.sums import purse_for
from reports.queries.targets import first_year
from reports.rules.kpis import overdue


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI or an indicator, as what both are: something that is read now and then."""

    kind: str
    key: str
    label: str
    unit: Unit
    frequency: Frequency
    computed: str
    scale: tuple[str, ...] = ()
    note: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`value` None: never read, or too little to compute it from. `on_date` is the day it is of."""

    measure: Measure
    value: Decimal | None
    on_date: dt.date | None
    reading: Reading | None = None
    is_overdue: bool = False


def of_kpi(one: Kpi) -> Measure:
    return Measure("kpi", one.key, one.label, one.unit, one.frequency, one.computed or "", one.scale, one.note)


def of_indicator(one: Indicator) -> Measure:
    return Measure(
        "indicator",
        one.key,
        one.label,
        one.unit,
        one.frequency,
        one.computed or "",
        note=one.note,
        response=one.response,
    )


def kpis(playbook: Playbook) -> list[Kpi]:
    return [kpi for sheet in playbook.kpis.sheets for kpi in sheet.kpis] if playbook.kpis else []


def indicators(playbook: Playbook) -> list[Indicator]:
    return list(playbook.risk_register.indicators) if playbook.risk_register else []


def measure(playbook: Playbook, kind: str, key: str) -> Measure | None:
    """None for one the playbook does not have."""
    found = [of_kpi(one) for one in kpis(playbook)] if kind == ReadingKind.KPI else []
    found += [of_indicator(one) for one in indicators(playbook)] if kind == ReadingKind.INDICATOR else []
    return next((one for one in found if one.key == key), None)


def standings(asked: Asked, measures: Iterable[Measure], purse: Purse | None = None) -> dict[str, Standing]:
    """By key, on the report's day; of one kind. What is computed is computed once, whoever shares it. `purse` remembers the rates."""
    measures = list(measures)
    newest = _newest(measures[0].kind, asked.as_of, asked.moment) if measures else {}
    purse = purse or purse_for(asked)
    year = first_year(asked)
    known: dict[tuple[str, str], Decimal | None] = {}
    memo: dict[Any, Any] = {}
    found = {}
    for one in measures:
        if one.computed:
            name = (one.computed, one.frequency)
            if name not in known:
                known[name] = quantities.computed(one.computed, Ground(asked, purse, one.frequency, year, memo))
            found[one.key] = Standing(one, known[name], asked.as_of)
            continue
        last = newest.get(one.key)
        day = last.on_date if last else None
        late = overdue(one.frequency, day, asked.as_of)
        found[one.key] = Standing(one, last.value if last else None, day, last, late)
    return found


def _newest(kind: str, day: dt.date, moment: dt.datetime) -> dict[str, Reading]:
    """The reading that holds on a day, by key: of the last day, and of that the last typed in."""
    found: dict[str, Reading] = {}
    rows = Reading.objects.filter(kind=kind, on_date__lte=day, made_at__lte=moment)
    for row in rows.order_by("key", "-on_date", "-made_at", "-id").select_related("made_by").iterator():
        found.setdefault(row.key, row)
    return found


def open_crossings() -> dict[str, Crossing]:
    return {one.key: one for one in Crossing.objects.filter(to_at__isnull=True)}


def crossings_at(moment: dt.datetime) -> dict[str, Crossing]:
    """Those that went on at a moment."""
    rows = Crossing.objects.filter(from_at__lte=moment).exclude(to_at__lte=moment)
    return {one.key: one for one in rows}
