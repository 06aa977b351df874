"""A KPI or an indicator on a day: what was promised for it, what it stands at, and whether somebody should have looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from crm.rules import measure_words
from playbook.schema.measures import Unit
from playbook.schema.reports import Kpi, KpiTarget, Threshold

DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
"""How many days a reading holds."""


def due(targets: Sequence[KpiTarget], *, year: int, month: int, calendar_year: int) -> KpiTarget | None:
    """The target that holds on a day: of the plan's `year`, of the next of its months, of the calendar year, or at any time. Past the
    last one of its clock, the last one holds on."""
    always = next((one for one in targets if one.clock == "always"), None)
    now = {"plan": year, "calendar": calendar_year}
    found = always
    for one in targets:
        at, here = (one.month, month) if one.month else (one.year or one.calendar_year or 0, now.get(one.clock, 0))
        if one.clock == "always":
            continue
        if at >= here > 0:
            return one
        found = one if here > 0 else found
    return found


def is_ahead(target: KpiTarget, *, year: int, calendar_year: int) -> bool:
    """Whether a target is one of a year to come: nothing is missed yet."""
    return (target.year or 0) > year or (target.calendar_year or 0) > calendar_year


def reached(kpi: Kpi, target: KpiTarget, actual: Decimal) -> bool:
    """Of a graded one `actual` is the place of its step in the scale, from nought."""
    if target.grade is not None:
        return target.grade in kpi.scale and actual >= kpi.scale.index(target.grade)
    assert target.value is not None, "a target has a value or a grade"
    if kpi.better == "within":
        return (target.low is None or actual >= target.low) and actual <= target.value
    if kpi.better == "lower":
        return actual < target.value if target.strict else actual <= target.value
    return actual > target.value if target.strict else actual >= target.value


def shown(value: Decimal, unit: Unit, scale: Sequence[str] = ()) -> str:
    if unit == "grade" and scale:
        place = int(value)
        return scale[place] if 0 <= place < len(scale) else str(place)
    return measure_words.measured(
        value.quantize(Decimal("0.1")) if unit in {"percent", "months", "ratio"} else value, unit
    )


def overdue(frequency: str, last: dt.date | None, today: dt.date) -> bool:
    """Whether what is typed in should have been read again: never read, or longer ago than its frequency."""
    return last is None or (today - last).days > DAYS[frequency]


def crossed(threshold: Threshold | None, value: Decimal | None) -> bool | None:
    """None where there is nothing to tell."""
    return None if threshold is None or value is None else threshold.crossed(value)


def problem(value: Decimal, unit: Unit, scale: Sequence[str], on_date: dt.date, today: dt.date) -> dict[str, str]:
    """What is wrong with a reading, by field."""
    errors: dict[str, str] = {}
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14 or value != value.quantize(Decimal("0.0001")):
        errors["value"] = "Give a number of at most 14 digits and four decimals."
    elif unit == "grade" and not (value == int(value) and 0 <= int(value) < len(scale)):
        errors["value"] = "Choose one of its steps."
    elif unit in {"count", "rank", "days", "hours", "milliseconds", "usd", "months"} and value < 0:
        errors["value"] = "Give zero or more."
    if on_date > today:
        errors["on_date"] = "That day is still to come."
    elif on_date.year < 1990:
        errors["on_date"] = "Choose a day from 1990 on."
    return errors
