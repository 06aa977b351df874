"""A rep builds a quote by keyboard, and is told what it costs, who must agree and what would be cheaper."""

from __future__ import annotations

from playwright.sync_api import expect

from quotes.models import Quote, Revision
from tests.browser.hands import Hands


def test_a_quote_is_built_by_keyboard(site, window):
    deal, page = site.world.deal, window("rae")
    page.goto(f"/deals/{deal.pk}/quotes/new/")
    hands, preview = Hands(page), page.locator("#quote-preview")
    hands.to(page.get_by_label("Priced by"))
    hands.type("Per edge")
    quantity = page.get_by_label("Quantity")
    hands.fill(quantity, "12.5")
    expect(page.locator("[data-cell]", has=quantity)).to_contain_text("12.5 is not whole; 12 or 13 would do.")
    expect(quantity).to_be_focused()
    hands.enter(page.locator("#quote-form").get_by_role("button", name="Use 13"))
    expect(quantity).to_have_value("13")
    expect(quantity).to_be_focused()
    hands.fill(quantity, "499")
    expect(preview).to_contain_text("318,112.50")

    hands.enter(preview.get_by_role("button", name="500 nodes instead of 499"))
    expect(quantity).to_have_value("500")
    undo = page.get_by_role("button", name="As it was")
    expect(undo).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Taken: 500 nodes instead of 499")).to_be_visible()
    expect(preview).to_contain_text("191,250.00")
    hands.press("Enter")
    expect(quantity).to_have_value("499")
    expect(preview).to_contain_text("318,112.50")
    hands.fill(quantity, "500", back=True)

    hands.to(page.get_by_label("Strategic discount"))
    hands.type("Lighthouse")
    hands.fill(page.get_by_label("Percent", exact=True), "10")
    expect(preview).to_contain_text("172,125.00")
    expect(preview.get_by_role("listitem").filter(has_text="SVP")).to_be_visible()
    expect(preview).to_contain_text("10 % as Competitive displacement: the same price, and VP to ask.")
    expect(preview).to_contain_text("Say what was got for the 10 % of Lighthouse customer.")
    hands.to(page.get_by_label("A reference, for calls and in public"))
    hands.press("Space")
    hands.fill(page.get_by_label("What exactly"), "Calls with three prospects.")
    expect(preview).not_to_contain_text("Say what was got")
    hands.enter(page.get_by_role("button", name="Save draft").last)

    expect(page.get_by_role("heading", level=1)).to_have_text(deal.name)
    expect(page.locator("main")).to_contain_text("Calls with three prospects.")
    quote = Quote.objects.get(title=deal.name)
    assert (str(quote.total), (Revision.objects.get(quote=quote).ask or {})["strategic"]["got"]) == (
        "172125.00",
        ["reference"],
    )
