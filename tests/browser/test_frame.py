"""What is around every page: colours, the phone's bar, rows that are links."""

from __future__ import annotations

import re

from playwright.sync_api import expect

PAPER = "getComputedStyle(document.body).backgroundColor"


def test_colours_follow_the_system_until_one_is_chosen_and_then_stay(window):
    page = window("rae", color_scheme="light")
    page.goto("/deals/")
    light = page.evaluate(PAPER)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"(light) => {PAPER} !== light", arg=light)
    page.get_by_role("button", name=re.compile("settings and sign out")).click()
    page.get_by_role("button", name="Light", exact=True).click()
    page.wait_for_function(f"(light) => {PAPER} === light", arg=light)
    page.reload()
    assert page.evaluate(PAPER) == light


def test_on_a_phone_the_rail_becomes_a_bar_and_rows_become_cards(window):
    page = window("otto", viewport={"width": 360, "height": 740})
    page.goto("/deals/")
    bar = page.locator("nav.bottom")
    expect(bar).to_be_in_viewport()
    expect(page.locator("nav.rail")).to_be_hidden()
    bar.get_by_role("button", name="More").click()
    bar.get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Renewal displacement").click()
    expect(page.get_by_role("heading", name="Renewal displacement")).to_be_visible()


def test_a_click_anywhere_in_a_row_opens_it(window):
    page = window("rae")
    page.goto("/deals/")
    page.get_by_role("row").filter(has_text="Renewal displacement").get_by_role("cell").last.click()
    expect(page).to_have_url(re.compile(r"/deals/\d+/$"))


def test_a_filter_and_a_sort_are_an_address_that_can_be_sent_on(window):
    page = window("rae")
    page.goto("/deals/")
    page.get_by_role("link", name="Won", exact=True).click()
    expect(page.get_by_text("No deal matches these filters")).to_be_visible()
    page.goto("/deals/")
    page.get_by_role("link", name="ARR").click()
    expect(page).to_have_url(re.compile("sort="))
    other = window("mona")
    other.goto(page.url)
    expect(other.get_by_role("columnheader").filter(has_text="ARR")).to_have_attribute(
        "aria-sort", re.compile("ascending|descending")
    )
