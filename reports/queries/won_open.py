"""What is won and what is open by the month it closes in, cut by one thing at most: what plans and markets are held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import DateField, F, Sum
from django.db.models.functions import TruncMonth

from crm.rules.currencies import EXACT
from deals.models import DealSpan
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import DIMENSIONS

ZERO = Decimal(0)
WON = "won"


@dataclass(slots=True)
class Months:
    """Exact amounts in the report's currency by (cut, month's first day, "won" or the forecast category)."""

    amounts: dict[tuple[str, dt.date, str], Decimal] = field(default_factory=dict)

    def total(self, first: dt.date, last: dt.date, *, cut: str | None = None, bucket: str | None = None) -> Decimal:
        """Of the months that begin within; `bucket` None is all that is open."""
        found = ZERO
        for (key, month, kind), amount in self.amounts.items():
            fits = kind == bucket if bucket is not None else kind != WON
            if first <= month <= last and fits and cut in (None, key):
                found = EXACT.add(found, amount)
        return found

    @property
    def cuts(self) -> set[str]:
        return {key for key, *_ in self.amounts}


def months(asked: Asked, purse: Purse, first: dt.date, last: dt.date, by: str = "") -> Months:
    """One query. `by` is a dimension; by product line with what is on each line, which is less than all where deals have none."""
    rows = DealSpan.objects.at(asked.moment).filter(asked.scope().owned()).exclude(outcome="lost").order_by()
    rows = rows.filter(close_date__range=(first, last))
    total: Any = Sum("amount")
    keys: dict[str, Any] = {}
    if by == "product_line":
        keys, total = {"cut": F("deal__lines__product__line")}, Sum("deal__lines__amount")
    elif by:
        column = DIMENSIONS[by].column(asked)
        keys = {"cut": F(column) if isinstance(column, str) else column}
    month = TruncMonth("close_date", output_field=DateField())
    groups = rows.values("outcome", "forecast_category", "currency", month=month, **keys).annotate(total=total)
    found = Months()
    for group in groups:
        key = _key(group)
        amount = purse.exact(group["total"], group["currency"])
        found.amounts[key] = EXACT.add(found.amounts.get(key, ZERO), amount)
    return found


def _key(group: Mapping[str, Any]) -> tuple[str, dt.date, str]:
    kind = WON if group["outcome"] == WON else group["forecast_category"] or "pipeline"
    return str(group.get("cut") or ""), group["month"], kind
