"""A manager's whole day by keyboard alone: told of a mention, the Monday look, many deals changed and put back, a card moved."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Task
from activities.services.tasks import create_task
from crm.services.audit import Act
from deals.models import Deal
from deals.services.risks import judge
from tests.architecture.world import PASSWORD
from tests.browser.hands import Hands
from tests.factories import make_news


def test_a_managers_day(site, window):
    world, mona = site.world, site.world.cast["mona"]
    deal, today = world.deal, timezone.now().date()
    make_news(mona, deal, text=f"Rae Test mentioned you in a note about {deal}", url=f"/notes/{world.note.pk}/")
    Deal.objects.filter(pk=deal.pk).update(next_step="Send the offer", next_step_date=today - dt.timedelta(days=9))
    judge(deal_ids=[deal.pk], now=timezone.now(), today=today)
    create_task(act=Act(by=mona), about=("deal", deal.pk), values={"title": "Ask Ines", "due_date": today})
    before = Deal.objects.get(pk=deal.pk).close_date
    page = window()
    hands, dialog = Hands(page), page.get_by_role("dialog")

    # In, and what somebody wants to know.
    page.goto("/")
    hands.fill(page.get_by_label("User name"), "mona")
    hands.fill(page.get_by_label("Password"), PASSWORD)
    hands.press("Enter")
    page.wait_for_url("/today/")
    hands.settled()
    expect(page.get_by_role("link", name=re.compile("Notifications"))).to_have_text(re.compile("1 unread"))
    hands.press("g", "n")
    page.wait_for_url("/notifications/")
    hands.enter(page.get_by_role("link", name=re.compile("mentioned you in a note")))
    expect(page.get_by_text("Their CIO decides.")).to_be_visible()

    # Monday's look: the sums, what is at risk and by which rule, and the rows of it.
    hands.press("g", "h")
    page.wait_for_url("/today/")
    hands.settled()
    pipeline = page.get_by_role("region", name="Where does the pipeline stand?")
    expect(pipeline.get_by_role("row", name=re.compile("^All"))).to_contain_text("1.85 M")
    todo = page.get_by_role("region", name="What have I to do?")
    hands.step_to(todo)
    hands.enter(todo.get_by_role("button", name="Done: Ask Ines"))
    expect(todo.get_by_text("No task is due.")).to_be_visible()
    hands.sees_where()
    assert Task.objects.get(title="Ask Ines").done_by == mona
    risks = page.get_by_role("region", name="Which deals need me?")
    hands.step_to(risks)
    expect(risks).to_contain_text("Next step is overdue")
    hands.enter(risks.get_by_role("link", name="Next step is overdue"))
    expect(page.get_by_role("row").filter(has_text="Renewal displacement")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Northwind core platform")).to_have_count(0)

    # A view somebody shared; two rows ticked, changed together, and put back.
    hands.press("g", "d")
    page.wait_for_url("/deals/")
    hands.settled()
    hands.enter(page.get_by_role("link", name="Mine"))
    page.wait_for_url(re.compile(r"view="))
    hands.settled()
    for name in ("Renewal displacement", "Northwind core platform"):
        hands.to(page.get_by_role("checkbox", name=f"Select {name}"))
        hands.press("Space")
    expect(page.locator("#picked")).to_contain_text("2 selected")
    hands.enter(page.get_by_role("button", name="Change close date"), back=True)
    expect(page.get_by_role("heading", name="Change close date of 2 deals?")).to_be_visible()
    hands.to(page.get_by_label("New close date"))
    hands.type("03312027")
    hands.press("Enter")
    expect(page.get_by_text("31 Mar 2027").first).to_be_visible()
    hands.enter(page.get_by_role("button", name="Undo"))
    expect(page.get_by_text("Undone. 2 put back.")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).close_date == before

    # How a deal came to be what it is.
    hands.enter(page.get_by_role("link", name="Renewal displacement"))
    page.wait_for_url(f"/deals/{deal.pk}/")
    hands.settled()
    hands.palette("history", "History of this deal")
    expect(page.get_by_role("heading", name="History of changes", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("31 Mar 2027")

    # Over the board, without a mouse; the card that was moved is where one goes on.
    hands.palette("board", "Deal board")
    page.wait_for_url("/deals/board/")
    hands.settled()
    card = page.get_by_role("link", name="Move Renewal displacement to another stage")
    hands.step_to(page.locator(".ticket").filter(has_text="Renewal displacement"))
    hands.enter(card)
    expect(dialog.get_by_label("Stage")).to_be_focused()
    hands.fill(dialog.get_by_label("Why it moves on all the same"), "The workshop is booked.")
    hands.enter(dialog.get_by_role("button", name="Move"))
    expect(page.get_by_role("region", name="Qualified")).to_contain_text("Renewal displacement")
    expect(card).to_be_focused()
    assert Deal.objects.get(pk=deal.pk).stage == "qualified"
