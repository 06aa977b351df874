"""A manager's Monday by keyboard alone: what changed, why and who, the deals behind it, the call, and the day a month ago."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import expect

from crm.rules.calendar import fiscal_quarter
from crm.services.audit import Act
from deals.services.deals import update_deal
from reports.models import ForecastCall
from tests.architecture.world import PASSWORD
from tests.browser.hands import Hands
from tests.factories import make_deal


def test_a_managers_monday(site, window):
    rae, now = site.world.cast["rae"], timezone.now()
    long_ago = now - dt.timedelta(days=60)
    quarter = fiscal_quarter(now.date(), 1)
    campus = make_deal(
        rae, "Old campus", amount=Decimal(100_000), stage="negotiation", created_at=long_ago, stage_entered_at=long_ago,
        close_date=quarter.last_date, forecast_category="commit",
    )  # fmt: skip
    update_deal(
        act=Act(by=rae, why="They take two more halls.", at=now - dt.timedelta(hours=1)),
        deal_id=campus.pk,
        values={"amount": Decimal(150_000)},
    )
    page = window()
    hands, dialog = Hands(page), page.get_by_role("dialog")

    # In; what changed since last Monday, step by step, by whom and why.
    page.goto("/")
    hands.fill(page.get_by_label("User name"), "mona")
    hands.fill(page.get_by_label("Password"), PASSWORD)
    hands.press("Enter")
    page.wait_for_url("/today/")
    hands.settled()
    changed = page.get_by_role("region", name="What changed since last Monday?")
    hands.step_to(changed)
    hands.enter(changed.get_by_role("link", name="deal by deal"))
    page.wait_for_url(re.compile("/reports/changes/"))
    up = page.locator("#table-steps").get_by_role("row", name=re.compile("^Up"))
    expect(up.get_by_role("cell").nth(1)).to_have_text("50\xa0K")
    told = page.locator("#table-deals").get_by_role("row", name=re.compile("^Old campus"))
    for words in ("100,000", "150,000", "Rae Test", "They take two more halls."):
        expect(told).to_contain_text(words)

    # The deals behind the step, one of them, and back.
    hands.enter(up.get_by_role("rowheader").get_by_role("link", name="Up"))
    page.wait_for_url(re.compile("/reports/changes/rows/"))
    expect(page.get_by_text("1\xa0deal.")).to_be_visible()
    hands.enter(page.get_by_role("link", name="Old campus"))
    page.wait_for_url(f"/deals/{campus.pk}/")
    hands.settled()
    page.go_back()
    expect(page.get_by_role("heading", name="Deals behind a figure")).to_be_visible()

    # The quarter is called for the team, with a word why, and stands beside what is computed.
    hands.enter(page.get_by_role("link", name="Reports", exact=True).first)
    page.wait_for_url("/reports/")
    hands.enter(page.get_by_role("main").get_by_role("link", name="Forecast", exact=True))
    page.wait_for_url("/reports/forecast/")
    hands.enter(page.get_by_role("link", name="Call East"))
    hands.fill(dialog.get_by_role("textbox", name="Commit"), "1,000,000")
    hands.fill(dialog.get_by_role("textbox", name="Best case"), "1,250,000.50")
    hands.fill(dialog.get_by_role("textbox", name="Note"), "The halls come on top.")
    hands.enter(dialog.get_by_role("button", name="Call it"))
    called = page.locator("#table-calls").get_by_role("row", name=re.compile("^East"))
    for words in ("Mona Test", "1.00\xa0M", "1.25\xa0M", "150\xa0K", "850\xa0K", "The halls come on top."):
        expect(called).to_contain_text(words)
    call = ForecastCall.objects.get(team=rae.team)
    assert (call.commit, call.best_case, call.person.username) == (Decimal(1_000_000), Decimal("1250000.50"), "mona")

    # The pipeline as it was a month ago, and as a spreadsheet.
    hands.enter(page.get_by_role("link", name="Reports", exact=True).first)
    page.wait_for_url("/reports/")
    hands.enter(page.get_by_role("main").get_by_role("link", name="Pipeline", exact=True))
    page.wait_for_url("/reports/pipeline/")
    stage = page.locator("#table-stages").get_by_role("row", name=re.compile("^Negotiation"))
    expect(stage).to_contain_text("150\xa0K")
    day = now.date() - dt.timedelta(days=30)
    hands.to(page.get_by_label("As of"))
    hands.type(f"{day:%m%d%Y}")
    hands.press("Enter")
    page.wait_for_url(re.compile(f"as_of={day}"))
    expect(stage).to_contain_text("100\xa0K")
    with page.expect_download() as download:
        hands.enter(page.get_by_role("main").get_by_role("link", name="Spreadsheet"))
    assert download.value.suggested_filename == f"pipeline-{day}.xlsx"
