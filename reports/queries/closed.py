"""Deals decided between two days, as they stood at a report's moment: won and lost by whatever they are cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, DurationField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Sum
from django.db.models.functions import TruncDate, TruncMonth

from battlecards.models import Use
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import EXACT
from deals.models import DealCompetitor, DealLine, DealSpan, DealSpanQuerySet
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import DIMENSIONS, narrowed

ZERO = Decimal(0)
YEAR = 365


@dataclass(slots=True)
class Sides:
    """Won and lost: how many, and their ARR in the report's currency, exact. Deals without an amount are in no sum."""

    won: int = 0
    lost: int = 0
    won_amount: Decimal = ZERO
    lost_amount: Decimal = ZERO

    @property
    def of(self) -> int:
        return self.won + self.lost

    @property
    def amount(self) -> Decimal:
        return EXACT.add(self.won_amount, self.lost_amount)

    def count(self, outcome: str, deals: int, amount: Decimal = ZERO) -> None:
        if outcome == "won":
            self.won, self.won_amount = self.won + deals, EXACT.add(self.won_amount, amount)
        else:
            self.lost, self.lost_amount = self.lost + deals, EXACT.add(self.lost_amount, amount)


def since(asked: Asked) -> dt.date:
    """The first day that counts: the one asked for, else such that it is a year."""
    found = asked.values.get("closed_since")
    if isinstance(found, dt.date):
        return min(found, asked.as_of)
    return asked.as_of - dt.timedelta(days=YEAR - 1)


def decided(asked: Asked) -> DealSpanQuerySet:
    """As the deals stood at the report's moment: one that was opened again since then counts, one that was by then does not."""
    rows = DealSpan.objects.at(asked.moment).filter(asked.scope().owned()).closed()
    return narrowed(rows, asked).filter(close_date__range=(since(asked), asked.as_of))


def last_before(asked: Asked) -> dt.date | None:
    """The last day before the first that counts on which a deal was decided."""
    rows = DealSpan.objects.at(asked.moment).filter(asked.scope().owned()).closed()
    found: dt.date | None = (
        narrowed(rows, asked).filter(close_date__lt=since(asked)).aggregate(day=Max("close_date"))["day"]
    )
    return found


def undated(asked: Asked) -> int:
    """Decided deals without a day: in none of the figures."""
    rows = DealSpan.objects.at(asked.moment).filter(asked.scope().owned()).closed()
    return narrowed(rows, asked).filter(close_date__isnull=True).count()


def sides(groups: Iterable[Mapping[str, Any]], purse: Purse) -> dict[str, Sides]:
    """Rows of (cut, outcome, currency, deals, total), added up by cut; None is ""."""
    found: dict[str, Sides] = {}
    for group in groups:
        amount = purse.exact(group["total"], group["currency"])
        found.setdefault(_key(group.get("cut")), Sides()).count(group["outcome"], group["deals"], amount)
    return found


def grouped(rows: DealSpanQuerySet, purse: Purse, cut: Any = None) -> dict[str, Sides]:
    keys = {} if cut is None else {"cut": _expression(cut)}
    groups = rows.order_by().values("outcome", "currency", **keys)
    return sides(groups.annotate(deals=Count("deal_id"), total=Sum("amount")), purse)


