"""Opening and editing a deal, moving, closing and reopening it, by pages and by htmx."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from deals.models import Deal, DealInterval
from deals.services.committee import set_contact
from deals.services.deals import update_deal
from deals.services.stages import change_stage, close_deal
from tests.factories import make_account, make_deal

BY_ROLE = pytest.mark.any_engine(
    "who may is decided in Python; that each sees the same rows on both engines is deals/test_visibility's"
)

NEW = {
    "name": "Core platform",
    "deal_type": "new",
    "amount": "1,250,000",
    "currency": "usd",
    "close_date": "2027-03-31",
    "forecast_category": "pipeline",
    "stage": "prospect",
}


def url(deal, part=""):
    return f"/deals/{deal.pk}/{part}{'/' if part else ''}"


def fresh(deal):
    return Deal.objects.get(pk=deal.pk)


def opened(page, path):
    """What a browser would post back from a form it opened: every field with its value."""
    form = page.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in values.items()}
    return {name: "" if value is None else value for name, value in shown.items()}


# --- Opening -----------------------------------------------------------------------------------------------------------


def test_a_rep_opens_a_deal(rae_page, rae, aster):
    answer = rae_page.post("/deals/new/", {**NEW, "account": aster.pk})
    deal = Deal.objects.get()
    assert answer.status_code == 302
    assert answer.url == url(deal)
    assert (deal.name, deal.account, deal.owner, deal.stage) == ("Core platform", aster, rae, "prospect")
    assert (deal.amount, deal.currency, deal.close_date) == (Decimal(1250000), "USD", dt.date(2027, 3, 31))


def test_first_the_account_is_found(rae_page, aster):
    make_account("Northwind Bank")
    page = rae_page.text("/deals/new/", q="aster")
    assert f'href="/deals/new/?account={aster.pk}"' in page
    assert "Northwind" not in page


def test_the_search_answers_htmx_with_the_choices_alone(rae_page, aster):
    answer = rae_page.get("/deals/new/", htmx=True, q="ast").content.decode()
    assert "Aster Health" in answer
    assert "<html" not in answer


def test_an_account_with_an_open_deal_is_warned_of(rae_page, deal, remy):
    make_deal(remy, "Edge pilot", account=deal.account)
    page = rae_page.text("/deals/new/", account=deal.account_id)
    assert "already has an open deal" in page
    assert "Renewal displacement" in page
    assert "and 1 that you can&#x27;t see" in page or "and 1 that you can't see" in page
    assert "Edge pilot" not in page


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(rae_page, aster):
    answer = rae_page.post("/deals/new/", {**NEW, "account": aster.pk, "name": "", "amount": "much"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give the deal a name." in page
    assert 'href="#id_amount"' in page
    assert 'value="much"' in page
    assert not Deal.objects.exists()


def test_without_an_account_nothing_opens(rae_page):
    assert rae_page.post("/deals/new/", NEW).status_code == 422
    assert not Deal.objects.exists()


@pytest.mark.parametrize("name,status", [("vik", 403), ("eve", 403), ("vera", 403), ("charlie", 404)])
def test_who_does_not_sell_opens_nothing(cast, browse, aster, name, status):
    assert browse(cast[name]).get("/deals/new/").status_code == status
    assert browse(cast[name]).post("/deals/new/", {**NEW, "account": aster.pk}).status_code == status
    assert not Deal.objects.exists()


# --- Editing -----------------------------------------------------------------------------------------------------------


def test_an_edit_is_saved_and_kept_as_an_interval(rae_page, deal):
    values = opened(rae_page, url(deal, "edit"))
    assert rae_page.post(url(deal, "edit"), {**values, "amount": "1,000,000.50"}).status_code == 302
    assert fresh(deal).amount == Decimal("1000000.50")
    amounts = DealInterval.objects.filter(deal=deal, field="amount").order_by("pk").values_list("value", flat=True)
    assert list(amounts) == ["926606.25 USD", "1000000.50 USD"]


def test_a_deal_moves_to_another_account_of_ones_choice(rae_page, deal):
    other = make_account("Northwind Bank")
    values = opened(rae_page, url(deal, "edit"))
    assert values["account"] == deal.account.name
    for typed in ("", "Nobody knows it"):
        assert rae_page.post(url(deal, "edit"), {**values, "account": typed}).status_code == 422
        assert fresh(deal).account == deal.account
    assert rae_page.post(url(deal, "edit"), {**values, "account": "northwind bank"}).status_code == 302
    assert fresh(deal).account == other


def test_two_people_at_one_deal_see_each_other(rae_page, mona, deal, by):
    values = opened(rae_page, url(deal, "edit"))
    update_deal(act=by(mona), deal_id=deal.pk, values={"amount": Decimal(900000), "name": "Hers"})
    answer = rae_page.post(url(deal, "edit"), {**values, "amount": "950,000"})
    rows = {row.label: (row.before, row.theirs, row.mine) for row in answer.context["differences"]}
    assert answer.status_code == 409
    assert rows == {
        "ARR": ("926,606.25", "900,000", "950,000"),
        "Name": ("Renewal displacement", "Hers", "Renewal displacement"),
    }
    assert fresh(deal).amount == Decimal(900000)


def test_after_a_conflict_the_form_keeps_mine_and_takes_theirs_where_i_changed_nothing(rae_page, mona, deal, by):
    values = opened(rae_page, url(deal, "edit"))
    update_deal(act=by(mona), deal_id=deal.pk, values={"amount": Decimal(900000), "name": "Hers"})
    form = rae_page.post(url(deal, "edit"), {**values, "amount": "950,000"}).context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert rae_page.post(url(deal, "edit"), again).status_code == 302
    assert (fresh(deal).amount, fresh(deal).name) == (Decimal(950000), "Hers")


def test_what_only_hangs_on_the_deal_is_no_conflict(rae_page, rae, deal, ines, by):
    values = opened(rae_page, url(deal, "edit"))
    set_contact(act=by(rae), deal_id=deal.pk, contact_id=ines.pk)
    assert rae_page.post(url(deal, "edit"), {**values, "name": "Mine"}).status_code == 302
    assert fresh(deal).name == "Mine"


def test_a_rep_is_not_offered_other_owners(rae_page, deal):
    assert "owner" not in rae_page.get(url(deal, "edit")).context["form"].fields


def test_a_manager_hands_a_deal_over_within_the_team(mona, rae, browse, deal):
    page = browse(mona)
    values = opened(page, url(deal, "edit"))
    assert page.post(url(deal, "edit"), {**values, "owner": mona.pk}).status_code == 302
    assert fresh(deal).owner == mona


def test_a_vp_may_not(vik, browse, deal):
    assert browse(vik).post(url(deal, "edit"), {**NEW, "name": "Mine"}).status_code == 403
    assert fresh(deal).name == "Renewal displacement"


def test_the_next_step_is_set_in_place(rae_page, deal):
    values = opened(rae_page, url(deal, "next-step"))
    values |= {"next_step": "Call the CFO", "next_step_date": "2026-12-01"}
    answer = rae_page.post(url(deal, "next-step"), values, htmx=True)
    assert answer.status_code == 204
    assert set(json.loads(answer["HX-Trigger"])) == {"close-dialog", "deal-changed", "toast"}
    assert (fresh(deal).next_step, fresh(deal).next_step_date) == ("Call the CFO", dt.date(2026, 12, 1))


# --- Stages --------------------------------------------------------------------------------------------------------------


def test_the_move_shows_what_is_met_and_what_is_not(rae_page, deal):
    asked = rae_page.get(url(deal, "stage"), to="qualified").context["asked"]
    assert [stage.label for stage in asked.left] == ["Discovery"]
    assert (asked.met, asked.unmet) == (0, 3)


def test_choosing_another_stage_asks_again(rae_page, deal):
    answer = rae_page.client.get(
        url(deal, "stage"), {"stage": "demo"}, headers={"HX-Request": "true", "HX-Target": "stage-asks"}
    )
    assert [stage.label for stage in answer.context["asked"].left] == ["Discovery", "Qualified"]
    assert answer.content.decode().lstrip().startswith('<div id="stage-asks"')


def test_unmet_without_a_reason_stays(rae_page, deal):
    answer = rae_page.post(url(deal, "stage"), {"stage": "qualified", "seen": "discovery"})
    assert answer.status_code == 422
    assert "Say why the deal moves on all the same." in answer.content.decode()
    assert fresh(deal).stage == "discovery"


def test_with_a_reason_it_moves(rae_page, deal):
    answer = rae_page.post(url(deal, "stage"), {"stage": "qualified", "seen": "discovery", "why": "They insist."})
    assert answer.status_code == 302
    assert fresh(deal).stage == "qualified"


def test_from_the_board_one_returns_to_the_board(rae_page, deal):
    answer = rae_page.post(url(deal, "stage"), {"stage": "prospect", "next": "/deals/board/?q=a"})
    assert answer.url == "/deals/board/?q=a"


def test_and_never_to_a_foreign_page(rae_page, deal):
    answer = rae_page.post(url(deal, "stage"), {"stage": "prospect", "next": "https://elsewhere.example/"})
    assert answer.url == url(deal)


def test_a_deal_moved_meanwhile_is_a_clash(rae_page, mona, deal, by):
    change_stage(act=by(mona), deal_id=deal.pk, stage="demo", why="Shown.")
    answer = rae_page.post(url(deal, "stage"), {"stage": "qualified", "seen": "discovery", "why": "x"})
    assert answer.status_code == 409
    assert "Somebody else moved this deal to Demo" in answer.content.decode()
    assert fresh(deal).stage == "demo"


# --- Closing and reopening -------------------------------------------------------------------------------------------------

WON = {"outcome": "won", "reasons": ["cost_savings"], "competitor": "vmware", "note": "The benchmark."}


def test_closing_asks_for_what_is_missing(rae_page, deal):
    answer = rae_page.post(url(deal, "close"), {"outcome": "lost"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one reason why the deal was lost." in page
    assert "Choose the competitor chosen instead, or say that there was none." in page
    assert fresh(deal).is_open


def test_a_won_deal(rae_page, deal):
    assert rae_page.post(url(deal, "close"), WON).status_code == 302
    assert (fresh(deal).outcome, fresh(deal).outcome_competitor.key) == ("won", "vmware")


def test_a_deal_lost_to_nobody(rae_page, deal):
    values = {"outcome": "lost", "reasons": ["no_decision"], "competitor": "none", "note": "They wait."}
    assert rae_page.post(url(deal, "close"), values, htmx=True).status_code == 204
    assert (fresh(deal).outcome, fresh(deal).outcome_competitor) == ("lost", None)


def test_reasons_offered_are_those_of_the_outcome(rae_page, deal):
    won = rae_page.text(url(deal, "close"), outcome="won")
    assert "Cost savings" in won
    assert "Budget fell away" not in won


def test_a_closed_deal_is_reopened_with_a_reason(rae_page, rae, deal, by):
    close_deal(act=by(rae), deal_id=deal.pk, outcome="lost", reasons=["price"], no_competitor=True, note="Too dear.")
    assert rae_page.post(url(deal, "reopen"), {"stage": "proposal"}).status_code == 422
    assert not fresh(deal).is_open
    assert rae_page.post(url(deal, "reopen"), {"stage": "proposal", "why": "New money."}).status_code == 302
    assert (fresh(deal).stage, fresh(deal).is_open) == ("proposal", True)


@BY_ROLE
@pytest.mark.parametrize("part", ["edit", "stage", "close", "reopen", "next-step", "bant", "meddpicc/metrics"])
@pytest.mark.parametrize("name,status", [("vik", 403), ("remy", 404), ("charlie", 404)])
def test_those_who_may_not_change_nothing(cast, browse, deal, part, name, status):
    before = Deal.objects.filter(pk=deal.pk).values().get()
    posted = {**WON, "name": "Mine", "stage": "prospect", "why": "x", "strength": "claimed"}
    assert browse(cast[name]).post(url(deal, part), posted).status_code == status
    assert Deal.objects.filter(pk=deal.pk).values().get() == before
