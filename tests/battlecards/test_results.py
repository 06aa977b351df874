"""Win rates with and without a card, and who counts what."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from battlecards.models import Use
from battlecards.queries.results import results
from crm.models import Competitor
from deals.models import DealCompetitor
from tests.factories import make_account, make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(card, rae, remy):
    """Against VMware: of twelve of Rae's with the card six won; of ten of Remy's without it one."""
    now, account = timezone.now(), make_account()
    vmware = Competitor.objects.get(key="vmware")
    for person, count, won, used in ((rae, 12, 6, True), (remy, 10, 1, False)):
        for number in range(count):
            outcome = "won" if number < won else "lost"
            deal = make_deal(person, f"{person} {number}", account, outcome=outcome, stage=outcome, closed_at=now)
            DealCompetitor.objects.create(deal=deal, competitor=vmware)
            # Looked up after it was closed is not used on it.
            at = now - dt.timedelta(days=3) if used else now + dt.timedelta(days=1)
            Use.objects.create(card=card, deal=deal, person=person, how="viewed", day=at.date(), at=at)
    return card


def counted(person, card):
    found = results(person, [card])[0]
    return (found.used.won, found.used.closed), (found.not_used.won, found.not_used.closed)


def test_a_card_is_used_on_a_deal_before_it_closes(closed, eve):
    found = results(eve, [closed])[0]
    assert counted(eve, closed) == ((6, 12), (1, 10))
    assert (found.used.percent, found.used.low, found.used.high) == (Decimal("50.0"), Decimal("25.4"), Decimal("74.6"))
    assert found.documented is not None
    assert (found.documented.won, found.documented.closed) == (9, 15)


def test_everybody_counts_over_the_deals_they_may_see(closed, rae, remy, mona, vera, vik):
    assert [counted(who, closed) for who in (rae, remy, mona, vera, vik)] == [
        ((6, 12), (0, 0)), ((0, 0), (1, 10)), ((6, 12), (0, 0)), ((6, 12), (1, 10)), ((6, 12), (1, 10)),
    ]  # fmt: skip


def test_the_page_says_used_on_and_hides_what_is_too_few(closed, eve, sign_in):
    url = reverse("battlecards:card-results", args=["vmware"])
    shown = sign_in(eve).get(url).content.decode()
    for said in ("Used on the deal", "6 of 12; 95 % interval 25.4 to 74.6 %", "9 of 15", "not what won the deal"):
        assert said in shown
    assert "caused" not in shown
    Use.objects.filter(deal__outcome="won").delete()
    assert "6 closed, fewer than 10: not shown" in sign_in(eve).get(url).content.decode()
