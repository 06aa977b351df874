"""Living in the list of deals by keyboard: a cell edited in place, rows ticked and changed together, and undone."""

from __future__ import annotations

from django.db.models import F
from playwright.sync_api import expect

from crm.models import Account
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


def test_an_accounts_owner_and_a_contacts_persona_are_edited_in_their_cells(site, window):
    account = site.world.account
    page = window("otto")
    page.goto("/accounts/")
    row = page.get_by_role("row").filter(has_text=account.name)
    row.get_by_role("button", name="edit owner").focus()
    page.keyboard.press("Enter")
    field = row.get_by_role("combobox", name=f"Owner of {account.name}")
    expect(field).to_be_focused()
    field.select_option(label="Mona Test")
    Account.objects.filter(pk=account.pk).update(owner=site.world.cast["otto"], version=F("version") + 1)
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("Somebody else made it Otto Test meanwhile")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="edit owner")).to_be_focused()
    assert Account.objects.get(pk=account.pk).owner == site.world.cast["mona"]
    page = window("rae")
    page.goto("/contacts/")
    row = page.get_by_role("row").filter(has_text="Wolf")
    row.get_by_role("button", name="edit persona").press("Enter")
    field = row.get_by_role("combobox", name="Persona of")
    expect(field).to_be_focused()
    field.select_option(index=1)
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="edit persona")).to_be_focused()


def test_rows_are_ticked_on_a_phone(site, window):
    page = window("rae")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/accounts/")
    page.get_by_role("checkbox", name=f"Select {site.world.account.name}").check()
    bar = page.locator("#picked")
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("checkbox", name="All on this page").check()
    boxes = page.locator('input[name="ids"]')
    expect(bar).to_contain_text(f"{boxes.count()} selected")
    bar.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", name="Export of accounts")).to_be_visible()
