"""Sums of an open pipeline by any dimension: the database groups, here they are converted and weighted, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import TruncDate

from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter
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


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Open deals summed in one pass: `cells` by (stage, key of the dimension), `inside` those that are to close in the quarter,
    `ends` (deals, their sum) by currency as the deals are written."""

    cells: dict[tuple[str, str], Cell]
    inside: Cell
    ends: dict[str, tuple[int, Decimal]]


def open_book(
    asked: Asked, rows: DealSpanQuerySet, purse: Purse, dimension: Dimension, quarter: FiscalQuarter
) -> OpenBook:
    """All that a pipeline adds up of its open deals. One query; for product lines, which a deal may have several of, three."""
    closes = When(close_date__range=(quarter.first_date, quarter.last_date), then=Value(True))
    keys: dict[str, Any] = {"inside": Case(closes, default=Value(False), output_field=BooleanField())}
    if by_lines := dimension.key == "product_line":
        keys["cut"] = Value("")
    else:
        keys["cut"] = _expression(dimension, asked)
    groups = list(_summed(rows, **keys))
    cells = _cells(asked, groups, purse)
    inside = rolled(_cells(asked, [one for one in groups if one["inside"]], purse), 1)
    ends: dict[str, tuple[int, Decimal]] = {}
    for group in groups:
        count, total = ends.get(group["currency"], (0, ZERO))
        ends[group["currency"]] = (count + group["deals"], total + (group["total"] or ZERO))
    closing = Cell()
    for cell in inside.values():
        closing.add(cell)
    return OpenBook(_by_lines(asked, rows, purse, cells) if by_lines else cells, closing, ends)


def by_stage(asked: Asked, rows: DealSpanQuerySet, purse: Purse) -> dict[tuple[str, str], Cell]:
    """Cells by (stage, ""). One query."""
    return _cells(asked, _summed(rows), purse)


def _summed(rows: DealSpanQuerySet, **keys: Any) -> Any:
    """Counted by the deal, which the indexes of spans hold beside what is grouped by: a day is read from one of them alone."""
    groups = rows.order_by().values("stage", "currency", **keys)
    return groups.annotate(deals=Count("deal_id"), known=Count("amount"), total=Sum("amount"))


def _expression(dimension: Dimension, asked: Asked) -> Any:
    column = dimension.column(asked)
    return F(column) if isinstance(column, str) else column


def _by_lines(
    asked: Asked, rows: DealSpanQuerySet, purse: Purse, all_of: Mapping[tuple[str, str], Cell]
) -> dict[tuple[str, str], Cell]:
    """By product line, by the deals' lines; what is on none, or on lines without amounts, has the key "". A deal of two lines is
    counted in both."""
    sold = rows.filter(deal__lines__isnull=False).order_by()
    groups = sold.values("stage", "currency", cut=F("deal__lines__product__line")).annotate(
        deals=Count("deal", distinct=True),
        known=Count("deal", distinct=True, filter=Q(deal__lines__amount__isnull=False)),
        total=Sum("deal__lines__amount"),
    )
    found = _cells(asked, groups, purse)
    bare = by_stage(asked, rows.filter(deal__lines__isnull=True), purse)
    rest: dict[str, Cell] = {}
    for (stage, _), cell in all_of.items():
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
        .annotate(deals=Count("deal_id"))
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
