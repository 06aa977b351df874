"""Living in the list of deals by keyboard: a cell edited in place, rows ticked and changed together, and undone."""

from __future__ import annotations

from playwright.sync_api import expect

from deals.models import Deal


def test_a_next_step_is_edited_in_its_cell(site, window):
    page = window("rae")
    page.goto("/deals/")
    row = page.get_by_role("row").filter(has_text="Renewal displacement")
    row.get_by_role("button", name="edit next step").focus()
    page.keyboard.press("Enter")
    field = row.get_by_role("textbox", name="Next step")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="edit next step")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    field.fill("Call Ines on Monday")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Call Ines on Monday")).to_be_focused()
    assert Deal.objects.get(pk=site.world.deal.pk).next_step == "Call Ines on Monday"


def test_ticked_deals_get_a_close_date_and_it_is_undone(site, window):
    before = Deal.objects.get(pk=site.world.deal.pk).close_date
    page = window("rae")
    page.goto("/deals/")
    expect(page.locator("#picked")).to_be_hidden()
    page.get_by_role("checkbox", name="Select Renewal displacement").focus()
    page.keyboard.press("Space")
    expect(page.locator("#picked")).to_contain_text("1 selected")
    page.reload()
    expect(page.get_by_role("checkbox", name="Select Renewal displacement")).to_be_checked()
    page.get_by_role("button", name="Change close date").press("Enter")
    expect(page.get_by_role("heading", name="Change close date of 1 deal?")).to_be_visible()
    page.get_by_label("New close date").fill("2027-03-31")
    page.get_by_role("button", name="Change close date").press("Enter")
    expect(page.get_by_role("row").filter(has_text="Renewal displacement")).to_contain_text("31 Mar 2027")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Undone. 1 put back.")).to_be_visible()
    assert Deal.objects.get(pk=site.world.deal.pk).close_date == before
