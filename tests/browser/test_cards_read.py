"""A rep on a call finds the answer while typing, copies it with one key, and reads the card on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from battlecards.models import Use


def test_an_answer_is_found_while_typing_and_copied_with_one_key(site, window):
    page = window("rae", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/battlecards/vmware/?deal={site.world.deal.pk}")
    expect(page.get_by_role("heading", level=1)).to_have_text("VMware vSphere")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Filter this card")
    expect(box).to_be_focused()
    page.keyboard.type("TÓOLS")
    expect(page.locator("#card-found")).to_have_text("1 of 7 claims")
    expect(page.get_by_role("heading", name="“We know their tools.”")).to_be_visible()
    expect(page.get_by_role("heading", name="Licence cost")).to_be_hidden()
    expect(page.get_by_role("heading", name="Head to head")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Copied the answer to “We know their tools.”")
    assert page.evaluate("navigator.clipboard.readText()") == "Move 10 percent first."

    page.keyboard.press("Control+a")
    page.keyboard.type("zebra")
    expect(page.get_by_text("Nothing on this card says that.")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name="Licence cost")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    with page.expect_response("**/copied/"):
        page.keyboard.press("c")
    assert page.evaluate("navigator.clipboard.readText()") == "It falls by 60 %."
    used = Use.objects.filter(person__username="rae", deal=site.world.deal)
    assert sorted(used.values_list("how", "claim__key")) == [("copied", "cost"), ("copied", "tools"), ("viewed", None)]


def test_on_a_phone_the_rows_are_cards(site, window):
    page = window("rae", viewport={"width": 360, "height": 740})
    page.goto("/battlecards/vmware/")
    row = page.locator(".h2h tr", has_text="Speed")
    expect(row.locator("td.ours")).to_be_visible()
    assert row.evaluate("one => getComputedStyle(one).display") == "grid"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
