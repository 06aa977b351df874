"""A rep's whole day by keyboard alone: from signing in to sharing the deal, and one always sees where one is."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, FileEvidence, Note, Task
from deals.models import Deal, DealShare, MeddpiccElement
from tests.architecture.world import PASSWORD
from tests.browser.hands import Hands


def test_a_reps_day(site, window):
    world = site.world
    today = timezone.now().date()
    Deal.objects.filter(pk=world.deal.pk).update(next_step="Send the summary", next_step_date=today)
    page = window()
    hands, dialog = Hands(page), page.get_by_role("dialog")

    # In, and what is due.
    page.goto("/")
    hands.fill(page.get_by_label("User name"), "rae")
    hands.fill(page.get_by_label("Password"), PASSWORD)
    hands.press("Enter")
    page.wait_for_url("/today/")
    hands.settled()
    due = page.get_by_role("region", name="What is due?")
    expect(due).to_contain_text("Send the summary")
    hands.enter(due.get_by_role("link", name="Renewal displacement"))
    expect(page.get_by_role("heading", name="Renewal displacement", level=1)).to_be_visible()
    hands.settled()

    # A call, and a note that mentions the manager.
    hands.press("a", "c")
    hands.fill(dialog.get_by_label("About"), "Price talk with Ines")
    hands.fill(dialog.get_by_label("Minutes"), "25")
    hands.to(dialog.get_by_label("Ines Wolf, CIO"))
    hands.press("Space")
    hands.fill(dialog.get_by_label("What came of it"), "They want **three years**.")
    hands.enter(dialog.get_by_role("button", name="Save"))
    expect(page.locator("#timeline").get_by_text("Call: Price talk with Ines")).to_be_visible()
    hands.press("a", "n")
    expect(dialog.get_by_role("textbox", name="Note")).to_be_focused()
    hands.type("Three years, they say. @mo")
    expect(page.get_by_role("option", name="@mona Mona Test")).to_have_attribute("aria-selected", "true")
    hands.press("Enter")
    hands.type("may we?")
    hands.enter(dialog.get_by_role("button", name="Save note"))
    expect(page.locator("#timeline").get_by_text("may we?")).to_be_visible()
    assert [one.username for one in Note.objects.latest("pk").mentions.all()] == ["mona"]
    assert Activity.objects.latest("pk").minutes == 25

    # A task for tomorrow.
    hands.press("a", "t")
    expect(dialog.get_by_label("Task", exact=True)).to_be_focused()
    hands.type("Send the offer")
    hands.to(dialog.get_by_label(re.compile("^Due")))
    hands.type(f"{today + dt.timedelta(days=1):%m%d%Y}")
    hands.enter(dialog.get_by_role("button", name="Save task"))
    expect(page.locator("#tasks")).to_contain_text("Send the offer")
    assert Task.objects.get(title="Send the offer").due_date == today + dt.timedelta(days=1)

    # The amount, and the next stage although a criterion is not met.
    hands.press("e")
    page.wait_for_url(re.compile("/edit/$"))
    hands.fill(page.get_by_role("textbox", name="ARR"), "1,200,000")
    hands.press("Enter")
    expect(page.locator("#deal-head")).to_contain_text("1,200,000")
    hands.settled()
    hands.press("m")
    expect(dialog.get_by_text("Not everything is met.")).to_be_visible()
    hands.fill(dialog.get_by_label("Why it moves on all the same"), "Ines wants the workshop first.")
    hands.enter(dialog.get_by_role("button", name="Move"))
    expect(page.get_by_role("link", name="Move to Demo")).to_be_visible()
    hands.settled()

    # What the customer said goes into MEDDPICC, and the facts move the score.
    lights = page.locator("#meddpicc")
    hands.step_to(lights)
    hands.enter(lights.get_by_role("link", name="Identify pain"))
    hands.fill(dialog.locator('[name="statement"]'), "Licences tripled.")
    hands.to(dialog.get_by_role("radio", name="Unknown"))
    hands.press("ArrowRight")
    hands.enter(dialog.get_by_role("button", name="Save"))
    expect(lights.get_by_role("listitem").filter(has_text="Identify pain")).to_contain_text("claimed")
    expect(lights.get_by_role("link", name="Identify pain")).to_be_focused()
    total = page.get_by_role("region", name="Lead score").locator(".total ~ .num").last
    before = total.inner_text()
    hands.palette("bant", "BANT of this deal")
    page.wait_for_url(re.compile("/bant/$"))
    hands.settled()
    hands.step_to(page.get_by_role("region", name="Need"))
    hands.to(page.get_by_label("Pain"))
    hands.type("Urgent")
    hands.fill(page.get_by_label("Impact"), "1,200,000")
    hands.press("Enter")
    expect(total).not_to_have_text(before)
    hands.palette("renewal", "Renewal displacement")
    page.wait_for_url(f"/deals/{world.deal.pk}/")
    hands.settled()

    # What proves it.
    hands.press("a", "f")
    expect(dialog.locator("input[type=file]")).to_be_visible()
    hands.settled()
    hands.to(dialog.locator("input[type=file]"))
    expect(dialog.locator("input[type=file]")).to_be_focused()
    hands.choose_file("board.pdf", "application/pdf", b"%PDF-1.4 x")
    hands.enter(dialog.get_by_role("button", name="Attach"))
    expect(page.locator("#timeline").get_by_role("link", name="board.pdf")).to_be_visible()
    hands.step_to(lights)
    hands.enter(lights.get_by_role("link", name="Metrics"))
    hands.to(dialog.get_by_role("radio", name="Claimed"))
    hands.press("ArrowRight")
    hands.to(dialog.get_by_label("board.pdf"))
    hands.press("Space")
    hands.enter(dialog.get_by_role("button", name="Save"))
    expect(page.locator("#element-metrics").get_by_role("link", name="board.pdf")).to_be_visible()
    element = MeddpiccElement.objects.get(deal=world.deal, element="metrics")
    assert (element.strength, FileEvidence.objects.get(element=element).attachment.name) == ("confirmed", "board.pdf")

    # Another record, and back by what was looked at last; then a colleague may read it.
    hands.palette("aster", re.compile("^Aster Health"))
    page.wait_for_url(f"/accounts/{world.account.pk}/")
    hands.settled()
    hands.palette("renewal", "Renewal displacement")
    page.wait_for_url(f"/deals/{world.deal.pk}/")
    hands.settled()
    hands.palette("share", "Share this deal")
    hands.to(dialog.get_by_label("With"))
    hands.type("Remy")
    hands.enter(dialog.get_by_role("button", name="Share"))
    expect(page.locator("#access")).to_contain_text("Remy Test")
    site.settle()
    deal = Deal.objects.get(pk=world.deal.pk)
    assert (deal.stage, str(deal.amount)) == ("qualified", "1200000.00")
    assert DealShare.objects.filter(deal=deal, person=world.cast["remy"]).exists()
