"""Who changed what of a quarter's deals within a week: each change as it was written, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from crm.models import Person
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter
from crm.rules.fact_words import show_date
from crm.rules.formatting import DASH, count, money
from deals.models import Deal, DealInterval, DealSpan, ForecastCategory, TrackedField
from reports.queries.asked import Asked
from reports.queries.cuts import DIMENSIONS, sees_all
from reports.queries.scope import Scope
from reports.rules.report import Column, Row, Table

ARROW = " → "
SHOWN = 60
COLUMNS = (
    Column("deal", "Deal"),
    Column("what", "What changed"),
    Column("by", "By"),
    Column("on", "On", "date"),
    Column("why", "Why"),
)
TITLE = "Who changed what since a week ago?"


@dataclass(frozen=True, slots=True)
class Words:
    """How values of intervals read."""

    stages: Mapping[str, str]
    people: Mapping[int, Person]

    def of(self, field: str, value: str) -> str:
        if not value:
            return DASH
        match field:
            case TrackedField.STAGE:
                return self.stages.get(value, value)
            case TrackedField.AMOUNT:
                amount, _, currency = value.partition(" ")
                return money(Decimal(amount), currency)
            case TrackedField.CLOSE_DATE:
                return show_date(value)
            case TrackedField.OWNER:
                return str(self.people.get(int(value), "nobody known"))
        return dict(ForecastCategory.choices).get(value, value)


NAMES = {
    TrackedField.STAGE: "",
    TrackedField.AMOUNT: "ARR ",
    TrackedField.CLOSE_DATE: "Closes ",
    TrackedField.OWNER: "",
    TrackedField.FORECAST_CATEGORY: "Called ",
}


def change_table(asked: Asked, quarter: FiscalQuarter, since: dt.datetime, scope: Scope) -> Table:
    """Of deals that were to close in the quarter, or were won or lost in it, at any moment of that week. Those one may not see
    are counted alone."""
    rows = _changes(asked, quarter, since, scope)
    every = _counted(rows)
    seen, mine = (rows, every)
    if not sees_all(asked):
        seen = rows.filter(deal__in=Deal.objects.visible_to(asked.user))
        mine = _counted(seen)
    found = list(seen.select_related("deal", "changed_by").order_by("-from_at", "-pk")[:SHOWN])
    before = _before(found)
    owners = {
        value for row in found for value in (row.value, before.get(row.pk, "")) if row.field == TrackedField.OWNER
    }
    people = Person.objects.in_bulk([int(value) for value in owners if value])
    words = Words(DIMENSIONS["stage"].names(asked, ()), people)
    return Table(
        "changes", TITLE, COLUMNS, tuple(_row(asked, row, before.get(row.pk), words) for row in found),
        _note(every.deals - mine.deals, mine.changes - len(found)),
        empty="Nobody changed a deal of this quarter within the week.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    changes: int
    deals: int


def _counted(rows: QuerySet[DealInterval]) -> Counted:
    found = rows.order_by().aggregate(changes=Count("pk"), deals=Count("deal_id", distinct=True))
    return Counted(found["changes"], found["deals"])


def _changes(asked: Asked, quarter: FiscalQuarter, since: dt.datetime, scope: Scope) -> QuerySet[DealInterval]:
    begun = DealSpan.objects.filter(from_at__gt=since, from_at__lte=asked.moment).counted()
    inside = DealSpan.objects.filter(
        scope.owned(),
        from_at__lte=asked.moment,
        to_at__gt=since,
        close_date__range=(quarter.first_date, quarter.last_date),
        deal__in=begun.values("deal_id"),
    )
    told = [field for field in TrackedField if _may_know(asked, field)]
    rows = DealInterval.objects.filter(
        deal__in=inside.values("deal_id"), from_at__gt=since, from_at__lte=asked.moment, field__in=told
    )
    # What was replaced at the moment it was written never held, what was written again changed nothing (closing on the day it
    # was to close), and a new deal is one line, not five.
    lasted = Q(to_at__isnull=True) | Q(to_at__gt=F("from_at"))
    same = {name: OuterRef(name) for name in ("deal", "field", "value")}
    again = DealInterval.objects.filter(**same, to_at=OuterRef("from_at"), from_at__lt=F("to_at"))
    return rows.filter(lasted, ~Exists(again), ~Q(from_at=F("deal__created_at")) | Q(field=TrackedField.STAGE))


def _may_know(asked: Asked, field: str) -> bool:
    if field == TrackedField.AMOUNT:
        return asked.sees_money
    return field != TrackedField.FORECAST_CATEGORY or asked.sees_detail


def _before(rows: Sequence[DealInterval]) -> dict[int, str]:
    """What each value replaced, by the id of what replaced it; a first value replaced none. One query."""
    ended = DealInterval.objects.filter(deal__in={row.deal_id for row in rows}, to_at__in={row.from_at for row in rows})
    values = {(row.deal_id, row.field, row.to_at): row.value for row in ended.order_by("pk")}
    keys = {row.pk: (row.deal_id, row.field, row.from_at) for row in rows}
    return {pk: values[key] for pk, key in keys.items() if key in values}


def _row(asked: Asked, row: DealInterval, before: str | None, words: Words) -> Row:
    now = words.of(row.field, row.value)
    name = NAMES[TrackedField(row.field)]
    if before is None:
        what = f"New: {now}" if row.field == TrackedField.STAGE else f"{name}{now}"
    else:
        what = f"{name}{words.of(row.field, before)}{ARROW}{now}"
    who = str(row.changed_by or "") if asked.sees_detail else None
    values = (
        row.deal.name, what, who, companies.day_of(asked.company, row.from_at), row.why if asked.sees_detail else None
    )  # fmt: skip
    return Row(values, link=reverse("deals:deal-detail", args=[row.deal_id]))


def _note(hidden: int, more: int) -> str:
    said = []
    if more > 0:
        said.append(f"These are the newest {SHOWN}; {more:,} more.")
    if hidden > 0:
        said.append(
            f"{count(hidden, 'other deal')} changed too, and {'is' if hidden == 1 else 'are'} not in your reach."
        )
    return " ".join(said)
