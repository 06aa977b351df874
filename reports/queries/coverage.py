"""Whether what is open is enough for what the quarter still wants."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import to_cents
from crm.rules.formatting import NBSP
from deals.models import DealSpan
from reports.queries import sums
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import narrowed, opens
from reports.queries.scope import Scope
from reports.queries.sums import Cell
from reports.queries.targets import quarter_target
from reports.rules.report import Column, Row, Table
from reports.rules.shares import percent_of

ALONE = (
    "Targets are the whole company's, so cover is shown where everybody's deals are counted and nothing narrows them."
)
COLUMNS = (
    Column("quarter", "Quarter"),
    Column("target", "Target", "money", "What the playbook wants to be won in the quarter."),
    Column("won", "Won", "money", "Closed in the quarter by that day."),
    Column("reached", "Reached", "percent", "Won, of the target."),
    Column("gone", "Of the quarter gone", "percent"),
    Column("left", "Still to win", "money"),
    Column("open", "Open, closing in it", "money"),
    Column("weighted", "Weighted", "money"),
    Column("cover", "Cover", "number", "What is open for each unit still to win."),
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A quarter: what was won in it by that day, and what is open and to close in it. `target` None: none is known, or it is not
    comparable. Amounts are in the report's currency, to the cent."""

    quarter: FiscalQuarter
    won: Cell
    open: Cell
    gone: Decimal
    target: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def reached(self) -> Decimal | None:
        """Percent."""
        return percent_of(self.won.amount, self.target) if self.target else None

    @property
    def left(self) -> Decimal | None:
        return None if self.target is None else max(to_cents(self.target - self.won.amount), Decimal(0))

    @property
    def cover(self) -> Decimal | None:
        return (self.open.amount / self.left).quantize(Decimal("0.01")) if self.left else None


def quarter_of(asked: Asked) -> FiscalQuarter:
    """The quarter deals have to close in, else the one that day lies in."""
    return asked.closing or fiscal_quarter(asked.as_of, asked.company.fiscal_year_start)


def coverage(asked: Asked, scope: Scope, purse: Purse, still: Cell) -> Coverage:
    """Of `quarter_of`; `still` is what is open to close in it. One query, two with a target."""
    quarter = quarter_of(asked)
    rows = DealSpan.objects.at(asked.moment).filter(scope.owned(), outcome="won")
    rows = narrowed(rows, asked).filter(close_date__range=(quarter.first_date, quarter.last_date))
    won = sums.rolled(sums.by_stage(asked, rows, purse), 1).get("", Cell())
    days = (quarter.last_date - quarter.first_date).days + 1
    passed = min(max((asked.as_of - quarter.first_date).days + 1, 0), days)
    gone = percent_of(passed, days) or Decimal(0)
    is_whole = scope.owners is None and not any(
        asked.text(key) for key in ("segment", "vertical", "region", "product_line")
    )
    if not is_whole:
        return Coverage(quarter, won, still, gone, notes=(ALONE,) if asked.sees_money else ())
    amount = quarter_target(asked, quarter)
    if amount is None:
        return Coverage(quarter, won, still, gone, notes=(f"The playbook has no target for {quarter.label}.",))
    target = purse.known(amount, asked.playbook.identity.currency)
    return Coverage(quarter, won, still, gone, to_cents(target) if target else None)


def coverage_table(asked: Asked, found: Coverage) -> tuple[Table, ...]:
    if not asked.sees_money:
        return ()
    quarter = ("quarter", found.quarter.key)
    row = Row(
        (
            found.quarter.label, found.target, to_cents(found.won.amount), found.reached, found.gone, found.left,
            to_cents(found.open.amount), to_cents(found.open.weighted), found.cover,
        ),
        opens={
            "won": opens(asked, ("outcome", "won"), quarter),
            "open": opens(asked, ("outcome", "open"), quarter),
        },
    )  # fmt: skip
    return (Table("coverage", "Is it enough?", COLUMNS, (row,), " ".join(found.notes)),)


def times(cover: Decimal) -> str:
    return f"{cover.quantize(Decimal('0.1'))}{NBSP}times"
