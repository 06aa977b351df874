"""Coming in, and finding what is there for one's role."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_rep_of_the_demo_is_in_by_one_click(window):
    page = window()
    page.goto("/")
    page.get_by_role("button", name="Rae Keller").click()
    expect(page.get_by_role("link", name="Northwind core platform")).to_be_visible()