def _key(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Cube:
    """All decided deals; the same by the keys of dimensions, and by the first day of the month they closed in."""

    whole: Sides
    cuts: dict[str, dict[str, Sides]]
    months: dict[dt.date, Sides]


def cube(asked: Asked, rows: DealSpanQuerySet, purse: Purse, dimensions: Collection[str] = ()) -> Cube:
    """One query for all of `dimensions`, which have few keys and of which a deal has one each: what is alike in all of them is
    added up by the database, the rest here."""
    columns = {f"cut_{key}": _expression(DIMENSIONS[key].column(asked)) for key in dimensions}
    month = TruncMonth("close_date", output_field=DateField())
    groups: Any = rows.order_by().values("outcome", "currency", month=month, **columns)
    found = Cube(Sides(), {key: {} for key in dimensions}, {})
    for group in groups.annotate(deals=Count("deal_id"), total=Sum("amount")):
        amount = purse.exact(group["total"], group["currency"])
        cells = [found.cuts[key].setdefault(_key(group[f"cut_{key}"]), Sides()) for key in dimensions]
        for cell in (found.whole, found.months.setdefault(group["month"], Sides()), *cells):
            cell.count(group["outcome"], group["deals"], amount)
    return found


def _expression(column: Any) -> Any:
    return F(column) if isinstance(column, str) else column


def by_line(rows: DealSpanQuerySet, purse: Purse, whole: Sides) -> dict[str, Sides]:
    """A deal of two lines is counted at each, with what is on that line; "" are deals without lines. Two queries."""
    groups = (
        rows.filter(deal__lines__isnull=False)
        .order_by()
        .values("outcome", "currency", cut=F("deal__lines__product__line"))
        .annotate(deals=Count("deal", distinct=True), total=Sum("deal__lines__amount"))
    )
    lined = grouped(rows.filter(Exists(DealLine.objects.filter(deal=OuterRef("deal_id")))), purse)
    return sides(groups, purse) | _rest(whole, lined.get("", Sides()))


def _rest(whole: Sides, part: Sides) -> dict[str, Sides]:
    """What is left of the whole, as the group without a key; nothing where nothing is left."""
    left = Sides(
        whole.won - part.won,
        whole.lost - part.lost,
        EXACT.subtract(whole.won_amount, part.won_amount),
        EXACT.subtract(whole.lost_amount, part.lost_amount),
    )
    return {"": left} if left.of else {}


@dataclass(frozen=True, slots=True)
class Rivals:
    """`by` competitor, "" where there was none; `any` are the deals that had at least one."""

    by: dict[str, Sides]
    any: Sides


def rivals(rows: DealSpanQuerySet, purse: Purse, whole: Sides) -> Rivals:
    """A deal against two is counted at each; a competitor its outcome names counts beside those that stand on it, once.
    Three queries."""
    found, named_alone = _against(rows, purse)
    anybody = grouped(rows.filter(Exists(STANDING)), purse).get("", Sides())
    anybody.count("won", named_alone.won, named_alone.won_amount)
    anybody.count("lost", named_alone.lost, named_alone.lost_amount)
    return Rivals(found | _rest(whole, anybody), anybody)


def by_competitor(rows: DealSpanQuerySet, purse: Purse) -> dict[str, Sides]:
    """As `rivals`, without those against nobody. Two queries."""
    return _against(rows, purse)[0]


STANDING = DealCompetitor.objects.filter(deal=OuterRef("deal_id"))


def _against(rows: DealSpanQuerySet, purse: Purse) -> tuple[dict[str, Sides], Sides]:
    """By competitor; and the deals on which none stands but their outcome names one."""
    found = grouped(rows.filter(deal__competitors__isnull=False), purse, "deal__competitors__competitor__key")
    again = Exists(STANDING.filter(competitor=OuterRef("deal__outcome_competitor")))
    named = rows.filter(deal__outcome_competitor__isnull=False).exclude(again).order_by()
    groups: Any = named.values("outcome", "currency", cut=F("deal__outcome_competitor__key"), stood=Exists(STANDING))
    alone = Sides()
    for group in groups.annotate(deals=Count("deal_id"), total=Sum("amount")):
        amount = purse.exact(group["total"], group["currency"])
        for cell in (found.setdefault(group["cut"], Sides()), *(() if group["stood"] else (alone,))):
            cell.count(group["outcome"], group["deals"], amount)
    return found, alone


def with_stage(rows: DealSpanQuerySet, stage: str) -> tuple[int, int]:
    """(won, decided) of the deals that once stood in a stage."""
    stood = DealSpan.objects.filter(deal=OuterRef("deal_id"), stage=stage)
    found = rows.filter(Exists(stood)).aggregate(won=Count("deal_id", filter=Q(outcome="won")), of=Count("deal_id"))
    return found["won"], found["of"]


def by_reason(rows: DealSpanQuerySet) -> dict[tuple[str, str], int]:
    """Deals by (outcome, reason); a deal of two reasons is counted at each. Reason "" is of those that give none."""
    groups = rows.order_by().values_list("outcome", "deal__outcome_reasons__reason").annotate(deals=Count("deal_id"))
    return {(outcome, reason or ""): deals for outcome, reason, deals in groups}


def by_card(asked: Asked, rows: DealSpanQuerySet) -> tuple[dict[int, Sides], Sides]:
    """By card's id the deals on which it was used before they closed, and those with any: one is counted at each card."""
    found: dict[int, Sides] = {}
    whole = Sides()
    for outcome in ("won", "lost"):
        uses = Use.objects.filter(
            deal__in=rows.filter(outcome=outcome).order_by().values("deal"),
            at__lt=F("deal__closed_at"),
            at__lte=asked.moment,
        )
        for card, deals in uses.order_by().values_list("card").annotate(deals=Count("deal", distinct=True)):
            found.setdefault(card, Sides()).count(outcome, deals)
        whole.count(outcome, uses.aggregate(deals=Count("deal", distinct=True))["deals"])
    return found, whole


def by_quarter(asked: Asked, months: Mapping[dt.date, Sides]) -> dict[FiscalQuarter, Sides]:
    """By the quarter deals closed in, from the first to the last asked for, empty ones too."""
    start = asked.company.fiscal_year_start
    found: dict[FiscalQuarter, Sides] = {}
    day = since(asked)
    while day <= asked.as_of:
        quarter = fiscal_quarter(day, start)
        found[quarter] = Sides()
        day = quarter.last_date + dt.timedelta(days=1)
    for month, one in sorted(months.items()):
        there = found.setdefault(fiscal_quarter(month, start), Sides())
        there.count("won", one.won, one.won_amount)
        there.count("lost", one.lost, one.lost_amount)
    return found


def days_to_close(asked: Asked, rows: DealSpanQuerySet) -> dict[str, dict[int, int]]:
    """By outcome, how many deals took how many days from opening to closing. Those that closed before they were opened (typed in
    later) took none."""
    opened = TruncDate("deal__created_at", tzinfo=asked.zone)
    took = ExpressionWrapper(F("close_date") - opened, output_field=DurationField())
    found: dict[str, dict[int, int]] = {"won": {}, "lost": {}}
    for outcome, length, deals in rows.order_by().values_list("outcome", took).annotate(deals=Count("deal_id")):
        counts = found[outcome]
        days = max(length.days, 0)
        counts[days] = counts.get(days, 0) + deals
    return found
