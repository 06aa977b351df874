"""Counts and sums over a whole filtered set: exact within a currency, and once more in the company's by the rates of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from crm.models import Person
from crm.queries import company as companies
from crm.rules.currencies import Rate, summed
from deals.models import ForecastCategory
from deals.models.querysets import DealQuerySet
from playbook.schema import Playbook

GROUPS = {
    "stage": "Stage",
    "owner": "Owner",
    "class": "Class",
    "segment": "Segment",
    "forecast_category": "Forecast category",
}
DETAILS = frozenset({"class", "forecast_category"})
"""Groups that tell what only those see who see a deal in full."""
_COLUMN = {
    "stage": None,
    "owner": "owner",
    "class": "score__lead_class",
    "segment": "account__segment",
    "forecast_category": "forecast_category",
}


@dataclass(frozen=True, slots=True)
class Total:
    """Deals of one currency in one group. `amount` is a year's revenue, `weighted` amount x the stage's probability,
    exact.

    `unknown` counts the deals nobody has put an amount on; they are in `count` and in no sum.
    """

    group: str
    label: str
    currency: str
    count: int
    unknown: int
    amount: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    rows: tuple[Total, ...]
    sums: tuple[Total, ...]
    """One line a currency, over all groups."""

    @property
    def count(self) -> int:
        return sum(row.count for row in self.sums)


def totals(deals: DealQuerySet, playbook: Playbook, *, by: str = "stage") -> Totals:
    """One grouped query over the set, whatever its size; weights are applied to the groups in Decimal. KeyError for
    an unknown `by`."""
    column = _COLUMN[by]
    keys = ["stage", "currency", *([column] if column else [])]
    groups = deals.order_by().values(*keys).annotate(deals=Count("pk"), known=Count("amount"), total=Sum("amount"))
    chances = {stage.key: stage.probability_percent for stage in playbook.stages}
    cells: dict[tuple[str, str], list[Decimal | int]] = {}
    for group in groups:
        key = (str(group[column or "stage"] or ""), group["currency"])
        amount = group["total"] or Decimal(0)
        weighted = (amount * chances.get(group["stage"], Decimal(0))).scaleb(-2)
        cell = cells.setdefault(key, [0, 0, Decimal(0), Decimal(0)])
        for place, value in enumerate((group["deals"], group["deals"] - group["known"], amount, weighted)):
            cell[place] += value
    labels = _labels(by, playbook, [key for key, _ in cells])
    rows = [
        Total(
            key,
            labels.get(key, key or "Not given"),
            currency,
            int(cell[0]),
            int(cell[1]),
            Decimal(cell[2]),
            Decimal(cell[3]),
        )
        for (key, currency), cell in cells.items()
    ]
    order = list(labels)
    rows.sort(key=lambda row: (order.index(row.group) if row.group in order else len(order), row.label, row.currency))
    return Totals(tuple(rows), _by_currency(rows))


@dataclass(frozen=True, slots=True)
class InOne:
    """All sums in the company's currency. `used` are the rates it rests on; `missing` the sums that are not in it."""

    currency: str
    amount: Decimal
    weighted: Decimal
    used: tuple[Rate, ...]
    missing: tuple[Total, ...]


def in_one_currency(found: Totals) -> InOne | None:
    """The sums by the rates of today, rounded to the cent once; None where everything is in the company's currency anyway.
    One query, or two."""
    company = companies.company()
    currencies = {row.currency for row in found.sums if row.amount}
    if currencies <= {company.reporting_currency}:
        return None
    today = companies.today(company)
    rates = companies.rates_on(today, company.reporting_currency, currencies)
    total = summed({row.currency: (row.amount, row.weighted) for row in found.sums if row.amount}, today, rates)
    missing = tuple(row for row in found.sums if row.currency in total.missing)
    amount, weighted = total.amounts
    return InOne(total.currency, amount, weighted, total.used, missing)


def _by_currency(rows: Sequence[Total]) -> tuple[Total, ...]:
    def summed(currency: str) -> Total:
        own = [row for row in rows if row.currency == currency]
        return Total(
            group="",
            label="All",
            currency=currency,
            count=sum(row.count for row in own),
            unknown=sum(row.unknown for row in own),
            amount=sum((row.amount for row in own), Decimal(0)),
            weighted=sum((row.weighted for row in own), Decimal(0)),
        )

    return tuple(summed(currency) for currency in sorted({row.currency for row in rows}))


def _labels(by: str, playbook: Playbook, keys: Sequence[str]) -> dict[str, str]:
    """Names of the groups in the order they are shown."""
    match by:
        case "stage":
            return {stage.key: stage.label for stage in playbook.stages}
        case "class":
            return {lead.key: f"{lead.key} · {lead.label}" for lead in playbook.bant.classes} | {"": "Undecided"}
        case "forecast_category":
            return dict(ForecastCategory.choices)
        case "segment":
            return {segment.key: segment.label for segment in playbook.segments} | {"": "No segment"}
    people = Person.objects.in_bulk([int(key) for key in keys if key])
    named = sorted(((str(pk), str(person)) for pk, person in people.items()), key=lambda pair: pair[1])
    return dict(named)
