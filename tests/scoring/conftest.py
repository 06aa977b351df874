"""What the scoring tests stand on: published playbooks and deals with facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Account, Person, PlaybookVersion
from deals.models import BantAssessment, Deal, DealScore
from playbook import loader, storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook

TODAY = dt.date(2026, 6, 15)
NOW = dt.datetime(2026, 6, 15, 9, 0, tzinfo=dt.UTC)

HOT = {
    "budget_amount": "2000000.00",
    "budget_status": "allocated",
    "authority_access": "engaged",
    "pain_clarity": "urgent",
    "impact_amount": "1500000.00",
    "decision_date": "2026-10-01",
    "deadline": "hard",
    "sponsor_level": "ceo_cio",
}
"""Facts that suggest a 5 for every criterion but technical fit, which the account decides."""


@pytest.fixture(scope="session")
def shipped() -> Playbook:
    return loader.load()


@pytest.fixture
def publish(db: None, shipped: Playbook) -> Callable[..., int]:
    """Publishes the shipped playbook, its weights changed where said; gives the number."""

    def _publish(weights: dict[str, int] | None = None, **changes: Any) -> int:
        data = storing.to_json(shipped)
        for criterion in data["bant"]["criteria"]:
            criterion["weight"] = str((weights or {}).get(criterion["key"], criterion["weight"]))
            if criterion["key"] == changes.get("two_anchors"):
                criterion["anchors"] = [criterion["anchors"][0], criterion["anchors"][-1]]
        data["meddpicc"] |= changes.get("meddpicc", {})
        number = (PlaybookVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        PlaybookVersion.objects.create(
            number=number,
            data=data,
            digest=str(number),
            schema_version=SCHEMA_VERSION,
            rule_version=RULE_VERSION,
            published_at=NOW,
        )
        return number

    return _publish


@pytest.fixture
def seller(db: None) -> Person:
    return Person.objects.create(username="seller", roles=["rep"])


@pytest.fixture
def deal(publish: Callable[..., int], seller: Person) -> Callable[..., Deal]:
    """Makes an open deal with facts; the first call publishes a playbook if there is none."""

    def _deal(
        facts: dict[str, Any] | None = None,
        account_facts: dict[str, Any] | None = None,
        overrides: dict[str, int] | None = None,
        segment: str = "enterprise_it",
    ) -> Deal:
        if not PlaybookVersion.objects.exists():
            publish()
        account = Account.objects.create(
            name="Aster Health", segment=segment, facts=account_facts or {}, created_at=NOW
        )
        made = Deal.objects.create(
            name="Renewal displacement",
            account=account,
            owner=seller,
            stage="discovery",
            stage_entered_at=NOW,
            created_at=NOW,
        )
        BantAssessment.objects.create(deal=made, facts=facts or {}, overrides=overrides or {})
        DealScore.objects.create(deal=made)
        return made

    return _deal


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()
