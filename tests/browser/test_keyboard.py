"""Everything by keyboard, and one always sees where one is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

FOCUS = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"
    || one.matches("input[type=date]:not(:focus-visible)");  // on the button within it, which has a ring of its own
  return {name: one.tagName + "." + one.className + " " + (one.innerText || one.name || "").slice(0, 30), ring,
          body: one === document.body, inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


def test_the_first_tab_skips_to_the_page(window):
    page = window("rae")
    page.goto("/deals/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/deals/", "/deals/board/", "/deals/{deal}/", "/deals/{deal}/bant/", "/accounts/"])
def test_focus_is_always_visible(site, window, path):
    page = window("rae")
    page.goto(path.format(deal=site.world.deal.pk))
    page.wait_for_function("() => !document.querySelector('.htmx-request, section[hx-trigger=load]')")
    unseen, stops = [], 0
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found["body"]:
            break
        stops += 1
        if not (found["ring"] and found["inside"]):
            unseen.append(found["name"])
    assert stops > 10
    assert unseen == []


def test_a_deal_is_found_and_opened_without_a_mouse(window):
    page = window("rae")
    page.goto("/accounts/")
    page.keyboard.press("/")
    page.keyboard.type("renewal")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Renewal displacement")
    expect(link).to_be_visible()
    page.locator("main").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Renewal displacement")).to_be_visible()


def test_keys_lead_to_places_and_can_be_turned_off(window):
    page = window("rae")
    page.goto("/deals/")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("/accounts/")  # and loaded, scripts too: keys pressed before that are nobody's
    expect(page.get_by_role("heading", name="Accounts", level=1)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("n")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search deals, accounts and contacts")).not_to_be_focused()
    expect(page).to_have_url(re.compile("/accounts/$"))


def test_a_dialog_gives_the_focus_back(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/")
    opener = page.get_by_role("link", name="Move to Qualified")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
