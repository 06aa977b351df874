"""A book of deals with a past, and reports on it over HTTP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from crm.models import Company, ExchangeRate, Person
from crm.services.audit import Act
from deals.models import Deal
from deals.services.deals import create_deal, update_deal
from deals.services.stages import change_stage, close_deal
from tests.factories import make_account

START = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)


def on(days: float) -> dt.datetime:
    return START + dt.timedelta(days=days)


def day(days: int) -> str:
    return (START + dt.timedelta(days=days)).date().isoformat()


@pytest.fixture
def book(rae: Person, remy: Person, otto: Person, playbook: Any) -> dict[str, Deal]:
    """Three deals with a past: a hand-over from East to West on day 30, a stage and an amount on day 20, one won on day 40."""
    ExchangeRate.objects.create(currency="EUR", from_date=dt.date(2026, 1, 1), rate=Decimal("1.25"))
    Company.objects.update_or_create(defaults={"currencies": ["EUR"]})
    aster = make_account("Aster Health", segment="enterprise_it", employees=12_000)

    def made(name: str, amount: str | None, **values: Any) -> Deal:
        given = {"name": name, "account": aster, "owner": rae, "stage": "discovery", **values}
        given |= {"amount": Decimal(amount)} if amount else {}
        return create_deal(act=Act(by=otto, at=START), values=given)

    one = made("Renewal", "100000.10", close_date=dt.date(2026, 9, 30))
    two = made("Breadth", "33333.33", currency="EUR", account=make_account("Brook", segment="cloud"))
    three = made("Campus", None)
    update_deal(act=Act(by=otto, at=on(20)), deal_id=one.pk, values={"amount": Decimal("150000.00")})
    change_stage(act=Act(by=rae, at=on(20)), deal_id=one.pk, stage="proposal", why="They asked.")
    update_deal(act=Act(by=otto, at=on(30)), deal_id=two.pk, values={"owner": remy})
    close_deal(
        act=Act(by=rae, at=on(40)),
        deal_id=one.pk,
        outcome="won",
        reasons=["cost_savings"],
        no_competitor=True,
        note="Signed.",
    )
    return {"one": one, "two": two, "three": three}


@pytest.fixture
def read(sign_in: Any) -> Any:
    def ask(person: Person, key: str = "pipeline", **query: Any) -> dict[str, Any]:
        answer = sign_in(person).get(f"/api/reports/{key}/", query)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    return ask


def table(report: dict[str, Any], key: str) -> list[list[Any]]:
    found = next(one for one in report["tables"] if one["key"] == key)
    return [row["values"] for row in found["rows"]]
