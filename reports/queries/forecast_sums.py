"""What a quarter comes to as it stood at a moment: won in it, and open with a close date in it, by owner, month and category."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from crm.rules.calendar import FiscalQuarter
from crm.rules.currencies import EXACT
from deals.models import DealSpan, ForecastCategory
from reports.queries.asked import Asked, Purse
from reports.queries.scope import Scope
from reports.queries.sums import Cell

WON, OPEN = "won", "open"
OMITTED = ForecastCategory.OMITTED.value
CALLED = (ForecastCategory.COMMIT.value, ForecastCategory.BEST_CASE.value, ForecastCategory.PIPELINE.value)
K = TypeVar("K")
LABELS = {WON: "Won", OPEN: "Open", **dict(ForecastCategory.choices)}
Key = tuple[int, tuple[int, int], str]
"""Owner (0 is not known whose), month as (2026, 7), bucket."""


@dataclass(slots=True)
class Quarter:
    """`cells` by owner, month and bucket. Beside them what is in no sum: open deals that are `omitted`, whose date passed before
    the quarter (`overdue`), and those without a date."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    omitted: Cell = field(default_factory=Cell)
    overdue: Cell = field(default_factory=Cell)
    undated: Cell = field(default_factory=Cell)

    def by_person(self, bucket: str) -> dict[int, Cell]:
        return _rolled((key[0], cell) for key, cell in self.cells.items() if key[2] == bucket)

    def by_month(self, bucket: str) -> dict[tuple[int, int], Cell]:
        return _rolled((key[1], cell) for key, cell in self.cells.items() if key[2] == bucket)

    def total(self, *buckets: str) -> Cell:
        return _rolled(("", cell) for key, cell in self.cells.items() if key[2] in buckets).get("", Cell())


def _rolled(pairs: Iterable[tuple[K, Cell]]) -> dict[K, Cell]:
    found: dict[K, Cell] = {}
    for key, cell in pairs:
        found.setdefault(key, Cell()).add(cell)
    return found


def buckets(asked: Asked) -> tuple[str, ...]:
    """What is told apart: how sure somebody is of an open deal is a detail of it."""
    return (WON, *CALLED) if asked.sees_detail else (WON, OPEN)


def quarter_sums(asked: Asked, quarter: FiscalQuarter, moment: dt.datetime, scope: Scope, purse: Purse) -> Quarter:
    """Two queries, whatever the size: what is won has an index by day, what is open one of its own."""
    rows = DealSpan.objects.at(moment).filter(scope.owned()).order_by()
    inside = Q(close_date__range=(quarter.first_date, quarter.last_date))
    found = Quarter()
    for group in _grouped(rows.filter(inside, outcome="won")):
        found.cells.setdefault(_key(group, WON), Cell()).add(_cell(group, purse))
    still = rows.open().filter(Q(close_date__lte=quarter.last_date) | Q(close_date__isnull=True))
    for group in _grouped(still, "forecast_category"):
        cell, category = _cell(group, purse), group["forecast_category"]
        if group["year"] is None:
            found.undated.add(cell)
        elif (group["year"], group["month"]) < (quarter.first_date.year, quarter.first_date.month):
            found.overdue.add(cell)
        elif not asked.sees_detail:
            found.cells.setdefault(_key(group, OPEN), Cell()).add(cell)
        elif category == OMITTED:
            found.omitted.add(cell)
        else:
            bucket = category if category in CALLED else ForecastCategory.PIPELINE.value
            found.cells.setdefault(_key(group, bucket), Cell()).add(cell)
    return found


def _grouped(rows: Any, *more: str) -> Any:
    groups = rows.values(
        "owner_id", "currency", *more, year=ExtractYear("close_date"), month=ExtractMonth("close_date")
    )
    return groups.annotate(deals=Count("deal_id"), known=Count("amount"), total=Sum("amount"))


def _key(group: Mapping[str, Any], bucket: str) -> Key:
    return group["owner_id"] or 0, (group["year"], group["month"]), bucket


def _cell(group: Mapping[str, Any], purse: Purse) -> Cell:
    return Cell(group["deals"], group["deals"] - group["known"], purse.exact(group["total"], group["currency"]))


def months(quarter: FiscalQuarter) -> list[tuple[int, int]]:
    first = quarter.first_date
    return [(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1) for n in range(3)]


def added(*amounts: Decimal) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
