"""A whole call without a mouse: planned on its deal, held with tags, questions and figures, ended, reviewed, and its recap sent."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from calls.models import Call, Document, Entry
from crm.models import OutboxMessage, Person
from tests.browser.hands import Hands

SECRET = "Their CIO leaves"


def test_a_call_from_plan_to_recap(site, window):
    deal = site.world.deal
    page = window("rae")
    Person.objects.filter(username="rae").update(email="rae@quarterdeck.example")
    page.goto(f"/deals/{deal.pk}/")
    hands = Hands(page)
    hands.settled()
    hands.press("a", "d")
    expect(page.get_by_role("heading", name="Plan a call with Aster Health")).to_be_visible()
    hands.fill(page.get_by_label("Title", exact=False).first, "Discovery with the CIO")
    hands.fill(page.get_by_role("textbox", name="Goal"), "Find the budget.")
    hands.fill(page.get_by_label("Name of guest 1"), "Nora Nolde")
    hands.enter(page.get_by_role("button", name="Plan the call"))
    expect(page.get_by_role("heading", name="Discovery with the CIO")).to_be_visible()
    call = Call.objects.get(title="Discovery with the CIO")

    first, second = call.questions.all()[:2]
    hands.enter(page.get_by_role("button", name=f"Pin {second.text}"))
    expect(page.locator(".to-ask li").first).to_contain_text(second.text)
    hands.fill(page.get_by_label("Your own question"), "Who ran the last project?")
    hands.press("Enter")
    expect(page.locator(".to-ask")).to_contain_text("Who ran the last project?")

    hands.enter(page.get_by_role("button", name="Begin"), back=True)
    field = page.get_by_role("combobox", name="Note", exact=True)
    expect(field).to_be_focused()
    hands.press("Alt+2")
    hands.type("/pa")
    expect(page.get_by_role("option", name="/pain")).to_have_attribute("aria-selected", "true")
    hands.press("Enter")
    hands.type("Licences cost 4.2M a year")
    hands.press("Enter")
    row = page.locator("#jottings li", has_text="Licences cost")
    expect(row).to_contain_text(f"to: {first.text}")
    expect(row).to_contain_text("4.2M a year = 4,200,000 USD a year")
    expect(page.locator(f'[data-question="{first.pk}"]')).to_contain_text("Asked.")

    hands.press("Alt+p")
    expect(page.locator("#parts [aria-current=step]")).to_have_text("Where they stand")
    hands.type("/must Runs 1,200 VMs")
    hands.press("Shift+Enter")
    hands.type("- and **live migration**")
    hands.press("Alt+c")
    expect(page.locator("#compose-state")).to_contain_text("For the customer")
    hands.press("Enter")
    # A figure that was misread is put right: up to the note, into its figures, and corrected.
    hands.press("Alt+l")
    expect(page.locator("#jottings li", has_text="1,200 VMs = 1,200 VMs")).to_be_focused()
    hands.press("Tab")
    hands.press("Enter")
    value = page.get_by_label("Value of “1,200 VMs”")
    expect(value).to_be_focused()
    hands.type("1300")
    hands.press("Enter")
    expect(field).to_be_focused()
    expect(page.locator("#jottings")).to_contain_text("1,200 VMs = 1,300 VMs")
    # The last note is changed where it stands.
    hands.press("ArrowUp")
    hands.type(" without downtime")
    hands.press("Enter")
    expect(field).to_be_focused()
    # Another question from the list, answered.
    hands.press("Alt+q")
    expect(page.locator(f'[data-question="{second.pk}"]')).to_be_focused()
    hands.press("Enter")
    expect(field).to_be_focused()
    hands.type("/date Decision by 3 March 2027")
    hands.press("Enter")
    hands.type(f"/risk {SECRET}")
    hands.press("Enter")
    expect(page.locator("#kept")).to_have_attribute("data-state", "saved")

    hands.enter(page.get_by_role("button", name="End the call"), back=True)
    expect(page.get_by_text("The call has ended.").first).to_be_visible()
    notes = Entry.objects.filter(call=call, deleted=False).order_by("at")
    assert list(notes.values_list("text", "question", "for_customer")) == [
        ("/pain Licences cost 4.2M a year", first.pk, None),
        ("/must Runs 1,200 VMs\n- and **live migration** without downtime", None, True),
        ("/date Decision by 3 March 2027", second.pk, None),
        (f"/risk {SECRET}", None, None),
    ]
    assert notes[1].readings == {"1,200 VMs": {"kind": "count", "value": "1300"}}
    assert [note.part.key for note in notes] == ["introductions", "background", "background", "background"]
    call.refresh_from_db()
    assert call.state == "review"
    assert set(call.questions.filter(asked_at__isnull=False)) == {first, second}

    # The review: what the notes propose is accepted and written, then the recap goes to the customer.
    expect(page.get_by_role("heading", name=re.compile("to decide"))).to_be_visible()
    count = call.proposals.filter(state="open").count()
    first_of_all = call.proposals.order_by("position")[0]
    hands.press("a")
    expect(page.locator("#review-said")).to_contain_text(f"Accepted: {first_of_all.label}.")
    expect(page.get_by_role("heading", name=f"{count - 1} to decide")).to_be_visible()
    expect(page.locator(".proposal:focus")).to_be_visible()
    hands.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    hands.press("r")
    expect(page.get_by_role("heading", name=f"{count - 2} to decide")).to_be_visible()
    hands.enter(page.get_by_role("button", name="Accept all open"))
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()
    hands.press("w")
    expect(page.get_by_role("heading", name="The review is done")).to_be_visible()
    expect(page.get_by_text(f"{count - 1} changes written to the deal")).to_be_visible()
    hands.press("o")
    page.wait_for_url(re.compile("/summary/$"))
    expect(page.get_by_role("heading", name=re.compile("summary", re.IGNORECASE)).first).to_be_visible()
    hands.press("w")
    expect(page.get_by_text(SECRET)).to_be_visible()
    hands.enter(page.get_by_role("navigation", name="After the call").get_by_role("link", name=re.compile("[Rr]ecap")))
    page.wait_for_url(re.compile("/recap/$"))
    hands.press("w")
    expect(page.get_by_role("article")).to_contain_text("live migration without downtime")
    expect(page.get_by_text(SECRET)).to_have_count(0)
    hands.press("e")
    proposal = page.get_by_label("What we propose")
    hands.fill(proposal, "A pilot in May.")
    hands.enter(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("article")).to_contain_text("A pilot in May.")
    hands.press("s")
    expect(page.get_by_role("heading", name="Who gets it?")).to_be_visible()
    hands.fill(page.locator("[name=others]"), "nora@aster.example")
    hands.enter(page.get_by_role("button", name="Send it", exact=True))
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    recap = Document.objects.get(call=call, kind="recap")
    assert recap.is_sent
    letter = OutboxMessage.objects.get(to="nora@aster.example")
    assert recap.sent_to == [letter.to]
    assert "without downtime" in letter.text
    assert "A pilot in May." in letter.html
    assert SECRET not in letter.text + letter.html
