"""Moving a deal along, closing it, and MEDDPICC: what is missing is asked for where it is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def page(site, window) -> Page:
    """Rae looks at her deal."""
    opened: Page = window("rae")
    opened.goto(f"/deals/{site.world.deal.pk}/")
    return opened


def test_a_move_with_criteria_not_met_asks_for_a_reason_and_keeps_it(page):
    page.get_by_role("link", name="Move to Qualified").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Not everything is met.")).to_be_visible()
    dialog.get_by_role("button", name="Move").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why the deal moves on all the same")
    dialog.get_by_label("Why it moves on all the same").fill("Ines wants the workshop first.")
    dialog.get_by_role("button", name="Move").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Move to Demo")).to_be_visible()
    expect(page.locator("#timeline").get_by_text("Ines wants the workshop first.")).to_be_visible()


def test_closing_asks_for_reasons_competitor_and_note(page):
    page.get_by_role("link", name="Close", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Lost").click()
    dialog.get_by_role("button", name="Close as lost").click()
    for field in ("reasons", "competitor", "note"):
        expect(dialog.locator(f"#id_{field}_error")).to_be_visible()
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("combobox").select_option("vmware")
    dialog.get_by_label("Note").fill("They renewed for a year.")
    dialog.get_by_role("button", name="Close as lost").click()
    expect(page.locator("#deal-head .pill").get_by_text("Lost")).to_be_visible()
    expect(page.get_by_role("link", name="Reopen")).to_be_visible()


def test_confirmed_needs_evidence_and_says_so_at_the_field(page):
    page.locator("#meddpicc").get_by_role("link", name="Metrics").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Confirmed").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("#id_evidence_kind_error")).to_contain_text("Confirmed needs a call")
    expect(dialog.get_by_role("radio", name="Confirmed")).to_be_checked()
    dialog.get_by_label("Shown by").select_option("call")
    dialog.get_by_label("Which one, and what does it say?").fill("Call of Tuesday: 40 hours a week by hand.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#meddpicc li").filter(has_text="Metrics")).to_contain_text(re.compile("confirmed", re.I))


def test_a_deal_moves_over_the_board_by_keyboard_alone(site, window):
    page = window("rae")
    page.goto("/deals/board/")
    link = page.get_by_role("link", name="Move Renewal displacement to another stage")
    expect(page.get_by_role("region", name="Discovery")).to_contain_text("Renewal displacement")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Stage")).to_be_focused()
    expect(dialog.get_by_label("Stage")).to_have_value("qualified")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Why it moves on all the same")).to_be_focused()
    page.keyboard.type("The workshop is booked.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Move")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Qualified")).to_contain_text("Renewal displacement")
    expect(page.get_by_role("region", name="Discovery")).not_to_contain_text("Renewal displacement")


def test_a_ticket_is_dragged_and_the_dialog_asks_what_is_missing(site, window):
    page = window("rae")
    page.goto("/deals/board/")
    ticket = page.locator(".ticket").filter(has_text="Renewal displacement")
    ticket.drag_to(page.get_by_role("region", name="Qualified"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why it moves on all the same").fill("Dragged on purpose.")
    dialog.get_by_role("button", name="Move").click()
    expect(page.get_by_role("region", name="Qualified")).to_contain_text("Renewal displacement")
