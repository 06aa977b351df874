"""The main story: what a rep types moves the score while they watch, and everybody else who has the deal open."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def score(page: Page):
    return page.get_by_role("region", name="Lead score")


def total(page: Page):
    """The last figure of the panel: a number, or the range of what is still possible."""
    return score(page).locator(".total ~ .num").last


def test_what_a_rep_types_moves_the_score_by_itself(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/bant/")
    expect(total(page)).to_have_text(re.compile(r"\d"))
    before = total(page).inner_text()
    page.get_by_label("Impact").fill("1,200,000")
    page.get_by_label("Pain").select_option("urgent")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(total(page)).not_to_have_text(before)
    expect(page.get_by_label("Impact")).to_have_value("1,200,000")
    expect(page.get_by_role("heading", name="What do we know of Renewal displacement?")).to_be_visible()


def test_a_second_persons_page_follows_without_a_reload(site, window):
    deal = f"/deals/{site.world.deal.pk}/"
    mona, rae = window("mona"), window("rae")
    mona.goto(deal)
    expect(total(mona)).to_have_text(re.compile(r"\d"))
    before = total(mona).inner_text()
    mona.evaluate("window.never_reloaded = true")
    rae.goto(f"{deal}bant/budget/")
    rae.get_by_role("radio", name="1", exact=True).check()
    rae.get_by_label("Why it differs").fill("The budget was cut this morning.")
    rae.get_by_role("button", name="Save").click()
    expect(total(mona)).not_to_have_text(before)
    expect(mona.locator("#deal-head")).to_contain_text("Renewal displacement")
    assert mona.evaluate("window.never_reloaded") is True


def test_the_score_explains_itself_on_a_page_of_its_own(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/")
    score(page).get_by_role("link", name="history").click()
    expect(page.get_by_role("heading", name="What moved it")).to_be_visible()
    expect(page.get_by_text("Twice over, but not signed off.")).to_be_visible()
    expect(page.locator("#score-chart svg").first).to_be_visible()


def test_an_answer_given_in_a_dialog_leaves_the_page_where_it_is(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/")
    questions = page.get_by_role("region", name="Questions to ask next")
    first = questions.get_by_role("listitem").first
    asked = first.inner_text()
    first.get_by_role("link", name=re.compile("Record the answer")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What was said").fill("By the end of June.")
    dialog.get_by_role("button", name="Record the answer").click()
    expect(dialog).to_be_hidden()
    expect(questions.get_by_role("listitem").first).not_to_have_text(asked)
    expect(page.locator("#timeline").get_by_text("By the end of June.")).to_be_visible()
