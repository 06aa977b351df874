"""A deal's page: what it shows to whom."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from deals.models import Deal, DealScore
from deals.services.bant import set_facts
from deals.services.stages import close_deal
from tests.factories import make_deal

BY_ROLE = pytest.mark.any_engine(
    "who may is decided in Python; that each sees the same rows on both engines is deals/test_visibility's"
)

PANELS = ("bant", "meddpicc", "contacts", "competitors", "timeline")


def url(deal, part=""):
    return f"/deals/{deal.pk}/{part}{'/' if part else ''}"


def test_the_head_says_what_the_deal_is(rae_page, deal):
    page = rae_page.text(url(deal))
    assert "<h1>Renewal displacement</h1>" in page
    assert "Aster Health" in page
    assert "926,606.25 USD" in page
    assert "31 Dec" in page


def test_class_and_score_stand_together(rae_page, deal):
    DealScore.objects.filter(deal=deal).update(
        low=Decimal("3.95"), high=Decimal("3.95"), total=Decimal("3.95"), lead_class="B", possible_classes="B"
    )
    assert '<i class="B" aria-hidden="true">B</i><span>3.95</span>' in rae_page.text(url(deal))


def test_a_disqualification_stands_beside_the_class(rae_page, rae, deal, by):
    set_facts(act=by(rae), deal_id=deal.pk, facts={"authority_access": "none"})
    assert "Authority: disqualified" in rae_page.text(url(deal))


def test_the_stage_says_its_days_against_the_usual(rae_page, deal):
    Deal.objects.filter(pk=deal.pk).update(stage_entered_at=timezone.now() - dt.timedelta(days=34))
    assert "Discovery · 34 d, usual 30" in rae_page.text(url(deal))


def test_the_next_stage_is_the_main_action(rae_page, deal):
    page = rae_page.text(url(deal))
    assert f'href="/deals/{deal.pk}/stage/?to=qualified"' in page
    assert "Move to Qualified" in page


@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_is_a_link_that_works_without_scripts(rae_page, deal, panel):
    assert f'<a href="{url(deal, panel)}">' in rae_page.text(url(deal))
    page = rae_page.text(url(deal, panel))
    assert "<h1>" in page


@pytest.mark.parametrize("panel", PANELS)
def test_to_htmx_a_panel_is_bare(rae_page, deal, panel):
    answer = rae_page.get(url(deal, panel), htmx=True)
    assert "<html" not in answer.content.decode()
    assert f'id="{panel}"' in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_deal(
    rae_page, rae, deal, ines, by, django_assert_max_num_queries
):
    from deals.services.committee import set_competitor, set_contact
    from deals.services.meddpicc import update_element
    from tests.factories import make_contact

    for number in range(6):
        person = make_contact(deal.account, f"Number {number}")
        set_contact(act=by(rae), deal_id=deal.pk, contact_id=person.pk)
    for key in ("vmware", "kvm", "hyper_v"):
        set_competitor(act=by(rae), deal_id=deal.pk, competitor_key=key)
    for key in ("metrics", "champion", "identify_pain"):
        update_element(act=by(rae), deal_id=deal.pk, element=key, strength="claimed")
    limits = {"": 7, "bant": 6, "meddpicc": 14, "contacts": 6, "competitors": 6, "timeline": 17}
    for panel, most in limits.items():
        with django_assert_max_num_queries(most):
            rae_page.get(url(deal, panel), htmx=bool(panel))


# --- Who sees what -----------------------------------------------------------------------------------------------------


@BY_ROLE
@pytest.mark.parametrize(
    "name,page,panel,edit",
    [
        ("rae", 200, 200, 200),
        ("mona", 200, 200, 200),
        ("otto", 200, 200, 200),
        ("vik", 200, 200, 403),
        ("sue", 200, 200, 403),
        ("eve", 200, 404, 403),
        ("vera", 200, 404, 403),
        ("remy", 404, 404, 404),
        ("charlie", 404, 404, 404),
    ],
)
def test_who_sees_how_much(cast, browse, deal, name, page, panel, edit):
    browser = browse(cast[name])
    assert browser.get(url(deal)).status_code == page
    assert {browser.get(url(deal, part), htmx=True).status_code for part in PANELS} == {panel}
    for part in ("edit", "stage", "close", "reopen", "next-step", "bant/need"):
        assert browser.get(url(deal, part)).status_code == edit, part


def test_nobody_signs_in_first(browse, deal):
    for part in ("", "edit", *PANELS):
        answer = browse(None).get(url(deal, part))
        assert answer.status_code == 302
        assert "/sign-in/" in answer.url


def test_enablement_sees_name_account_and_stage_only(eve, browse, deal):
    page = browse(eve).text(url(deal))
    assert "Renewal displacement" in page
    assert "Aster Health" in page
    assert "Discovery" in page
    for hidden in ("926,606", "MEDDPICC", 'hx-get="/deals/%d/bant/' % deal.pk, ">Edit</a>", "Next step"):  # noqa: UP031
        assert hidden not in page


def test_a_viewer_sees_the_amount_too(vera, browse, deal):
    assert "926,606.25" in browse(vera).text(url(deal))


def test_a_vp_sees_it_all_and_no_way_to_change_it(vik, browse, deal):
    page = browse(vik).text(url(deal))
    assert "MEDDPICC" in page
    assert "Move to" not in page
    assert "/edit/" not in page
    assert "fill in facts" not in browse(vik).text(url(deal, "bant"))


def test_what_a_closed_deal_was_won_for_is_known_to_all(rae, eve, browse, deal, by):
    close_deal(
        act=by(rae), deal_id=deal.pk, outcome="won", reasons=["cost_savings"], competitor_key="vmware", note="A secret."
    )
    page = browse(eve).text(url(deal))
    assert "Cost savings" in page
    assert "VMware" in page
    assert "A secret." not in page


# --- A page that keeps itself up to date ---------------------------------------------------------------------------------


def test_the_head_is_silent_while_nothing_changed(rae_page, rae, deal, by):
    token = rae_page.get(url(deal)).context["head"].token
    assert rae_page.get(url(deal, "head"), htmx=True, token=token).status_code == 204
    set_facts(act=by(rae), deal_id=deal.pk, facts={"pain_clarity": "clear"})
    assert rae_page.get(url(deal, "head"), htmx=True, token=token).status_code == 200


def test_the_account_s_page_shows_the_deals_one_may_see(rae, remy, browse, deal):
    make_deal(remy, "Edge pilot", account=deal.account)
    panel = browse(rae).text(f"/accounts/{deal.account_id}/deals/")
    assert "Renewal displacement" in panel
    assert "Edge pilot" not in panel
