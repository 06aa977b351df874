"""The open pipeline."""

from __future__ import annotations

from decimal import Decimal

from deals.models import Deal
from deals.queries.totals import totals
from reports.queries.asked import Asked, Purse
from reports.rules.cents import cents_that_sum
from reports.rules.report import Chart, Column, Report, Row, Table

COLUMNS = (
    Column("stage", "Stage"),
    Column("deals", "Deals", "count"),
    Column("unknown", "Without an amount", "count"),
    Column("amount", "ARR", "money"),
)


def pipeline(asked: Asked) -> Report:
    deals = Deal.objects.open().visible_to(asked.user).filter(asked.scope().owned())
    found = totals(deals, asked.playbook, by="stage")
    purse = Purse(asked.company, asked.as_of, {row.currency for row in found.rows})
    by_stage: dict[str, tuple[int, int, Decimal]] = {}
    for row in found.rows:
        count, unknown, amount = by_stage.get(row.label, (0, 0, Decimal(0)))
        added = purse.exact(row.amount, row.currency)
        by_stage[row.label] = (count + row.count, unknown + row.unknown, amount + added)
    amounts = cents_that_sum([cell[2] for cell in by_stage.values()])
    rows = [
        Row((label, cell[0], cell[1], amount if asked.sees_money else None))
        for (label, cell), amount in zip(by_stage.items(), amounts, strict=True)
    ]
    total = sum(amounts, Decimal(0)) if asked.sees_money else None
    counts = [sum(cell[place] for cell in by_stage.values()) for place in (0, 1)]
    table = Table("stages", "In which stage?", COLUMNS, (*rows, Row(("All", *counts, total), is_sum=True)))
    chart = Chart("stages", "In which stage?", "bars", "stages", "stage", ("amount",))
    return Report("pipeline", "Pipeline", asked.stated(purse=purse), (), (table,), (chart,))
