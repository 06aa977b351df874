"""Sums of an open pipeline by any dimension: the database groups, here they are converted and weighted, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from crm.queries import company as companies
from crm.rules.currencies import EXACT
from deals.models import DealSpanQuerySet
from playbook.schema import Playbook
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import Dimension

ZERO = Decimal(0)


@dataclass(slots=True)
class Cell:
    """Deals of a group. `unknown` counts those nobody has put an amount on, which are in no sum. Amounts are in the report's
    currency, exact and not rounded; `weighted` by the chance of each deal's stage."""

    count: int = 0
    unknown: int = 0
    amount: Decimal = ZERO
    weighted: Decimal = ZERO

    def add(self, other: Cell) -> None:
        self.count += other.count
        self.unknown += other.unknown
        self.amount = EXACT.add(self.amount, other.amount)
        self.weighted = EXACT.add(self.weighted, other.weighted)


def purse_for(asked: Asked) -> Purse:
    """The rates of the day of every currency that has any."""
    return Purse(asked.company, asked.as_of, companies.currencies_with_rates())


def chances(playbook: Playbook) -> dict[str, Decimal]:
    """The chance of each stage, 0 to 1."""
    return {stage.key: Decimal(stage.probability_percent).scaleb(-2) for stage in playbook.stages}


def by_stage_and(
    asked: Asked, rows: DealSpanQuerySet, purse: Purse, dimension: Dimension | None
) -> dict[tuple[str, str], Cell]:
    """Cells by (stage, key of the dimension); key "" where there is none, or no dimension. One query, for product lines two."""
    if dimension is not None and dimension.key == "product_line":
        return _by_lines(asked, rows, purse)
    keys: dict[str, Any] = {} if dimension is None else {"cut": _expression(dimension, asked)}
    groups = rows.order_by().values("stage", "currency", **keys)
    return _cells(asked, groups.annotate(deals=Count("pk"), known=Count("amount"), total=Sum("amount")), purse)


def _expression(dimension: Dimension, asked: Asked) -> Any:
    column = dimension.column(asked)
    return F(column) if isinstance(column, str) else column


def _by_lines(asked: Asked, rows: DealSpanQuerySet, purse: Purse) -> dict[tuple[str, str], Cell]:
    """By product line, by the deals' lines; what is on none, or on lines without amounts, has the key "". A deal of two lines is
    counted in both."""
    sold = rows.filter(deal__lines__isnull=False).order_by()
    groups = sold.values("stage", "currency", cut=F("deal__lines__product__line")).annotate(
        deals=Count("deal", distinct=True),
        known=Count("deal", distinct=True, filter=Q(deal__lines__amount__isnull=False)),
        total=Sum("deal__lines__amount"),
    )
    found = _cells(asked, groups, purse)
    bare = by_stage_and(asked, rows.filter(deal__lines__isnull=True), purse, None)
    rest: dict[str, Cell] = {}
    for (stage, _), cell in by_stage_and(asked, rows, purse, None).items():
        alone = bare.get((stage, ""), Cell())
        rest[stage] = Cell(alone.count, alone.unknown, cell.amount, cell.weighted)
    for (stage, line), cell in found.items():
        if line:
            rest[stage].amount = EXACT.subtract(rest[stage].amount, cell.amount)
            rest[stage].weighted = EXACT.subtract(rest[stage].weighted, cell.weighted)
    lines = {key: cell for key, cell in found.items() if key[1]}
    return lines | {(stage, ""): cell for stage, cell in rest.items() if cell.count or cell.amount}


def _cells(asked: Asked, groups: Iterable[Mapping[str, Any]], purse: Purse) -> dict[tuple[str, str], Cell]:
    weights = chances(asked.playbook)
    found: dict[tuple[str, str], Cell] = {}
    for group in groups:
        key = group.get("cut")
        amount = purse.exact(group["total"], group["currency"])
        weighted = EXACT.multiply(amount, weights.get(group["stage"], ZERO))
        cell = found.setdefault((group["stage"], "" if key is None else str(key)), Cell())
        cell.add(Cell(group["deals"], group["deals"] - group["known"], amount, weighted))
    return found


def rolled(cells: Mapping[tuple[str, str], Cell], place: int) -> dict[str, Cell]:
    """The cells added up by the stage (place 0) or by the dimension's key (1)."""
    found: dict[str, Cell] = {}
    for key, cell in cells.items():
        found.setdefault(key[place], Cell()).add(cell)
    return found


@dataclass(frozen=True, slots=True)
class Pace:
    """How long deals stand in a stage: `median` in whole days, the lower of two; `late` of `known` stand longer than usual."""

    median: int
    late: int
    known: int


def paces(asked: Asked, rows: DealSpanQuerySet) -> dict[str, Pace]:
    """By stage, of the deals of which is known when they entered it. The database counts by day; a histogram has the median."""
    groups = (
        rows.filter(stage_from_at__isnull=False)
        .order_by()
        .values("stage", day=TruncDate("stage_from_at", tzinfo=asked.zone))
        .annotate(deals=Count("pk"))
    )
    usual = {stage.key: stage.expected_days for stage in asked.playbook.stages}
    counted: dict[str, dict[int, int]] = {}
    for group in groups:
        day: dt.date = group["day"]
        counted.setdefault(group["stage"], {})[(asked.as_of - day).days] = group["deals"]
    return {stage: _pace(days, usual.get(stage)) for stage, days in counted.items()}


def _pace(days: Mapping[int, int], usual: int | None) -> Pace:
    known = sum(days.values())
    passed, median = 0, 0
    for median in sorted(days):
        passed += days[median]
        if passed * 2 >= known:
            break
    late = 0 if usual is None else sum(count for day, count in days.items() if day > usual)
    return Pace(median, late, known)
