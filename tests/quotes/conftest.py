"""Rae's deal against VMware, quotes on it, and the way they go through approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Notification, Person, PlaybookVersion, Product
from crm.services.audit import Act
from deals.models import Deal
from deals.services.committee import set_competitor
from playbook import storing
from quotes.models import Approval, Quote, Revision
from quotes.services.decisions import decide
from quotes.services.submissions import submit
from tests.conftest import shipped, shipped_row
from tests.factories import make_account, make_deal, make_quote

LIGHTHOUSE: dict[str, Any] = {
    "prepaid": True,
    "strategic": {"reason": "lighthouse", "percent": "10", "got": ["reference"]},
}
"""With 500 sockets for three years: 2,779,818.75, and the SVP has to agree."""
DISPLACEMENT: dict[str, Any] = {"strategic": {"reason": "displacement", "percent": "5", "got": ["timing"]}}
"""The VP has to agree."""
BOTH: dict[str, Any] = {**LIGHTHOUSE, "liability_cap": "months_24"}
"""The VP first, then the SVP."""


def newest(quote: Quote) -> Revision:
    found = quote.latest
    assert found is not None
    return found


def publish(change: Callable[[dict[str, Any]], object]) -> int:
    """The shipped playbook with something changed, as the next version."""
    data = storing.to_json(shipped())
    change(data)
    number = PlaybookVersion.objects.count() + 1
    kept = shipped_row() | {"data": data, "digest": f"{number}" * 64}
    PlaybookVersion.objects.create(number=number, published_at=timezone.now(), **kept)
    return number


@pytest.fixture
def products(playbook: Any) -> None:
    Product.objects.bulk_create(Product(key=one.key, name=one.label, in_playbook=True) for one in shipped().products)


@pytest.fixture
def deal(rae: Person, products: None) -> Deal:
    made = make_deal(rae, account=make_account("Aster Health"), amount=None)
    set_competitor(act=Act(by=rae), deal_id=made.pk, competitor_key="vmware", position="incumbent")
    return made


@pytest.fixture
def send(deal: Deal, run_jobs: Callable[[], int]) -> Callable[..., Approval]:
    """Drafts a quote on Rae's deal, submits it, and has the worker compute its chain."""

    def sent(quote: Quote | None = None, **inputs: Any) -> Approval:
        quote = quote or make_quote(deal, **inputs)
        submit(act=Act(by=deal.owner), quote_id=quote.pk)
        run_jobs()
        return Approval.objects.get(revision=Quote.objects.get(pk=quote.pk).latest)

    return sent


@pytest.fixture
def say() -> Callable[..., Approval]:
    """Somebody's verdict on a step, of what they were shown."""

    def said(who: Person, approval: Approval, verdict: str = "approve", position: int = 1, **values: Any) -> Approval:
        given = {"fingerprint": approval.fingerprint, "comment": "" if verdict == "approve" else "Too much."} | values
        return decide(act=Act(by=who), approval_id=approval.pk, position=position, verdict=verdict, **given)

    return said


@pytest.fixture
def told() -> Callable[[Person], list[tuple[str, str]]]:
    """Kind and text of all somebody was told of approvals, the first one first."""

    def of(person: Person) -> list[tuple[str, str]]:
        rows = Notification.objects.filter(to=person, kind__startswith="approval").order_by("pk")
        return list(rows.values_list("kind", "text"))

    return of
