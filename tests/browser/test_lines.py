"""The product lines of a deal, by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect


def test_lines_are_added_moved_and_made_to_add_up_without_a_mouse(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/")
    page.locator("#lines").get_by_role("link", name="Add product lines").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Product, line 1")).to_be_focused()
    page.keyboard.type("DWCP")
    page.keyboard.press("Tab")
    page.keyboard.type("600,000")
    dialog.get_by_role("button", name="Add a line").press("Enter")
    expect(dialog.get_by_label("Product, line 2")).to_be_focused()
    page.keyboard.type("Edge")
    page.keyboard.press("Tab")
    page.keyboard.type("300000")
    dialog.get_by_role("button", name="Move line 2 up").press("Enter")
    expect(dialog.get_by_role("button", name="Move line 1 down")).to_be_focused()
    expect(dialog.get_by_label("Amount, line 1")).to_have_value("300000")
    dialog.get_by_label("Amount, line 1").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("26,606.25 USD less than the deal's 926,606.25 USD")
    dialog.get_by_role("button", name="Put the rest on Edge management platform").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#lines li").first).to_contain_text("326,606.25 USD")
    expect(page.locator("#timeline")).to_contain_text("DWCP core platform added at 600,000")
