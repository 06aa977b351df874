"""A record's life by keyboard: shown to a colleague, handed over, thrown away, brought back, and two made one."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def press(page: Page, role: str, name: str) -> None:
    """What somebody without a mouse does: goes to it and presses Enter."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type] # the roles used here exist
    expect(target).to_be_visible()
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def test_a_deal_is_shared_handed_over_deleted_and_restored(site, window):
    world = site.world
    page, deal = window("mona"), world.deal
    page.goto(f"/deals/{deal.pk}/")
    press(page, "link", "share it")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("With").focus()
    page.keyboard.type("Remy")
    page.keyboard.press("Tab")
    press(page, "button", "Share")
    expect(dialog).to_be_hidden()
    expect(page.locator("#access")).to_contain_text("shared by Mona Test")
    remy = window("remy")
    remy.goto(f"/deals/{deal.pk}/access/")
    expect(remy.locator("#access")).to_contain_text("You read it: shared by Mona Test to read.")

    press(page, "link", "change owner")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New owner").focus()
    page.keyboard.type("Mona")
    keep = dialog.get_by_label("Rae Test may go on reading it")
    keep.focus()
    page.keyboard.press("Space")
    press(page, "button", "Hand over")
    expect(dialog).to_be_hidden()
    expect(page.locator("#access li").first).to_contain_text("Mona Test")
    rae = window("rae")
    rae.goto(f"/deals/{deal.pk}/access/")
    expect(rae.locator("#access")).to_contain_text("You read it: shared by Mona Test to read.")

    press(page, "link", "Delete this deal")
    press(page, "button", "Delete")
    expect(page).to_have_url(re.compile(r"/deals/$"))
    expect(page.get_by_text("is deleted. It stays in the bin for 30 days.")).to_be_visible()
    remy.reload()
    expect(remy.get_by_role("heading", level=1)).not_to_contain_text("Who can see this?")
    page.goto("/bin/")
    press(page, "button", f"Restore {deal.name}")
    expect(page.get_by_role("heading", name=deal.name, level=1)).to_be_visible()


def test_two_contacts_become_one_and_two_again(site, window):
    world = site.world
    page = window("rae")
    page.goto("/duplicates/?kind=contact")
    page.get_by_role("link", name=re.compile("^Merge .+ into")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge into")).to_be_visible()
    press(page, "button", "Merge")
    expect(page.get_by_role("heading", name="merged into", level=1)).to_be_visible()
    page.goto(f"/contacts/{max(world.contact.pk, world.spare_contact.pk)}/")
    survivor = min(world.contact.pk, world.spare_contact.pk)
    expect(page).to_have_url(re.compile(rf"/contacts/{survivor}/$"))
    page.goto("/merges/")
    page.get_by_role("link", name="merged into").first.focus()
    page.keyboard.press("Enter")
    press(page, "button", "Undo this merge")
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    page.goto(f"/contacts/{max(world.contact.pk, world.spare_contact.pk)}/")
    expect(page).to_have_url(re.compile(rf"/contacts/{max(world.contact.pk, world.spare_contact.pk)}/$"))
