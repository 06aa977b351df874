"""The deals behind a figure: as they were that day beside what they are today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse

from crm.lib.keyset import SIZE, Page, Sort, both_ways, page
from crm.models import Person
from crm.rules.currencies import to_cents
from crm.rules.fact_words import show_date
from crm.rules.formatting import count
from deals.models import DealSpan, DealSpanQuerySet
from reports.queries import waterfall
from reports.queries.asked import Asked, Purse
from reports.queries.attention import days_between
from reports.queries.changed import changed_table, in_order
from reports.queries.cuts import DIMENSIONS, Condition, allowed, cut, filters, read, visible, words
from reports.queries.sums import purse_for
from reports.rules.report import Column, Row, Table, Value
from reports.rules.waterfall import STEPS

BY_NAME = Sort("name", "Name", ("deal__name_key",))
SORTS = both_ways(Sort("amount", "ARR", ("deal__amount_sort",)), BY_NAME)
MOST = 10_000
"""Rows of a file."""
THEN = (
    Column("deal", "Deal"),
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("stage", "Stage"),
    Column("amount", "ARR", "money"),
    Column("close", "Close date", "date"),
    Column("days", "Days in stage", "days"),
)
NOW = (
    Column("owner_now", "Owner today"),
    Column("stage_now", "Stage today"),
    Column("amount_now", "ARR today", "money"),
    Column("close_now", "Close date today", "date"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """A set of deals as a page or a file has it. `count` is of all of them, `hidden` of those one may not see today."""

    conditions: tuple[tuple[str, str], ...]
    count: int
    hidden: int
    table: Table
    ids: tuple[int, ...]
    """The deals of the table's rows."""
    rates: Purse
    """What the amounts were converted with, and what has no rate."""
    page: Page[DealSpan] | None = None

    @property
    def says(self) -> str:
        if not self.hidden:
            return f"{count(self.count, 'deal')}.".capitalize()
        of = f"{count(self.hidden, 'other')} of these {self.count:,} {'is' if self.hidden == 1 else 'are'} not shown"
        return f"{of}: whoever has them today, they are not in your reach any more."


def behind(asked: Asked, query: QueryDict, *, is_file: bool = False, size: int = SIZE) -> Behind:
    """What the conditions of an address hold for; a page of `size`, or for a file the first ten thousand."""
    conditions = allowed(asked, read(query.getlist("in")))
    rows, span = _rows(asked, conditions)
    seen = visible(rows, asked)
    total = rows.count()
    shown_count = total if seen is rows else seen.count()
    purse = purse_for(asked)
    found: Page[DealSpan] | None = None
    # An order by amounts tells of them.
    sorts, usual = (SORTS, "-amount") if asked.sees_money else (both_ways(BY_NAME), "name")
    ordered = seen.select_related("deal__account", "deal__owner")
    if is_file:
        spans = list(ordered.order_by(*sorts[usual].order())[:MOST])
    else:
        found = page(ordered, sorts, query, default=usual, size=size, noun="deals")
        spans = found.rows
    if span is not None:
        wanted = [one.deal_id for one in spans]
        changed = changed_table(asked, span, waterfall.paired(asked, span).filter(pk__in=wanted), purse, key="rows")
        table = in_order(changed, wanted)
    else:
        table = _table(asked, spans, purse)
    since = [("Changes since", f"the beginning of {show_date(span.since)}")] if span else []
    said = [*since, *filters(asked), *(_words(asked, one) for one in conditions)]
    by_link = {_address(one.deal_id): one.deal_id for one in spans}
    ids = tuple(by_link[row.link] for row in table.rows)
    return Behind(tuple(said), total, total - shown_count, table, ids, purse, found)


def _address(deal_id: int) -> str:
    return reverse("deals:deal-detail", args=[deal_id])


def _rows(asked: Asked, conditions: Sequence[Condition]) -> tuple[DealSpanQuerySet, waterfall.Span | None]:
    """The spans, and the time of a waterfall where a step of one is asked for."""
    step = next((one.value for one in conditions if one.key == "step"), "")
    if not step:
        return cut(asked, [one for one in conditions if one.key != "step"]), None
    span = waterfall.span_of(asked)
    is_known = step == waterfall.LATER or (step in STEPS and (asked.sees_money or step not in ("up", "down")))
    took = waterfall.in_step(asked, span, step if is_known else "none")
    return DealSpan.objects.at(asked.moment).filter(deal__in=took.values("pk")), span


def _words(asked: Asked, condition: Condition) -> tuple[str, str]:
    if condition.key == "step" and condition.value == waterfall.LATER:
        return "Close date", "Later than it was"
    if condition.key == "step":
        return "Step", next((label for key, label in STEPS.items() if key == condition.value), condition.value)
    return words(asked, condition)


def _table(asked: Asked, spans: Sequence[DealSpan], purse: Purse) -> Table:
    is_past = asked.as_of < asked.today
    owners = Person.objects.in_bulk({one.owner_id for one in spans if one.owner_id})
    rows = tuple(
        Row((*_then(asked, one, owners, purse), *(_now(asked, one, purse) if is_past else ())),
            link=_address(one.deal_id))
        for one in spans
    )  # fmt: skip
    return Table(
        "rows", "Deals", (*THEN, *NOW) if is_past else THEN, rows, empty="No deals you may see are behind this."
    )


def _then(asked: Asked, one: DealSpan, owners: dict[int, Person], purse: Purse) -> tuple[Value, ...]:
    return (
        str(one.deal),
        str(one.deal.account),
        str(owners[one.owner_id]) if one.owner_id else None,
        _stage(asked, one.stage),
        _money(asked, purse, one.amount, one.currency),
        one.close_date,
        days_between(asked, one.stage_from_at),
    )


def _now(asked: Asked, one: DealSpan, purse: Purse) -> tuple[Value, ...]:
    deal = one.deal
    return (
        str(deal.owner),
        _stage(asked, deal.stage),
        _money(asked, purse, deal.amount, deal.currency),
        deal.close_date,
    )


def _stage(asked: Asked, key: str) -> str:
    stages = DIMENSIONS["stage"]
    return stages.names(asked, ()).get(key, key or stages.none)


def _money(asked: Asked, purse: Purse, amount: Decimal | None, currency: str) -> Decimal | None:
    known = purse.known(amount, currency) if asked.sees_money else None
    return None if known is None else to_cents(known)
