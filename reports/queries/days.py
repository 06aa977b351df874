"""The totals of a day that is over, and what has happened to deals since they were last looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from crm.models import AuditEntry, ImportedRow, ImportRun, ImportState
from crm.queries.team_places import paths_at
from deals.models import Deal, DealSpan
from reports.models import DayCheck, DayTotal
from reports.rules.days import NOTHING, Cause, Group, Total, Totals

BLUR = dt.timedelta(minutes=10)
"""What happened so shortly before or after a look, it may have seen or not."""
BIN = ("deleted", "restored", "purged")
WRITTEN = {"created": "imported", "updated": "changed"}
HELD = 10_000
"""Deals asked about in one statement."""


def totals_at(moment: dt.datetime) -> dict[Group, Total]:
    """What the deals, without those in the bin today, added up to then. Two queries whose answers grow with owners and stages, not with
    deals."""
    return _summed(DealSpan.objects.at(moment), moment)


def kept_totals(check: DayCheck) -> dict[Group, Total]:
    rows = DayTotal.objects.filter(check_of=check)
    return {
        Group(*group): Total(count, amount)
        for *group, count, amount in rows.values_list(*Group._fields, "count", "amount")
    }


def _summed(spans: QuerySet[DealSpan], moment: dt.datetime) -> dict[Group, Total]:
    paths = paths_at(moment)
    rows = spans.order_by().values_list("owner_id", "outcome", "stage", "forecast_category", "currency")
    found: dict[Group, Total] = {}
    for owner_id, *rest, count, amount in rows.annotate(Count("deal_id"), Sum("amount")):
        group = Group(paths.get(owner_id, ""), *rest)
        old = found.get(group, NOTHING)
        found[group] = Total(old.number + count, old.amount + (amount or Decimal(0)))
    return found


def causes(check: DayCheck) -> list[Cause]:
    """What has happened to deals since the last look at a day, in the order it is told."""
    first, unsure = _events(check.looked_at)
    then = DealSpan.objects.filter(from_at__lte=check.moment, to_at__gt=check.moment)
    in_bin = Q(deal__deleted_at__isnull=False)
    found = []
    for key, state, sign in (("deleted", in_bin, -1), ("restored", ~in_bin, 1), ("imported", ~in_bin, 1)):
        deals = sorted(deal for deal, why in first.items() if why == key and deal not in unsure)
        if key == "deleted":
            unsure |= dict.fromkeys(_missing(deals), "purged")
        found.append(_moved(key, then.filter(state), deals, check.moment, sign))
    for key in ("deleted", "restored", "imported", "changed", "purged"):
        if some := tuple(sorted(deal for deal, why in unsure.items() if why == key)):
            found.append(Cause(key, some))
    return found


def _moved(key: str, spans: QuerySet[DealSpan], deals: Sequence[int], moment: dt.datetime, sign: int) -> Cause:
    """What those of the deals that have such a span add to the totals, or take from them."""
    moved: dict[Group, Total] = {}
    touched: list[int] = []
    for ids in _some(deals):
        there = spans.filter(deal__in=ids)
        touched += there.values_list("deal_id", flat=True)
        for group, total in _summed(there, moment).items():
            old = moved.get(group, NOTHING)
            moved[group] = Total(old.number + sign * total.number, old.amount + sign * total.amount)
    return Cause(key, tuple(sorted(touched)), moved)


def _missing(deals: Sequence[int]) -> Iterator[int]:
    for ids in _some(deals):
        yield from set(ids) - set(Deal.everything.filter(pk__in=ids).values_list("pk", flat=True))


def _some(deals: Sequence[int]) -> Iterator[Sequence[int]]:
    return (deals[start : start + HELD] for start in range(0, len(deals), HELD))


def _events(since: dt.datetime) -> tuple[dict[int, str], dict[int, str]]:
    """What first happened to deals since a look; and deals of which it can't be said what they had added before, with the reason."""
    first: dict[int, str] = {}
    unsure: dict[int, str] = {}
    for run in _runs(since):
        for deal_id, action in _rows_of(run):
            why = WRITTEN[action]
            # A run that began before the look may have written this deal by then.
            if why == "imported" and run.started_at >= since + BLUR and run.undone_at is None:
                first.setdefault(deal_id, why)
            elif deal_id not in first:
                unsure.setdefault(deal_id, "changed" if run.undone_at else why)
    rows = AuditEntry.objects.filter(kind="deal", verb__in=BIN, made_at__gte=since - BLUR).order_by("pk")
    for deal_id, verb, made_at in rows.values_list("object_id", "verb", "made_at"):
        if made_at < since + BLUR:
            unsure.setdefault(deal_id, verb)
        else:
            first.setdefault(deal_id, verb)
    return first, unsure


def _runs(since: dt.datetime) -> QuerySet[ImportRun]:
    """Imports that were under way, or taken back, about a look or after it."""
    late = Q(finished_at__gte=since - BLUR) | Q(undone_at__gte=since - BLUR) | Q(started_at__gte=since - BLUR)
    return ImportRun.objects.filter(late | Q(state=ImportState.RUNNING), dry_run=False).order_by("pk")


def _rows_of(run: ImportRun) -> Iterable[tuple[int, str]]:
    rows = ImportedRow.objects.filter(run=run, model="deal", action__in=WRITTEN).order_by("pk")
    return rows.values_list("object_id", "action")


def as_rows(check: DayCheck, totals: Totals) -> list[DayTotal]:
    """Unsaved, for keeping."""
    return [
        DayTotal(check_of=check, **group._asdict(), count=total.number, amount=total.amount)
        for group, total in sorted(totals.items())
    ]
