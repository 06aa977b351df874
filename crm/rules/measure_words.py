"""KPIs, goals and thresholds in words: "at least 45 M USD in year 1", "under 30 days", "Challenger in year 3"."""

from __future__ import annotations

from decimal import Decimal

from crm.rules import formatting
from crm.rules.formatting import NBSP
from playbook.schema.measures import QUANTITIES, Unit, When, split
from playbook.schema.reports import Kpi, KpiTarget, Threshold

EVERY = {
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "yearly": "Yearly",
}
DIRECTIONS = {"over": "over", "at_least": "at least", "under": "under", "at_most": "at most"}


def measured(value: Decimal, unit: Unit) -> str:
    """A reading with its unit."""
    number = formatting.money(value)
    match unit:
        case "usd":
            return formatting.money_short(value, "USD")
        case "percent":
            return f"{_exact(value)}{NBSP}%"
        case "ratio":
            return f"{_exact(value)} to 1"
        case "rank":
            return f"place {number}"
        case "count" | "points" | "grade":
            return _exact(value)
        case _:
            return f"{_exact(value)}{NBSP}{unit if value != 1 else unit.removesuffix('s')}"


def when(moment: When) -> str:
    """ "year 1", "month 6", "2027", or nothing where it holds at any time."""
    if moment.year:
        return f"year {moment.year}"
    return f"month {moment.month}" if moment.month else str(moment.calendar_year or "")


def target(kpi: Kpi, one: KpiTarget) -> str:
    """What is promised, without when."""
    if one.value is None:
        return one.grade or ""
    said = measured(one.value, kpi.unit)
    if kpi.better == "within" and one.low is not None:
        return f"{measured(one.low, kpi.unit)} to {said}"
    if kpi.unit == "rank":
        return f"{said} or better"
    bound = {("higher", True): "over", ("lower", True): "under", ("lower", False): "at most"}
    before = bound.get((kpi.better, one.strict))
    return f"{before} {said}" if before else said


def threshold(one: Threshold, unit: Unit) -> str:
    return f"{DIRECTIONS[one.direction]} {measured(one.number, unit)}"


def computed(name: str | None, labels: dict[str, str] | None = None) -> str:
    """Where a reading comes from. `labels` name the key after the colon."""
    if name is None:
        return "Typed in"
    quantity, key = split(name)
    found = QUANTITIES.get(quantity)
    label = found.label if found else quantity.replace("_", " ").capitalize()
    return f"{label}: {(labels or {}).get(key, key)}" if key else label


def _exact(value: Decimal) -> str:
    """All its digits, in groups: 99.99, 500,000, 0.4."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", formatting.MINUS)
