"""A claim backfires: Rae says so where she reads it, and Eve sees it rise and says that it still holds."""

from __future__ import annotations

from playwright.sync_api import expect

from battlecards.models import Confirmation, Feedback


def test_what_the_field_says_rises_in_the_queue(site, window):
    rae, eve = window("rae"), window("eve")
    eve.goto("/battlecards/queue/")
    row = eve.locator(".queue > li").filter(has=eve.get_by_role("heading", name="Licence cost"))
    expect(row).to_contain_text("Harm 1: figure without a source 1.")

    rae.goto("/battlecards/vmware/")
    talk = rae.locator("#c-cost")
    talk.get_by_role("link", name="How did it go?").click()
    talk.get_by_role("radio", name="Backfired").check()
    talk.get_by_role("textbox", name="What happened").fill("They pay less by now.")
    talk.get_by_role("button", name="Tell the editors").click()
    expect(talk.get_by_role("status")).to_contain_text("Noted as backfired")
    assert Feedback.objects.filter(verdict="backfired", note="They pay less by now.").count() == 1

    eve.reload()
    expect(row).to_contain_text("Harm 3: backfired 1 × 2, figure without a source 1.")
    expect(row).to_contain_text("Use 2: once used or said something of")
    row.get_by_role("button", name="Still holds").click()
    expect(eve.get_by_text("It still holds")).to_be_visible()
    expect(row).to_contain_text("Harm 1: figure without a source 1.")
    assert Confirmation.objects.get().by == site.world.cast["eve"]
