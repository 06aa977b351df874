"""What waits for somebody today, and what changed for those who read a pipeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from crm.models import Person
from deals.models import Deal, DealRisk
from deals.models.querysets import DealQuerySet
from deals.queries.lists import DealFilter, filtered
from playbook.schema import Playbook
from playbook.schema.market import Risk

SHOWN = 6
"""Rows of a panel; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Some:
    """The first rows of a set, and how many there are."""

    rows: list[Deal]
    count: int


def some(user: Person, wanted: DealFilter, order: Sequence[Any]) -> Some:
    deals = filtered(user, wanted)
    rows = list(deals.select_related("account").order_by(*order)[:SHOWN])
    return Some(rows, deals.count())


@dataclass(frozen=True, slots=True)
class RiskCount:
    """A risk of the playbook with the open deals that have it: how many, and their sums by currency."""

    risk: Risk
    count: int
    sums: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A deal with its risks, the gravest first: (risk, because)."""

    deal: Deal
    risks: tuple[tuple[Risk, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Risks:
    """What is known of the risks of a set of open deals: (currency, how many, their sum) by the risk's key, and the ids of the deals
    to look at first."""

    groups: dict[str, list[tuple[str, int, Decimal]]]
    first: list[int]

    @property
    def count(self) -> int:
        return sum(count for groups in self.groups.values() for _, count, _ in groups)


def risks_of(deals: DealQuerySet, playbook: Playbook, ids: QuerySet[Any, Any] | None = None) -> Risks:
    """`ids` are those of the same deals, where they can be had without reading deals."""
    found: dict[str, list[tuple[str, int, Decimal]]] = {}
    groups = (
        DealRisk.objects.filter(deal__in=deals if ids is None else ids)
        .order_by()
        .values("risk", currency=F("deal__currency"))
    )
    for group in groups.annotate(deals=Count("pk"), total=Sum("deal__amount")):
        found.setdefault(group["risk"], []).append((group["currency"], group["deals"], group["total"] or Decimal(0)))
    known = any(risk.key in found for risk in playbook.risks)
    return Risks(found, _first_at_risk(deals, playbook) if known else [])


def risk_counts(found: Risks, playbook: Playbook) -> list[RiskCount]:
    """In the playbook's order; those no deal has are left out."""
    return [
        RiskCount(
            risk,
            sum(count for _, count, _ in found.groups[risk.key]),
            tuple((currency, total) for currency, _, total in sorted(found.groups[risk.key]) if total),
        )
        for risk in playbook.risks
        if risk.key in found.groups
    ]


def _first_at_risk(deals: DealQuerySet, playbook: Playbook, limit: int = SHOWN) -> list[int]:
    """The largest open deals with a grave risk; where there are fewer, with any."""
    grave = [risk.key for risk in playbook.risks if risk.tone == "bad"]
    risky = DealRisk.objects.filter(risk__in=grave)
    ids = list(_largest(deals.filter(pk__in=risky.values("deal")), limit))
    if len(ids) < limit:
        rest = deals.filter(pk__in=DealRisk.objects.values("deal")).exclude(pk__in=ids)
        ids += list(_largest(rest, limit - len(ids)))
    return ids


def at_risk(deals: DealQuerySet, ids: Sequence[int], playbook: Playbook) -> list[AtRisk]:
    """These of the deals, in this order, with their risks as they are now."""
    if not ids:
        return []
    order = {risk.key: (risk.tone != "bad", place) for place, risk in enumerate(playbook.risks)}
    by_key = {risk.key: risk for risk in playbook.risks}
    read = deals.select_related("account", "owner").prefetch_related("risks").in_bulk(ids)
    found = [
        AtRisk(
            read[pk],
            tuple(
                (by_key[row.risk], tuple(row.because))
                for row in sorted(read[pk].risks.all(), key=lambda row: order.get(row.risk, (True, 99)))
                if row.risk in by_key
            ),
        )
        for pk in ids
        if pk in read
    ]
    return [one for one in found if one.risks]


def _largest(deals: DealQuerySet, limit: int) -> Any:
    return deals.order_by("-amount_sort", "-id").values_list("pk", flat=True)[:limit]


def last_monday(now: dt.datetime) -> dt.datetime:
    """Monday's first moment where the person is; on a Monday that of a week ago, because nothing has changed yet."""
    local = timezone.localtime(now)
    back = local.weekday() or 7
    return timezone.make_aware(dt.datetime.combine(local.date() - dt.timedelta(days=back), dt.time()))


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    amount: Decimal


def by_class_and_stage(deals: DealQuerySet) -> dict[str, dict[tuple[str, str], Cell]]:
    """Open deals counted and summed by (stage, class), for each currency; class "" is undecided. One query."""
    found: dict[str, dict[tuple[str, str], Cell]] = {}
    groups = deals.order_by().values("currency", "stage", lead_class=F("score__lead_class"))
    for group in groups.annotate(deals=Count("pk"), total=Sum("amount")):
        cell = Cell(group["deals"], group["total"] or Decimal(0))
        found.setdefault(group["currency"], {})[group["stage"], group["lead_class"] or ""] = cell
    return found
