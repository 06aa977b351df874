"""The deal brief: one page, whatever is known, for whoever sees the deal in full."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.models import Company, Competitor
from crm.queries import company as companies
from deals.models import Deal, DealCompetitor, DealContact, DealRisk, MeddpiccElement, RaisedObjection
from deals.queries.detail import see
from deals.queries.meddpicc import WITH
from reports.queries.deal_brief import deal_brief
from tests.factories import make_contact, make_deal
from tests.reports.conftest import pages_of

LONG = "Something that goes on and on about their estate, " * 12


@pytest.fixture
def crowded(rae):
    """A deal with more of everything than a page has room for."""
    deal = make_deal(rae, name="Estate " * 26, next_step=LONG[:190], next_step_date=dt.date(2026, 7, 1))
    for number in range(12):
        who = make_contact(deal.account, f"{'Long' * 19}{number}", title="Director of everything " * 4)
        DealContact.objects.create(deal=deal, contact=who, role="economic_buyer", sentiment="supporter")
        competitor = Competitor.objects.create(key=f"rival_{number}", name=f"Rival {number} " * 8)
        DealCompetitor.objects.create(deal=deal, competitor=competitor)
        RaisedObjection.objects.create(deal=deal, text=LONG[:190], raised_at=timezone.now(), raised_by=rae)
    for element in ("metrics", "identify_pain", "champion", "competition"):
        MeddpiccElement.objects.create(deal=deal, element=element, strength="claimed", fields={"statement": LONG})
    for risk in ("close_date_passed", "no_champion", "no_economic_buyer", "paper_process_unknown"):
        DealRisk.objects.create(deal=deal, risk=risk, because=[LONG], since_at=timezone.now())
    return deal


def test_it_is_one_page_however_much_there_is_to_say(crowded, printer, rae, sign_in):
    answer = sign_in(rae).get(f"/deals/{crowded.pk}/brief.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    pages = pages_of(answer.getvalue())
    assert len(pages) == 1
    asks = deal_brief(see(rae, crowded.pk, *WITH, "risks"), companies.company(), timezone.now()).asks
    assert asks.more not in {0, 7, 9, 10}
    assert "and 7 more" in pages[0]  # people
    assert "and 10 more" in pages[0]  # competitors
    assert "and 9 more" in pages[0]  # objections
    assert f"and {asks.more} more" in pages[0]  # what the call should bring
    assert "Page 1 of 1" in pages[0]


def test_it_says_what_is_known_and_what_is_not(rae):
    deal = make_deal(rae, name="Small one", amount=Decimal("185000.50"), close_date=dt.date(2026, 9, 30))
    sight = see(rae, deal.pk, *WITH, "risks")
    brief = deal_brief(sight, companies.company(), dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC))
    assert dict(brief.facts) | {"MEDDPICC": ""} == {
        "Account": "Account of Small one",
        "ARR": "185,000.50\u00a0USD",
        "Stage": "Discovery, 5 days",
        "Closes": "30 Sep 2026",
        "Class": "undecided (1.00\u20135.00)",
        "MEDDPICC": "",
        "Owner": "Rae Test",
    }
    assert [one.strong for one in brief.asks.shown] == [
        "Find out: metrics",
        "Find out: economic buyer",
        "Find out: decision criteria",
    ]
    assert brief.asks.more == 5


def test_days_are_those_where_the_company_is(rae):
    """At one in the morning of the 21st in Sydney it is still the 20th in Greenwich, and in the reader's Los Angeles the day before."""
    Company.objects.update_or_create(defaults={"time_zone": "Australia/Sydney"})
    entered = dt.datetime(2026, 6, 15, 13, 30, tzinfo=dt.UTC)  # the 15th, 23:30
    deal = make_deal(rae, stage_entered_at=entered)
    now = dt.datetime(2026, 6, 20, 15, tzinfo=dt.UTC)
    with timezone.override("America/Los_Angeles"):
        brief = deal_brief(see(rae, deal.pk, *WITH, "risks"), companies.company(), now)
    assert dict(brief.facts)["Stage"] == "Discovery, 6 days"


def test_who_knows_a_deal_by_name_has_no_brief_of_it(rae, remy, eve, sign_in):
    deal = make_deal(rae)
    for who in (remy, eve):
        assert sign_in(who).get(f"/deals/{deal.pk}/brief.pdf").status_code == 404
    assert Deal.objects.count() == 1
