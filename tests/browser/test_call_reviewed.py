"""After a call, by keyboard alone: what the notes propose is decided and written, and the recap is sent."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import expect

from calls.models import Call, Document
from calls.services.holding import begin_call, end_call
from calls.services.notes import save_entries
from calls.services.plans import plan_call
from crm.models import OutboxMessage
from crm.services.audit import Act
from deals.models import BantAssessment
from tests.browser.hands import Hands

TEXTS = ("/budget 2.4M a year, released", "/risk Their CIO leaves", "/must Live migration between sites")


def held(site) -> Call:
    rae, contact = site.world.cast["rae"], site.world.contact
    rae.email, contact.email = "rae@novacron.example", "ines@aster.example"
    rae.save()
    contact.save()
    act = Act(by=rae)
    call = plan_call(
        act=act, deal_id=site.world.deal.pk, starts_at=act.now, minutes=60, attendees=[{"contact": contact.pk}]
    )
    begin_call(act=act, call_id=call.pk)
    notes = [{"id": str(uuid.uuid4()), "revision": 1, "text": text} for text in TEXTS]
    save_entries(act=act, call_id=call.pk, entries=notes)
    return end_call(act=act, call_id=call.pk)


def test_from_the_notes_to_the_recap(site, window):
    call, page = held(site), window("rae")
    hands = Hands(page)
    page.goto(f"/calls/{call.pk}/review/")
    count = call.proposals.filter(state="open").count()
    expect(page.get_by_role("heading", name=f"{count} to decide")).to_be_visible()

    # The first that is open is accepted; the next one has the focus, is opened in a dialog and left; the rest is rejected.
    first = call.proposals.order_by("position").first()
    assert first is not None
    hands.press("a")
    expect(page.locator("#review-said")).to_contain_text(f"Accepted: {first.label}.")
    expect(page.get_by_role("heading", name=f"{count - 1} to decide")).to_be_visible()
    expect(page.locator(".proposal:focus")).to_be_visible()
    hands.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    for left in range(count - 2, -1, -1):
        hands.press("r")
        head = f"{left} to decide" if left else "All decided"
        expect(page.get_by_role("heading", name=head)).to_be_visible()
    hands.press("w")
    expect(page.get_by_text("1 change written to the deal")).to_be_visible()
    assert BantAssessment.objects.get(deal=call.deal_id).facts["budget_amount"] == "2400000.00"

    hands.press("o")
    page.wait_for_url(re.compile("/summary/$"))
    hands.press("w")
    expect(page.get_by_text("Their CIO leaves")).to_be_visible()
    hands.enter(page.get_by_role("navigation", name="After the call").get_by_role("link", name="Recap"))
    page.wait_for_url(re.compile("/recap/$"))
    hands.press("w")
    expect(page.get_by_text("Live migration between sites")).to_be_visible()
    expect(page.get_by_text("Their CIO leaves")).to_have_count(0)
    hands.press("s")
    page.wait_for_url(re.compile("/send/$"))
    hands.enter(page.get_by_role("button", name="Send it"))
    expect(page.get_by_text("On its way to ines@aster.example.")).to_be_visible()
    letter = OutboxMessage.objects.get(to="ines@aster.example")
    assert "Live migration between sites" in letter.text
    assert "CIO leaves" not in letter.text + letter.html
    assert Document.objects.get(call=call, kind="recap").is_sent
