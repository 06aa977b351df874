"""A company's past for the forecast's model: deals with their spans, written in bulk."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from crm.models import Account, Person
from deals.models import Deal, DealSpan
from deals.rules.spans import FAR
from tests.factories import make_account

STAGES = ("discovery", "qualified", "proposal", "negotiation")


def make_history(owners: list[Person], now: dt.datetime, *, deals: int = 240, days: int = 600, seed: int = 7) -> None:
    """A deal every few days, each some weeks in a stage; half of those that reach the end are won. Spans alone: what the
    model reads."""
    random, account = Random(seed), make_account("Old customers")
    rows, spans = [], []
    for number in range(deals):
        opened = now - dt.timedelta(days=days - number * days / deals)
        rows.append(_deal(number, owners[number % len(owners)], account, opened))
    Deal.objects.bulk_create(rows)
    for deal in rows:
        made = _life(random, deal, now)
        spans += made
        deal.stage, deal.outcome, deal.amount = made[-1].stage, made[-1].outcome, made[-1].amount
        deal.closed_at = None if deal.outcome == "open" else made[-1].from_at
    Deal.objects.bulk_update(rows, ["stage", "outcome", "amount", "closed_at"])
    DealSpan.objects.bulk_create(spans)


def _deal(number: int, owner: Person, account: Account, opened: dt.datetime) -> Deal:
    return Deal(
        name=f"Deal {number}",
        owner=owner,
        account=account,
        stage="discovery",
        stage_entered_at=opened,
        created_at=opened,
    )


def _life(random: Random, deal: Deal, now: dt.datetime) -> list[DealSpan]:
    at, amount = deal.created_at, Decimal(random.randrange(50, 150) * 1_000)
    found: list[DealSpan] = []

    def add(stage: str, outcome: str = "open") -> None:
        if found:
            found[-1].to_at = at
        close = at.date() if outcome != "open" else (now + dt.timedelta(days=20)).date()
        found.append(
            DealSpan(
                deal=deal, from_at=at, to_at=FAR, stage=stage, stage_from_at=at, outcome=outcome, amount=amount,
                currency="USD", close_date=close, owner=deal.owner, forecast_category="pipeline",
            )
        )  # fmt: skip

    for stage in STAGES:
        add(stage)
        at += dt.timedelta(days=random.randrange(6, 30))
        if at >= now:
            return found
        if random.random() < 0.16:
            add("lost", "lost")
            return found
    add("won", "won")
    return found
