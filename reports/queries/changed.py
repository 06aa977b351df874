"""What became of single deals between two moments: from what to what, by whom, when and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from crm.models import Person
from crm.queries import company as companies
from crm.rules.currencies import to_cents
from crm.rules.fact_words import show_date
from crm.rules.formatting import DASH, money
from deals.models import Deal, DealInterval
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import DIMENSIONS
from reports.queries.waterfall import Span
from reports.rules.report import Column, Row, Table
from reports.rules.waterfall import STEPS, Change, State, steps_of

ARROW = " → "
COLUMNS = (
    Column("deal", "Deal"),
    Column("step", "Step"),
    Column("amount", "ARR", "money", "What it added to the open pipeline, or took from it."),
    Column("what", "What changed"),
    Column("by", "By"),
    Column("on", "On", "date"),
    Column("why", "Why"),
)
EACH = ("span", "outcome", "currency", "said", "stage", "close", "owner", "ours", "inside")


@dataclass(frozen=True, slots=True)
class Told:
    """The newest change of a deal between the ends, and every reason that was given."""

    by: str
    at: dt.datetime
    why: str


def changed_table(
    asked: Asked,
    span: Span,
    deals: QuerySet[Deal],
    purse: Purse,
    *,
    key: str = "deals",
    title: str = "Which deals changed?",
) -> Table:
    """`deals` of `waterfall.in_step`, cut to what is shown. Three queries."""
    rows = list(deals.values("pk", "name", *(f"{name}_{column}" for name in ("before", "after") for column in EACH)))
    told = _told([row["pk"] for row in rows], span)
    owners = Person.objects.in_bulk({row[f"{name}_owner"] for row in rows for name in ("before", "after")} - {None})
    names = DIMENSIONS["stage"].names(asked, ())
    return Table(
        key,
        title,
        COLUMNS,
        tuple(_row(asked, row, told.get(row["pk"]), owners, names, purse) for row in rows),
        empty="Nothing changed in this time.",
    )


def in_order(table: Table, ids: Sequence[int]) -> Table:
    """A table of deals in the order of these."""
    by_link = {row.link: row for row in table.rows}
    links = [reverse("deals:deal-detail", args=[pk]) for pk in ids]
    return replace(table, rows=tuple(by_link[link] for link in links if link in by_link))


def _row(
    asked: Asked, row: dict[str, Any], told: Told | None, owners: dict[int, Person], stages: Any, purse: Purse
) -> Row:
    change = Change(_state(row, "before") if row["before_span"] else None, _state(row, "after"))
    added = [one for one in steps_of(change) if asked.sees_money or one.step not in ("up", "down")]
    amount = sum((purse.exact(one.amount, one.currency) for one in added), Decimal(0))
    whose = told if asked.sees_detail else None
    values = (
        row["name"],
        ", ".join(STEPS[one.step] for one in added),
        to_cents(amount) if asked.sees_money else None,
        "; ".join(_differences(asked, row, owners, stages)),
        whose.by if whose else None,
        companies.day_of(asked.company, told.at) if told else None,
        whose.why if whose else None,
    )
    return Row(values, link=reverse("deals:deal-detail", args=[row["pk"]]))


def _state(row: dict[str, Any], name: str) -> State:
    return State(
        row[f"{name}_outcome"],
        row[f"{name}_said"] or Decimal(0),
        row[f"{name}_currency"] or "",
        row[f"{name}_ours"],
        row[f"{name}_inside"],
    )


def _differences(asked: Asked, row: dict[str, Any], owners: dict[int, Person], stages: Any) -> Iterable[str]:
    """ "Discovery → Proposal", "ARR 100,000 USD → 150,000 USD"; of a new deal where it stands."""
    ends = ("before", "after") if row["before_span"] else ("after",)
    words: dict[str, Callable[[str], str]] = {
        "stage": lambda name: stages.get(row[f"{name}_stage"], row[f"{name}_stage"] or "not known"),
        "owner_id": lambda name: str(owners.get(row[f"{name}_owner"], "nobody known")),
        "close_date": lambda name: _date(row[f"{name}_close"]),
    }
    if asked.sees_money:
        words["amount"] = lambda name: money(row[f"{name}_said"], row[f"{name}_currency"])
    for column, label in (("stage", ""), ("amount", "ARR "), ("close_date", "Closes "), ("owner_id", "")):
        if column in words:
            said = [words[column](name) for name in ends]
            if len(said) == 1 or said[0] != said[1]:
                yield label + ARROW.join(said)


def _date(value: dt.date | None) -> str:
    return show_date(value.isoformat()) if value else DASH


def _told(deal_ids: Sequence[int], span: Span) -> dict[int, Told]:
    rows = DealInterval.objects.filter(deal__in=deal_ids, from_at__gt=span.start, from_at__lte=span.end)
    found: dict[int, Told] = {}
    for row in rows.select_related("changed_by").order_by("from_at", "pk"):
        before = found.get(row.deal_id)
        reasons = [why for why in (before.why.split(" · ") if before else []) if why]
        if row.why and row.why not in reasons:
            reasons.append(row.why)
        found[row.deal_id] = Told(str(row.changed_by or ""), row.from_at, " · ".join(reasons))
    return found
