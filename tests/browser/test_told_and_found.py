"""A mention rings the bell; the palette finds records and runs actions by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_a_mention_rings_and_leads_to_the_note(site, window):
    deal = site.world.deal
    mine = window("mona")
    mine.goto("/deals/")
    bell = mine.get_by_role("link", name=re.compile("Notifications"))
    expect(bell).to_have_attribute("data-live-token", "0")
    hers = window("rae")
    hers.goto(f"/deals/{deal.pk}/add/note/")
    hers.get_by_role("textbox").first.fill("@mona what do you think?")
    hers.get_by_role("button", name="Save").click()
    hers.wait_for_url(re.compile(rf"/deals/{deal.pk}/(#timeline)?$"))
    mine.reload()
    expect(bell).to_have_text(re.compile("1 unread"))
    bell.click()
    mine.get_by_role("link", name=re.compile(f"mentioned you in a note about {deal}")).click()
    expect(mine.get_by_text("what do you think?")).to_be_visible()
    mine.goto("/notifications/")
    expect(mine.get_by_role("button", name=re.compile("Mark as unread"))).to_be_visible()


def test_the_palette_by_keyboard(site, window):
    page = window("rae")
    page.goto("/deals/")
    opener = page.get_by_role("link", name="New deal")
    opener.focus()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find a record, a page or an action")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("renewal")
    page.keyboard.press("Enter")
    page.wait_for_url(f"/deals/{site.world.deal.pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("a note")
    expect(page.get_by_role("option", name="Add a note")).to_have_attribute("aria-selected", "true")
    chosen = page.get_by_role("option", name="Add a note").get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", chosen or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)  # while one is open, "?" is a letter like others
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Find a record, a page or an action")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("sign out")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in/"))
