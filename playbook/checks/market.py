"""Segments, personas, markets, products, competitors, outcome reasons and targets refer to what exists and add up."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from playbook.checks.context import Context, Item
from playbook.problems import Finding


def check_market(context: Context) -> None:
    personas = context.keys("personas")
    for item in context.items("segments"):
        segment = item.part
        _in_order(context, item, "cycle_months_low", "cycle_months_high")
        context.must_be_in(item, ("personas",), segment.personas, personas, "persona")
        context.must_be_in(item, ("economic_buyers",), segment.economic_buyers, personas, "persona")
        years = [row.year for row in segment.average_arr]
        for index, year in enumerate(years):
            if year in years[:index]:
                context.add(
                    item, "average_arr", index, "year", reason=f"year {year} stands twice", allowed="each year once"
                )
    for item in context.items("verticals"):
        for index, part in enumerate(item.part.sub_segments):
            _typical(context, Item(item.file, (*item.path, "sub_segments", index), part))
    for item in context.items("size_classes"):
        _typical(context, item)
    _check_size_classes(context)


def _typical(context: Context, item: Item) -> None:
    _in_order(context, item, "deal_low", "deal_high")
    _in_order(context, item, "cycle_months_low", "cycle_months_high")


def _in_order(context: Context, item: Item, low: str, high: str) -> None:
    least, most = getattr(item.part, low), getattr(item.part, high)
    if (least is None) != (most is None):
        context.add(item, high if most is None else low, reason="is missing", allowed=f"{low} and {high} together")
    elif least is not None and least > most:
        context.add(item, high, reason=f"{most} lies below {low}, which is {least}")


def _check_size_classes(context: Context) -> None:
    if not context.whole("size_classes"):
        return
    items = list(context.items("size_classes"))
    expected: int | None = 0
    for item in items:
        if item.part.employees_at_least != expected:
            reason = f"{item.part.employees_at_least} leaves a gap or an overlap"
            allowed = str(expected) if expected is not None else "nothing above a class without an upper end"
            context.add(item, "employees_at_least", reason=reason, allowed=allowed)
        expected = item.part.employees_under
    if items and expected is not None:
        context.add(items[-1], "employees_under", reason="leaves larger companies without a class", allowed="no value")


def check_selling(context: Context) -> None:
    for item in context.items("products"):
        context.must_be_in(item, ("line",), [item.part.line], context.keys("product_lines"), "product line")
    for item in context.items("competitors"):
        won, of = item.part.documented_won, item.part.documented_of
        if (won is None) != (of is None):
            context.add(item, reason="documented_won and documented_of belong together")
        elif won is not None and not 0 <= won <= of:
            context.add(item, "documented_won", reason=f"{won} of {of} is not possible", allowed=f"0 to {of}")
    if context.whole("outcome_reasons"):
        outcomes = {item.part.outcome for item in context.items("outcome_reasons")}
        for outcome in ("won", "lost"):
            if outcome not in outcomes:
                reason = f"has no reason for deals that are {outcome}"
                context.findings.append(Finding("outcome_reasons.yaml", (), reason, "at least one"))


Row = tuple[str, int, int | None, str | None, str | None]


def check_targets(context: Context) -> None:
    rows: dict[Row, Item] = {}
    for item in context.items("targets"):
        target = item.part
        if target.segment:
            context.must_be_in(item, ("segment",), [target.segment], context.keys("segments"), "segment")
        if target.product_line:
            context.must_be_in(
                item, ("product_line",), [target.product_line], context.keys("product_lines"), "product line"
            )
        row = (target.set, target.year, target.quarter, target.segment, target.product_line)
        if row in rows:
            context.add(item, reason="this target stands twice", allowed="one amount for each")
        rows.setdefault(row, item)
    if context.whole("targets"):
        _check_quarters(context, rows)
        _check_splits(context, rows)


def _check_quarters(context: Context, rows: dict[Row, Item]) -> None:
    for (group, year, quarter, segment, line), item in rows.items():
        quarters = [rows.get((group, year, number, segment, line)) for number in (1, 2, 3, 4)]
        found = [entry for entry in quarters if entry is not None]
        if quarter is None and found:
            total = sum((entry.part.amount for entry in found), Decimal(0))
            if len(found) < 4 or total != item.part.amount:
                reason = f"the quarters of year {year} sum to {total:,}, the year is {item.part.amount:,}"
                context.add(item, "amount", reason=reason, allowed="four quarters that sum to the year")
        elif quarter is not None and (group, year, None, segment, line) not in rows:
            context.add(item, reason=f"year {year} itself has no target", allowed="the year beside its quarters")


def _check_splits(context: Context, rows: dict[Row, Item]) -> None:
    """Where a set has a total and parts by product line or by segment, the parts sum to the total."""
    parts: dict[tuple[str, int, int | None, str], Decimal] = defaultdict(Decimal)
    for (group, year, quarter, segment, line), item in rows.items():
        if segment or line:
            parts[group, year, quarter, "segments" if segment else "product lines"] += item.part.amount
    for (group, year, quarter, by), total in parts.items():
        whole = rows.get((group, year, quarter, None, None))
        if whole is not None and whole.part.amount != total:
            reason = f"the {by} of this set sum to {total:,} in that period, the total is {whole.part.amount:,}"
            context.add(whole, "amount", reason=reason, allowed=f"{by} that sum to the total")
