"""Where scripts are off or did not load: links go, forms post."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.architecture.world import PASSWORD


@pytest.fixture
def plain(window) -> Page:
    """Rae's browser with scripts turned off, signed in by the form."""
    page: Page = window(java_script_enabled=False)
    page.goto("/deals/")
    page.get_by_label("User name").fill("rae")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/deals/$"))
    return page


def test_facts_are_filled_in(site, plain):
    plain.get_by_role("link", name="Renewal displacement").click()
    plain.get_by_role("link", name="BANT+ facts").first.click()
    plain.get_by_label("Impact").fill("1,200,000")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_label("Impact")).to_have_value("1,200,000")
    site.settle()
    plain.get_by_role("link", name="Qualification").first.click()
    expect(plain.get_by_role("region", name="Lead score")).to_contain_text("Total")


def test_a_deal_is_moved_with_its_reason(site, plain):
    plain.goto(f"/deals/{site.world.deal.pk}/")
    plain.get_by_role("link", name="Move to Qualified").click()
    plain.get_by_role("button", name="Move").click()
    expect(plain.get_by_text("Say why the deal moves on all the same").first).to_be_visible()
    plain.get_by_label("Why it moves on all the same").fill("They asked for it.")
    plain.get_by_role("button", name="Move").click()
    expect(plain.get_by_role("link", name="Move to Demo")).to_be_visible()


def test_a_deal_is_opened_for_an_account_that_is_looked_up(plain):
    plain.get_by_role("link", name="New deal").click()
    account = plain.get_by_placeholder("Part of its name")
    account.fill("aster")
    account.press("Enter")
    plain.get_by_role("link", name=re.compile("Aster Health")).click()
    plain.get_by_label("Name", exact=True).fill("Second site")
    plain.get_by_role("button", name=re.compile("Open")).click()
    expect(plain.get_by_role("heading", name="Second site", exact=True)).to_be_visible()


def test_deals_are_filtered_sorted_and_searched(plain):
    plain.get_by_text("Filter", exact=True).click()
    plain.get_by_role("link", name="Choose filters").click()
    plain.get_by_label("Stage optional", exact=True).select_option("poc")
    plain.get_by_role("button", name=re.compile("Show|Filter|Apply")).click()
    expect(plain.get_by_text("No deal matches these filters")).to_be_visible()
    plain.get_by_role("searchbox").fill("renewal")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.get_by_role("link", name="Renewal displacement")).to_be_visible()


def test_an_element_gets_more_rows(site, plain):
    plain.goto(f"/deals/{site.world.deal.pk}/meddpicc/metrics/")
    before = plain.locator("tbody tr").count()
    plain.get_by_role("button", name=re.compile("more|row", re.I)).first.click()
    expect(plain.locator("tbody tr").nth(before)).to_be_visible()


def test_one_signs_out(plain):
    plain.get_by_role("button", name=re.compile("settings and sign out")).click()
    plain.get_by_role("button", name="Sign out", exact=True).click()
    expect(plain.get_by_role("heading", name="Sign in")).to_be_visible()
