"""An enablement editor changes a card, somebody else publishes it, and two at one claim see both: by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from battlecards.models import Card, Draft, DraftClaim
from tests.browser.hands import Hands


def claim(page: Page, key: str) -> Locator:
    return page.locator(f"#claim-{key}")


def opened(page: Page, key: str, title: str) -> Locator:
    """A claim with its form, by its link."""
    link = claim(page, key).get_by_role("link", name=title, exact=True)
    link.focus()
    link.press("Enter")
    form = claim(page, key).locator("[data-edit-form]")
    expect(form).to_be_visible()
    return form


def saved(page: Page) -> Locator:
    return page.locator("[data-edit-state]", has_text=re.compile(r"^Saved \d"))


def test_a_card_goes_from_the_first_word_to_the_field_by_keyboard(site, window):
    draft = site.world.cards.draft
    page = window("otto")
    hands = Hands(page)
    page.goto("/battlecards/vmware/edit/")

    hands.enter(claim(page, "ecosystem").get_by_role("link", name="Ecosystem", exact=True))
    form = claim(page, "ecosystem").locator("[data-edit-form]")
    hands.fill(form.get_by_label("Ours"), "catching up")
    expect(saved(page)).to_be_visible()
    expect(form.get_by_label("Ours")).to_be_focused()
    expect(form.locator("[data-diff]")).to_contain_text("growingcatching up")
    expect(page.locator("[data-edit-preview] #c-ecosystem")).to_contain_text("catching up")

    # What is not whole is kept, told at its field, and left out of the preview.
    hands.fill(form.get_by_label("Theirs"), "")
    hands.press("Delete")
    expect(form.get_by_text("Fill this in.")).to_be_visible()
    expect(page.locator("[data-edit-preview] #c-ecosystem")).to_have_count(0)
    hands.type("vast")
    expect(form.get_by_text("Fill this in.")).to_be_hidden()

    up = claim(page, "ecosystem").get_by_role("button", name="Move Ecosystem up")
    hands.enter(up, back=True)
    expect(page.locator("[data-edit-says]")).to_have_text("Ecosystem: place 1 of 4.")
    expect(up).to_be_focused()
    hands.press("Alt+ArrowDown")
    expect(page.locator("[data-edit-says]")).to_have_text("Ecosystem: place 2 of 4.")
    expect(up).to_be_focused()

    # The row that was begun and never written leaves again.
    hands.enter(claim(page, "row_1").get_by_role("button", name="Take New row out"))
    expect(claim(page, "row_1").get_by_role("button", name="Bring back New row")).to_be_focused()
    expect(claim(page, "row_1")).to_contain_text("removed")
    hands.enter(page.get_by_role("link", name="Review and submit"), back=True)

    expect(page.locator("#differences")).to_contain_text("growingcatching up")
    hands.fill(page.get_by_label("What changes"), "They lead, we follow.")
    hands.enter(page.get_by_role("button", name="Submit for review"))
    expect(page.get_by_text("so somebody else publishes it")).to_be_visible()
    assert Draft.objects.get(pk=draft.pk).state == "in_review"

    other = window("eve")
    other.goto("/today/card-reviews/")
    hands = Hands(other)
    hands.enter(other.get_by_role("link", name="VMware vSphere"))
    expect(other.locator("#differences")).to_contain_text("They lead, we follow.")
    hands.enter(other.get_by_role("button", name="Publish now"))
    expect(other.get_by_text("version 2")).to_be_visible()
    expect(other.locator("#c-ecosystem")).to_contain_text("catching up")
    assert Card.objects.get(slug="vmware").current.submitted_by.username == "otto"


def test_two_editors_merge_and_a_clash_shows_both(site, window):
    draft = site.world.cards.draft
    ottos, eves = window("otto"), window("eve")
    for page in (ottos, eves):
        page.goto("/battlecards/vmware/edit/")
    # On different claims they never meet, and each sees what the other did.
    opened(ottos, "ecosystem", "Ecosystem").get_by_label("Ours").fill("catching up")
    opened(eves, "speed", "Speed").get_by_label("Ours").fill("15 times")
    for page in (ottos, eves):
        expect(saved(page)).to_be_visible()
    expect(eves.locator("#draft-now")).to_contain_text("Otto Test is here")
    expect(claim(eves, "ecosystem").locator("[data-marks]")).to_contain_text("changed")

    # On one claim the second is shown both, and nothing of either is lost.
    mine = claim(ottos, "speed")
    expect(mine.locator("[data-marks]")).to_contain_text("changed")
    form = opened(ottos, "speed", "Speed")
    expect(form.get_by_label("Ours")).to_have_value("15 times")
    theirs = claim(eves, "speed").locator("[data-edit-form]")
    theirs.get_by_label("Ours").fill("16 times")
    expect(eves.locator("[data-edit-state]")).to_have_text("Saving …")
    form.get_by_label("Ours").fill("17 times")
    late = None
    for page in (ottos, eves):
        page.wait_for_function("() => !document.querySelector('[data-edit-state]').textContent.startsWith('Saving')")
        if page.get_by_role("group", name="Two versions of this claim").count():
            late = page
    assert late is not None
    first, second = ("16 times", "17 times") if late is ottos else ("17 times", "16 times")
    assert DraftClaim.objects.get(draft=draft, key="speed").content["ours"] == first
    sides = late.get_by_role("group", name="Two versions of this claim")
    expect(sides).to_be_focused()
    expect(sides).to_contain_text(first)
    expect(sides).to_contain_text(second)
    expect(late.locator("[data-edit-state]")).to_contain_text("Not saved: somebody else changed this claim")
    Hands(late).enter(sides.get_by_role("button", name="Keep mine"))
    expect(saved(late)).to_be_visible()
    expect(sides).to_have_count(0)
    assert DraftClaim.objects.get(draft=draft, key="speed").content["ours"] == second


def test_what_can_not_be_saved_is_kept_and_sent_later(site, visitors):
    visitors.expected.append("net::ERR_INTERNET_DISCONNECTED")
    page = visitors.window("otto")
    page.goto("/battlecards/vmware/edit/")
    form = opened(page, "speed", "Speed")
    page.context.set_offline(True)
    form.get_by_label("Ours").fill("14 times")
    expect(page.locator("[data-edit-state]")).to_contain_text("can’t be reached")
    page.context.set_offline(False)
    expect(saved(page)).to_be_visible()
    assert DraftClaim.objects.get(draft=site.world.cards.draft, key="speed").content["ours"] == "14 times"

    # The session ends while somebody writes: it is said, nothing typed is gone, and it is saved once they are back.
    form.get_by_label("Ours").press("Control+a")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    form.get_by_label("Ours").fill("18 times")
    expect(page.locator("#sign-in-again")).to_be_visible()
    expect(page.locator("[data-edit-state]")).to_contain_text("you are signed out")
    page.context.add_cookies(cookies)
    expect(saved(page)).to_be_visible()
    expect(form.get_by_label("Ours")).to_have_value("18 times")
    assert DraftClaim.objects.get(draft=site.world.cards.draft, key="speed").content["ours"] == "18 times"
