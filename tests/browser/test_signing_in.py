"""Coming in, and finding what is there for one's role."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import expect

from tests.architecture.world import PASSWORD
from tests.factories import make_deal


def heads(page) -> list[str]:
    """The columns of the table on the page."""
    return [text.split("\n")[0].strip() for text in page.get_by_role("columnheader").all_inner_texts()]


def test_a_rep_of_the_demo_is_in_by_one_click(window):
    page = window()
    page.goto("/")
    page.get_by_role("button", name="Rae Keller").click()
    expect(page.get_by_role("link", name="Northwind core platform").first).to_be_visible()


def test_a_manager_sees_the_totals_of_the_team_and_a_vp_everybodys(site, window):
    make_deal(site.world.cast["remy"], "Of the other team", amount=Decimal(1_000_000))
    mona, vik = window("mona"), window("vik")
    mona.goto("/deals/totals/")
    vik.goto("/deals/totals/")
    expect(mona.get_by_role("row", name="All in USD")).to_contain_text("1,853,212.50")
    expect(vik.get_by_role("row", name="All in USD")).to_contain_text("2,853,212.50")


def test_a_viewer_sees_names_amounts_and_outcomes(site, window):
    page = window("vera")
    page.goto("/deals/?state=all")
    shown = heads(page)
    assert {"Deal", "Stage", "ARR"} <= set(shown)
    assert not {"Class", "MEDDPICC", "Next step"} & set(shown)
    page.get_by_role("link", name="Renewal displacement").click()
    expect(page.get_by_role("heading", name="Renewal displacement")).to_be_visible()
    expect(page.locator("#score, #bant, #meddpicc, #timeline, #contacts")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("Ines")


def test_enablement_sees_names_and_outcomes_but_no_amounts(site, window):
    page = window("eve")
    page.goto("/deals/?state=all")
    assert not {"Class", "MEDDPICC", "Next step", "ARR"} & set(heads(page))
    expect(page.locator("main")).not_to_contain_text("926")
    page.goto(f"/deals/{site.world.closed.pk}/")
    expect(page.locator("#deal-head")).to_contain_text("Lost")
    expect(page.locator("main")).not_to_contain_text("They stayed with what they have.")


def test_a_vp_reads_a_deal_and_finds_no_way_to_change_it(site, window):
    page = window("vik")
    page.goto(f"/deals/{site.world.deal.pk}/")
    expect(page.get_by_role("region", name="Lead score")).to_contain_text("Total")
    for name in ("Edit", "Close", "Move to Qualified", "Set your own", "fill in facts"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_somebody_without_a_role_is_told_whom_to_ask(window):
    page = window("charlie")
    page.goto("/")
    expect(page.get_by_role("heading", name="You have no role yet")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("listitem")).to_have_count(0)


def test_after_signing_in_one_is_where_one_wanted_to_go(site, window):
    page = window()
    page.goto(f"/deals/{site.world.deal.pk}/")
    page.get_by_label("User name").fill("rae")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Renewal displacement")).to_be_visible()
