"""One quote and three people: Rae sends it, Vik and then Sue agree by keyboard alone, and the customer accepts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Approval, Decision
from quotes.services.drafts import create_quote
from tests.browser.hands import Hands

ASK = {
    "price_model": "per_socket",
    "quantity": 1_000,
    "term_years": 3,
    "strategic": {"reason": "lighthouse", "percent": "10", "got": ["reference"], "note": "Calls with three prospects."},
}
"""A thousand sockets ask the VP, a lighthouse customer the SVP."""


def test_three_people(site, window):
    rae, vik, sue = (window(who) for who in ("rae", "vik", "sue"))
    quote = create_quote(act=Act(by=site.world.cast["rae"]), deal_id=site.world.deal.pk, title="All sites", inputs=ASK)

    rae.goto(f"/quotes/{quote.pk}/")
    hands = Hands(rae)
    hands.enter(rae.get_by_role("link", name="Submit"))
    expect(rae.get_by_role("list").filter(has_text="1,000 sockets or more")).to_be_visible()
    hands.enter(rae.get_by_role("button", name="Send for approval"))
    rae.wait_for_url(re.compile(rf"/quotes/{quote.pk}/$"))
    site.settle()
    approval = Approval.objects.get(revision__quote=quote)

    # Vik is told how many wait, opens the queue, and one of two letters is no decision.
    vik.goto("/today/")
    hands = Hands(vik)
    expect(vik.locator("#rail-count")).to_contain_text("1")
    hands.press("g", "v")
    vik.wait_for_url("/approvals/")
    hands.press("j", "Enter")
    vik.wait_for_url(f"/approvals/{approval.pk}/")
    expect(vik.get_by_role("heading", name="Do you agree, as VP?")).to_be_visible()
    hands.press("a")
    said = vik.get_by_role("textbox", name="Comment optional")
    expect(said).to_be_focused()
    expect(said).to_have_value("")
    hands.press("Escape")
    expect(said).to_be_hidden()
    hands.press("r")
    hands.press("Tab", "Enter")
    expect(vik.get_by_role("alert").or_(vik.locator("[data-form-errors]")).first).to_contain_text("Say why")
    assert not Decision.objects.exists()
    vik.get_by_role("button", name=re.compile("^Reject Q-")).press("Escape")
    hands.press("a")
    hands.type("For the reference.")
    hands.press("Tab", "Enter")
    expect(vik.get_by_text("SVP is asked now.")).to_be_visible()
    expect(vik.locator("#chain blockquote")).to_have_text("For the reference.")
    expect(vik.get_by_text("You decide as VP.")).to_be_visible()

    # Sue looks at it in two windows; the one that comes second is told, and what was typed there stays.
    late = sue.context.new_page()
    for page in (sue, late):
        page.goto(f"/approvals/{approval.pk}/")
    hands = Hands(sue)
    hands.press("a")
    hands.press("Tab", "Enter")
    expect(sue.get_by_text("It may go to the customer.")).to_be_visible()
    hands = Hands(late)
    hands.press("s")
    hands.type("Less, please.")
    hands.press("Tab", "Enter")
    expect(late.get_by_role("alert")).to_contain_text("approved this just now. Nothing else was decided.")
    expect(late.locator("#thread textarea")).to_have_value("Less, please.")
    assert list(Decision.objects.values_list("verdict", "made_by__username")) == [
        ("approve", "vik"),
        ("approve", "sue"),
    ]

    # Rae sees it came back, and the customer says yes.
    rae.goto("/today/")
    back = rae.get_by_role("region", name="Which of my quotes came back?")
    expect(back).to_contain_text("may go to the customer")
    hands = Hands(rae)
    hands.enter(back.get_by_role("link", name=re.compile("All sites")))
    rae.wait_for_url(re.compile(rf"/quotes/{quote.pk}/$"))
    hands.enter(rae.get_by_role("link", name="The customer accepted"))
    hands.enter(rae.get_by_role("button", name="The customer accepted"))
    rae.wait_for_url(f"/deals/{quote.deal_id}/")  # where the customer's yes leads
    expect(rae.locator("#deal-head")).to_contain_text("1,836,000 USD")
    quote.refresh_from_db()
    # 3,000 less 20 % for a thousand, 15 % for three years and 10 %, a thousand times.
    assert (quote.state, str(Deal.objects.get(pk=quote.deal_id).amount)) == ("accepted", "1836000.00")
