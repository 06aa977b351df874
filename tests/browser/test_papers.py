"""Reports on paper by keyboard: asked for, watched while a worker makes it, saved, cancelled; and by mail, in every rhythm."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.models import OutboxMessage, Person
from reports.documents import printing
from reports.models import Paper, PaperSchedule
from reports.services import schedule_runs
from tests.browser.hands import Hands
from tests.browser.site import WAIT

PDF = b"%PDF-1.7 drawn"


class Press:
    """A printing press that waits until it is let go, so that somebody can look at a paper that is being made."""

    def __init__(self) -> None:
        self.free = threading.Event()

    def print(self, drawn: str, **_: Any) -> tuple[bytes, int]:
        assert self.free.wait(3 * WAIT), "nobody let the press go"
        return PDF, 4


@pytest.fixture
def press(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    made = Press()
    monkeypatch.setattr(printing, "pdf_with_pages", made.print)
    yield made
    made.free.set()  # a story that broke off leaves no worker waiting
    site.settle()


def saves(page: Page, hands: Hands, *, named: str) -> bytes:
    with page.expect_download() as download:
        hands.enter(page.get_by_role("main").get_by_role("link", name="Save"))
    assert download.value.suggested_filename == named
    return download.value.path().read_bytes()


def test_a_paper_is_made_saved_and_cancelled(site, press, window):
    page = window("mona")
    hands, paper = Hands(page), page.locator("#paper")
    page.goto("/reports/pipeline/")
    hands.enter(page.get_by_role("button", name="PDF"))
    page.wait_for_url(re.compile(r"/reports/papers/\d+/"))
    # Both reports of the review are built, the layout waits: the page says so, and by itself that it is there.
    expect(paper).to_contain_text("2 of 3")
    expect(paper.get_by_role("progressbar", name="Reports built and laid out")).to_have_attribute("value", "2")
    hands.to(paper.get_by_role("link", name="Open the report"))
    press.free.set()
    expect(paper).to_contain_text("4 pages")
    expect(paper).to_contain_text("for you alone")
    hands.sees_where()  # what came by itself took the focus from nobody
    made = Paper.objects.get(made_for__username="mona")
    name = f"pipeline-review-{made.asked['as_of']}.pdf"
    assert saves(page, hands, named=name) == PDF

    # It stands under Papers, and is saved from there, too. A second one is cancelled while it is made.
    hands.enter(page.get_by_role("main").get_by_role("link", name="Papers"), back=True)
    row = page.get_by_role("row", name=re.compile("^Pipeline review"))
    expect(row).to_contain_text("Ready")
    assert saves(page, hands, named=name) == PDF
    press.free.clear()
    hands.enter(page.get_by_role("main").get_by_role("link", name="Reports"), back=True)
    hands.enter(page.get_by_role("main").get_by_role("link", name="Win and loss"))
    hands.enter(page.get_by_role("button", name="PDF"))
    expect(paper).to_contain_text("1 of 2")
    hands.enter(paper.get_by_role("button", name="Cancel"))
    page.wait_for_url("/reports/papers/")
    expect(page.get_by_text("Win and loss is cancelled.")).to_be_visible()
    press.free.set()
    site.settle()
    page.reload()
    expect(row).to_be_visible()
    assert list(Paper.objects.filter(made_for__username="mona").values_list("pk", flat=True)) == [made.pk]


def test_a_paper_comes_by_mail_until_it_is_ended(site, press, window):
    press.free.set()
    Person.objects.filter(username="mona").update(email="mona@example.com")
    page = window("mona")
    hands, main = Hands(page), page.get_by_role("main")
    row = page.get_by_role("row", name=re.compile("^Pipeline review"))
    page.goto("/reports/pipeline/")
    hands.enter(main.get_by_role("link", name="By mail"))
    # Each rhythm asks for its own day; the others' days are not asked for.
    rhythm, days = (
        main.get_by_label("How often"),
        ("Every week on", "Every month on day", "Before a quarter ends, working days"),
    )
    for step, (label, day, typed, said) in enumerate(
        (
            ("Every week", days[0], "Th", "Every Thursday at 07:00"),
            ("Every month", days[1], "28", "On day 28 of each month at 07:00"),
            ("Before a quarter ends", days[2], "3", "3 working days before a quarter ends at 07:00"),
        )
    ):
        hands.to(rhythm)
        if step:
            hands.press("ArrowDown")
        expect(rhythm.locator("option:checked")).to_have_text(label)
        for one in days:
            expect(main.get_by_label(one)).to_be_visible(visible=one == day)
        hands.to(main.get_by_label(day))
        if step:
            hands.press("Control+a")
        hands.type(typed)
        hands.enter(main.get_by_role("button", name="Save"))
        page.wait_for_url("/reports/papers/schedules/")
        expect(row).to_contain_text(said)
        if step < 2:
            hands.enter(row.get_by_role("link", name="Pipeline review"))
    schedule = PaperSchedule.objects.get(owner__username="mona")
    assert (schedule.rhythm, schedule.day, schedule.hour, schedule.to_team) == ("before_qbr", 3, 7, None)

    # Its hour comes. The mail leads to the paper, which was made meanwhile.
    PaperSchedule.objects.filter(pk=schedule.pk).update(next_due_at=timezone.now() - dt.timedelta(minutes=1))
    assert schedule_runs.run_due(timezone.now()) == 1
    site.settle()
    mail = OutboxMessage.objects.get(to="mona@example.com", key__startswith="paper:")
    address = re.search(r"/reports/papers/\d+/", mail.text)
    assert address is not None
    page.goto(address.group())
    expect(main).to_contain_text("4 pages")
    page.goto("/reports/papers/schedules/")
    expect(row.get_by_role("cell").nth(3)).not_to_have_text("—")

    # It rests, goes on, and ends; what was made stays.
    hands.enter(row.get_by_role("button", name="Pause"))
    expect(row).to_contain_text("Resting")
    hands.enter(row.get_by_role("button", name="Go on"))
    expect(row).not_to_contain_text("Resting")
    hands.enter(row.get_by_role("button", name="End"))
    expect(page.get_by_text("It comes no more. Papers that were made stay.")).to_be_visible()
    expect(page.get_by_text("Nothing comes by mail")).to_be_visible()
    hands.enter(main.get_by_role("link", name="Papers"))
    expect(row).to_contain_text("Ready")
