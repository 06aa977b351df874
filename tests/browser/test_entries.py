"""A rep's afternoon on a deal: a note with a mention, a task of a series, a file that becomes evidence."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from activities.models import FileEvidence, Note, Task
from activities.services.tasks import create_task
from crm.services.audit import Act
from deals.models import MeddpiccElement

LOADED = "() => !document.querySelector('.htmx-request, section[hx-trigger=load]')"


def test_a_note_a_task_and_a_file_by_keyboard(site, window):
    deal, rae = site.world.deal, site.world.cast["rae"]
    today = timezone.now().date()
    values = {"title": "Check in", "due_date": today, "repeats": "weekly"}
    create_task(act=Act(by=rae), about=("deal", deal.pk), values=values)
    page = window("rae")
    page.goto(f"/deals/{deal.pk}/")
    page.wait_for_function(LOADED)

    # A note: the dialog opens ready to type, a colleague is offered, arrows choose.
    page.get_by_role("navigation", name="Add to this deal").get_by_role("link", name="Note").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Budget is **approved**. @mo")
    expect(page.get_by_role("option", name="@mona Mona Test")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("please look, and @rem")
    expect(page.get_by_role("option")).to_contain_text("can't see this deal")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()

    # Closed by a slip: what was typed is back.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Note").first.click()
    expect(page.get_by_text("What you typed before is back.")).to_be_visible()
    box = page.get_by_role("dialog").locator("textarea")
    expect(box).to_have_value("Budget is **approved**. @mona please look, and @rem")
    box.fill("Budget is **approved**. @mona please look")
    page.get_by_role("button", name="Save note").press("Enter")
    expect(page.locator("#timeline .said strong").first).to_have_text("approved")
    assert [one.username for one in Note.objects.latest("pk").mentions.all()] == ["mona"]

    # The task of a series: done by keyboard, the next one stands in its place.
    page.wait_for_function(LOADED)  # the panels that follow a note are drawn anew, and one of them holds the button
    tick = page.get_by_role("button", name="Done: Check in")
    tick.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("The next one is due")).to_be_visible()
    expect(page.get_by_role("button", name="Done: Check in")).to_be_visible()
    assert Task.objects.get(title="Check in", done_at=None).due_date == today + dt.timedelta(days=7)

    # A file, refused first, then taken and named as what shows an element.
    page.get_by_role("navigation", name="Add to this deal").get_by_role("link", name="File").click()
    page.get_by_label("What is in them?").fill("Signed by the board.")
    page.locator("input[type=file]").set_input_files([{"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"}])
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("alert")).to_contain_text("a.exe is of a kind that is not taken")
    expect(page.get_by_label("What is in them?")).to_have_value("Signed by the board.")
    page.locator("input[type=file]").set_input_files(
        [{"name": "board.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.4 x"}]
    )
    page.get_by_role("button", name="Attach").click()
    expect(page.locator("#timeline").get_by_role("link", name="board.pdf")).to_be_visible()
    page.locator("#element-metrics").get_by_role("link", name="Metrics").click()
    page.get_by_label("board.pdf").check()
    page.get_by_role("radio", name="Confirmed").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#element-metrics").get_by_role("link", name="board.pdf")).to_be_visible()
    site.settle()
    element = MeddpiccElement.objects.get(deal=deal, element="metrics")
    assert (element.strength, element.evidence) == ("confirmed", "board.pdf")
    assert FileEvidence.objects.get().attachment.name == "board.pdf"
