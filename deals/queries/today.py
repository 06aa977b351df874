"""What waits for somebody today, and what changed for those who read a pipeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from crm.models import Person
from deals.models import Deal, DealInterval, DealRisk, TrackedField
from deals.models.querysets import DealQuerySet
from deals.queries.lists import DealFilter, filtered
from deals.queries.standing import standing
from deals.rules.changes import Changed, Moment, State, Steps, waterfall
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


def risks_of(deals: DealQuerySet, playbook: Playbook) -> Risks:
    found: dict[str, list[tuple[str, int, Decimal]]] = {}
    groups = DealRisk.objects.filter(deal__in=deals).order_by().values("risk", currency=F("deal__currency"))
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


MANY_CHANGES = 1_000
"""From so many changed deals on, what was worked out stands for a while."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`by_currency` with the largest pipeline first; `moved_later` are the ids of deals. `at` is when it was worked out."""

    since: dt.datetime
    at: dt.datetime
    changed: int
    by_currency: list[tuple[str, Steps]]
    moved_later: tuple[int, ...]


def lately(user: Person, number: int, playbook: Playbook, now: dt.datetime, *, anew: bool = False) -> Changes:
    """`changes` since last Monday. A large company's stand for some minutes, and say since when; `anew` works them out now."""
    since = last_monday(now)
    return standing(
        f"changes:{since:%Y%m%d%H}:{number}",
        user,
        now,
        lambda: changes(user, playbook, since, now),
        lambda found: found.changed >= MANY_CHANGES,
        anew=anew,
    ).found


def changes(user: Person, playbook: Playbook, since: dt.datetime, at: dt.datetime) -> Changes:
    """What changed the open pipeline somebody sees now. Deals are those they see today, for both ends."""
    deals = filtered(user, DealFilter(state="all"))
    sums = filtered(user, DealFilter()).order_by().values("currency").annotate(total=Sum("amount"))
    end = {row["currency"]: row["total"] or Decimal(0) for row in sums}
    moved = DealInterval.objects.filter(from_at__gte=since)
    touched = moved.filter(field__in=[TrackedField.STAGE, TrackedField.AMOUNT]).values("deal")
    rows = deals.filter(pk__in=touched).order_by().values_list("pk", "outcome", "amount", "currency", "created_at")
    now = {row[0]: row for row in rows}
    then = _values_at(list(now), since)
    kinds: dict[str, State] = {stage.key: stage.kind for stage in playbook.stages}
    found = [
        Changed(
            pk,
            None if created_at >= since else _moment(then.get(pk, {}), kinds, currency),
            Moment(cast(State, outcome), amount or Decimal(0), currency),
        )
        for pk, outcome, amount, currency, created_at in now.values()
    ]
    later = _moved_later(deals, since)
    steps = sorted(waterfall(end, found).items(), key=lambda item: (-max(item[1].start, item[1].end), item[0]))
    shown = [item for item in steps if item[1].start or item[1].end or any(item[1].deals.values())]
    return Changes(since, at, len(now), shown, later)


def _values_at(deal_ids: Sequence[int], at: dt.datetime) -> dict[int, dict[str, str]]:
    """Stage and amount of deals at a moment, from their intervals."""
    held = Q(from_at__lt=at) & (Q(to_at__isnull=True) | Q(to_at__gte=at))
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(deal_ids), 5_000):
        rows = DealInterval.objects.filter(
            held, deal_id__in=deal_ids[start : start + 5_000], field__in=[TrackedField.STAGE, TrackedField.AMOUNT]
        )
        for pk, name, value in rows.values_list("deal_id", "field", "value"):
            found.setdefault(pk, {})[name] = value
    return found


def _moment(values: dict[str, str], kinds: dict[str, State], currency: str) -> Moment:
    """A stage that the playbook has dropped was an open one: closed deals are never moved on."""
    amount, _, written = values.get(TrackedField.AMOUNT, "").partition(" ")
    state = kinds.get(values.get(TrackedField.STAGE, ""), "open")
    return Moment(state, Decimal(amount or 0), written or currency)


def _moved_later(deals: DealQuerySet, since: dt.datetime) -> tuple[int, ...]:
    """Open deals whose close date is later than any they had when the time began. Dates are written so that texts compare."""
    dates = DealInterval.objects.filter(field=TrackedField.CLOSE_DATE, deal__outcome="open", deal__in=deals)
    moved = dates.filter(from_at__gte=since).exclude(value="").values("deal")
    ends = dates.filter(deal__in=moved).exclude(value="").order_by().values("deal")
    ends = ends.annotate(
        first=Max("value", filter=Q(from_at__lt=since)), last=Min("value", filter=Q(to_at__isnull=True))
    )
    return tuple(ends.filter(last__gt=F("first")).values_list("deal", flat=True))


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
