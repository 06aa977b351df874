"""What the deal tells of its quotes, and what becomes of them with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.models.bin import KEPT_DAYS
from crm.registry import bins, timeline_providers
from crm.services.audit import Act
from crm.services.bin import purge, restore
from deals.models import Deal
from deals.services.deletion import delete_deal
from quotes.models import Approval, Quote
from quotes.queries.approvers import waiting_for
from quotes.services.acceptance import accept
from quotes.services.decisions import comment
from quotes.services.submissions import withdraw
from tests.quotes.conftest import BOTH, DISPLACEMENT

pytestmark = pytest.mark.django_db


def timeline(deal: Deal, limit: int = 50) -> list[tuple[str, str, str]]:
    told: Any = timeline_providers.get("quotes").entries
    entries = told(deal.pk, None, limit, None)
    return [(one.text.replace("\u00a0", " "), one.by, one.quote) for one in reversed(entries)]


def test_the_timeline_tells_the_story(send, say, rae, vik, sue, deal, django_assert_num_queries):
    approval = send(**BOTH)
    name = approval.revision.quote.reference
    comment(act=Act(by=vik), approval_id=approval.pk, text="Why 24 months?")
    say(vik, approval, comment="Fine.")
    say(sue, approval, position=2)
    accept(act=Act(by=rae), quote_id=approval.revision.quote_id, fingerprint=approval.fingerprint)
    with django_assert_num_queries(2):
        assert timeline(deal) == [
            (f"{name} drafted", str(rae), ""),
            (f"{name} revision 1 sent for approval: 2,779,818.75 USD", str(rae), ""),
            (f"{name} waits for VP", "", ""),
            (f"{name} remarked on", str(vik), "Why 24 months?"),
            (f"{name} approved as VP", str(vik), "Fine."),
            (f"{name} waits for SVP", str(vik), ""),
            (f"{name} approved as SVP", str(sue), ""),
            (f"{name} revision 1 accepted by the customer: 2,779,818.75 USD", str(rae), ""),
        ]
    assert len(timeline(deal, limit=2)) == 2


def test_it_tells_of_what_went_back_by_itself_and_what_is_void(send, rae, deal):
    first = send()
    name = first.revision.quote.reference
    withdraw(act=Act(by=rae), quote_id=first.revision.quote_id, why="They want more.")
    assert timeline(deal)[2:] == [
        (f"{name} approved at once: nobody has to agree", "by the rules", ""),
        (f"{name} revision 1 withdrawn", str(rae), "They want more."),
    ]


def test_with_the_deal_in_the_bin_nothing_waits_and_with_it_back_everything_does(send, say, rae, vik, otto, deal):
    approval = send(**DISPLACEMENT)
    delete_deal(act=Act(by=rae), deal_id=deal.pk)
    assert list(waiting_for(vik, at=timezone.now())) == []
    assert not Quote.objects.visible_to(otto).exists()
    with pytest.raises(Approval.DoesNotExist):
        say(vik, approval)
    restore(act=Act(by=otto), kind=bins.get("deal"), record_id=deal.pk)
    say(vik, approval)
    assert Approval.objects.get().state == "approved"


def test_what_is_purged_takes_its_quotes_along(send, rae, deal):
    send(**DISPLACEMENT)
    long_ago = timezone.now() - dt.timedelta(days=KEPT_DAYS + 1)
    delete_deal(act=Act(by=rae, at=long_ago), deal_id=deal.pk)
    purge(act=Act(by=None))
    assert not Deal.everything.filter(pk=deal.pk).exists()
    assert not Quote.objects.exists()
    assert not Approval.objects.exists()
