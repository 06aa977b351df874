"""The deals of a pipeline to look at first: those at risk with why, the largest, the oldest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db.models import F
from django.urls import reverse

from crm.models import Person
from crm.queries import company as companies
from crm.rules.currencies import to_cents
from deals.models import Deal, DealSpanQuerySet
from deals.queries.today import Risks, at_risk, risks_of
from reports.queries import bands
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import DIMENSIONS, opens, sees_all, visible
from reports.rules.report import Column, Row, Table

SHOWN = 10
FIRST = 5
KEPT_NOT = "Which risks a deal had is not kept by day, so risks are shown for today alone."
NEED = (
    Column("deal", "Deal"),
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("stage", "Stage"),
    Column("amount", "ARR", "money"),
    Column("close", "Close date", "date"),
    Column("why", "Why"),
)
RISKS = (
    Column("risk", "Risk"),
    Column("deals", "Deals", "count"),
    Column("amount", "ARR", "money"),
    Column("advice", "What to do"),
)
DEALS = (
    Column("deal", "Deal"),
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("stage", "Stage"),
    Column("amount", "ARR", "money"),
    Column("days", "Days in stage", "days"),
    Column("age", "Age", "days"),
    Column("close", "Close date", "date"),
)


def attention_tables(asked: Asked, rows: DealSpanQuerySet, purse: Purse) -> tuple[Table, ...]:
    """`rows` are open. Which deals: only those that whoever asks may see today."""
    risks = _at_risk(asked, rows, purse) if asked.sees_detail else ()
    seen = visible(rows, asked)
    there = seen.filter(deal__deleted_at__isnull=True)  # said once more: the index of deals by age holds no others
    oldest = _first(there.order_by("deal__created_at", "deal_id"))
    largest: list[int] = []
    if asked.sees_money:
        worth = bands.worth(purse.all_rates())
        largest = _first(seen.filter(amount__isnull=False).alias(worth=worth).order_by(F("worth").desc(), "deal_id"))
    shown = _shown(asked, seen, {*oldest, *largest}, purse)
    by_worth = (
        [_deals("largest", "Which are the largest?", largest, shown)]
        if largest or (asked.sees_money and not oldest)
        else []
    )
    return (*risks, *by_worth, _deals("oldest", "Which are the oldest?", oldest, shown))


def _at_risk(asked: Asked, rows: DealSpanQuerySet, purse: Purse) -> tuple[Table, ...]:
    need = "Which deals need you?"
    if asked.as_of < asked.today:
        return ()
    ids = rows.values("deal_id")
    deals = Deal.objects.filter(pk__in=ids)
    found = (
        risks_of(deals, asked.playbook, ids)
        if sees_all(asked)
        else risks_of(deals.visible_to(asked.user), asked.playbook)
    )
    return (_need(asked, found, purse, need), _risks(asked, found, purse))


def _need(asked: Asked, found: Risks, purse: Purse, title: str) -> Table:
    stages = {stage.key: stage.label for stage in asked.playbook.stages}
    rows = []
    for one in at_risk(Deal.objects.visible_to(asked.user), found.first[:FIRST], asked.playbook):
        deal = one.deal
        amount = _amount(asked, purse, deal.amount, deal.currency)
        why = "; ".join(_because(risk.label, because) for risk, because in one.risks[:3])
        values = (
            str(deal),
            str(deal.account),
            str(deal.owner),
            stages.get(deal.stage, deal.stage),
            amount,
            deal.close_date,
            why,
        )
        rows.append(Row(values, link=reverse("deals:deal-detail", args=[deal.pk])))
    empty = "No open deal here has a risk of the playbook."
    return Table("need", title, NEED, tuple(rows), "The largest with a grave risk.", empty=empty)


def _because(label: str, because: Sequence[str]) -> str:
    return f"{label} ({', '.join(because)})" if because else label


def _risks(asked: Asked, found: Risks, purse: Purse) -> Table:
    rows = []
    for risk in asked.playbook.risks:
        if groups := found.groups.get(risk.key):
            amount = sum((purse.exact(total, currency) for currency, _, total in groups), Decimal(0))
            link = opens(asked, ("outcome", "open"), ("risk", risk.key))
            count = sum(count for _, count, _ in groups)
            values = (risk.label, count, to_cents(amount) if asked.sees_money else None, risk.advice)
            rows.append(Row(values, tone=risk.tone, opens={"": link, "deals": link}))
    note = "A deal with two risks is counted at each."
    return Table(
        "risks", "What is at risk?", RISKS, tuple(rows), note, empty="No open deal here has a risk of the playbook."
    )


def _first(rows: DealSpanQuerySet) -> list[int]:
    """Which first, from the index alone where it can be; sorting whole rows of all deals takes five times as long."""
    return list(rows.values_list("deal_id", flat=True)[:SHOWN])


def _shown(asked: Asked, rows: DealSpanQuerySet, ids: Collection[int], purse: Purse) -> dict[int, Row]:
    """By deal, as a row of both tables. Two queries."""
    read = list(rows.order_by().filter(deal__in=ids).select_related("deal__account"))
    owners = Person.objects.in_bulk({row.owner_id for row in read if row.owner_id})
    stages = DIMENSIONS["stage"]
    names = stages.names(asked, ())
    return {
        row.deal_id: Row(
            (
                str(row.deal),
                str(row.deal.account),
                str(owners[row.owner_id]) if row.owner_id else None,
                names.get(row.stage, row.stage or stages.none),
                _amount(asked, purse, row.amount, row.currency),
                days_between(asked, row.stage_from_at),
                days_between(asked, row.deal.created_at),
                row.close_date,
            ),
            link=reverse("deals:deal-detail", args=[row.deal_id]),
        )
        for row in read
    }


def _deals(key: str, title: str, ids: Sequence[int], shown: Mapping[int, Row]) -> Table:
    rows = tuple(shown[pk] for pk in ids if pk in shown)
    return Table(key, title, DEALS, rows, empty="No open deals you may see for these filters.")


def _amount(asked: Asked, purse: Purse, amount: Decimal | None, currency: str) -> Decimal | None:
    if not asked.sees_money or amount is None or not purse.knows(currency):
        return None
    return to_cents(purse.exact(amount, currency))


def days_between(asked: Asked, since: dt.datetime | None) -> int | None:
    """Whole days from a moment to the report's day, where the company is."""
    if since is None:
        return None
    return max((asked.as_of - companies.day_of(asked.company, since)).days, 0)
