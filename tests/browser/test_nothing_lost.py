"""Two people at one record, and a session that ends in the middle: nothing typed is lost."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, expect

from crm.models import Account
from deals.models import Deal, MeddpiccElement
from tests.architecture.world import PASSWORD

MAIL = "From: Ines Wolf <ines@aster.example>\nSubject: {subject}\nDate: Mon, 2 Mar 2026 10:12:00 +0100\n\nApproved."


def test_two_people_editing_a_deal_see_each_other(site, window):
    edit = f"/deals/{site.world.deal.pk}/edit/"
    rae, mona = window("rae"), window("mona")
    rae.goto(edit)
    mona.goto(edit)
    mona.get_by_label("ARR").fill("800,000")
    mona.get_by_label("Term").fill("36")
    mona.get_by_role("button", name="Save").click()
    expect(mona.get_by_role("heading", name="Renewal displacement")).to_be_visible()
    rae.get_by_label("ARR").fill("950,000")
    rae.get_by_label("Next step").fill("Send the second draft")
    rae.get_by_role("button", name="Save").click()
    said = rae.get_by_role("alert")
    expect(said).to_contain_text("Somebody else saved this deal while you were typing")
    expect(said.get_by_role("row").filter(has_text="ARR")).to_contain_text("800,000")
    arr, term = rae.get_by_role("textbox", name="ARR"), rae.get_by_role("spinbutton", name="Term")
    expect(arr).to_have_value("950,000")
    expect(rae.get_by_role("textbox", name="Next step")).to_have_value("Send the second draft")
    expect(term).to_have_value("36")
    expect(said.get_by_role("radio", name="Term: theirs")).to_be_checked()
    said.get_by_role("radio", name="ARR: yours").focus()
    rae.keyboard.press("ArrowLeft")
    expect(arr).to_have_value("800,000")
    arr.fill("960,000")
    expect(said.get_by_role("radio", name="ARR: yours")).to_be_checked()
    rae.get_by_role("button", name="Save").click()
    expect(rae.get_by_role("heading", name="Renewal displacement", exact=True)).to_be_visible()
    saved = Deal.objects.get(pk=site.world.deal.pk)
    assert (str(saved.amount), saved.term_months, saved.next_step) == ("960000.00", 36, "Send the second draft")


def test_two_people_editing_an_account_see_each_other(site, window):
    edit = f"/accounts/{site.world.account.pk}/edit/"
    rae, mona = window("rae"), window("mona")
    rae.goto(edit)
    mona.goto(edit)
    mona.get_by_label("Country").fill("Peru")
    mona.get_by_role("button", name="Save").click()
    expect(mona.get_by_role("heading", name="Aster Health", exact=True)).to_be_visible()
    rae.get_by_label("Country").fill("Chile")
    rae.get_by_label("Employees").fill("1200")
    rae.get_by_role("button", name="Save").click()
    said = rae.get_by_role("alert")
    expect(said).to_contain_text("Somebody else saved this account while you were typing")
    said.get_by_role("radio", name="Country: theirs").check()
    expect(rae.get_by_role("textbox", name="Country")).to_have_value("Peru")
    rae.get_by_role("button", name="Save").click()
    expect(rae.get_by_role("heading", name="Aster Health", exact=True)).to_be_visible()
    saved = Account.objects.get(pk=site.world.account.pk)
    assert (saved.country, saved.employees) == ("Peru", 1200)


def test_two_people_at_an_element_of_meddpicc_see_each_other(site, window):
    rae, mona = window("rae"), window("mona")
    dialogs = []
    for page in (rae, mona):
        page.goto(f"/deals/{site.world.deal.pk}/")
        page.locator("#meddpicc").get_by_role("link", name="Identify pain").click()
        dialogs.append(page.get_by_role("dialog"))
    mine, hers = dialogs
    for dialog, text in ((hers, "Licences tripled."), (mine, "Nobody patches the old hosts.")):
        dialog.locator('[name="statement"]').fill(text)
        dialog.get_by_role("radio", name="Claimed").check()
        dialog.get_by_role("button", name="Save").click()
    expect(hers).to_be_hidden()
    said = mine.get_by_role("alert")
    expect(said).to_contain_text("Licences tripled.")
    expect(said).to_contain_text("Nobody patches the old hosts.")
    mine.get_by_role("button", name="Save").click()
    expect(mine).to_be_hidden()
    saved = MeddpiccElement.objects.get(deal=site.world.deal, element="identify_pain")
    assert saved.fields["statement"] == "Nobody patches the old hosts."


def test_a_session_that_ends_while_typing_asks_to_sign_in_in_place(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/edit/")
    page.get_by_label("Name", exact=True).fill("Renewal, second attempt")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog.get_by_label("User name")).to_have_value("rae")
    dialog.get_by_label("Password").fill("not this one at all")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("password")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Renewal, second attempt")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Renewal, second attempt", exact=True)).to_be_visible()


def test_a_server_that_can_not_be_reached_leaves_the_form_as_it_is(site, visitors):
    visitors.expected += ["ERR_FAILED", "htmx:"]
    page = visitors.window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/edit/")
    page.get_by_label("Name", exact=True).fill("Typed on a train")
    page.route("**/edit/", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("The server can't be reached.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed on a train")
    page.unroute("**/edit/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Typed on a train", exact=True)).to_be_visible()


def test_leaving_with_unsaved_text_asks_first(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/edit/")
    page.get_by_label("Name", exact=True).fill("Not saved yet")
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Accounts").first.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Not saved yet")
    assert asked == ["beforeunload"]


def test_a_pasted_email_under_review_is_kept_until_it_is_filed(site, window):
    page = window("rae")
    page.goto(f"/deals/{site.world.deal.pk}/")
    opener = page.get_by_role("navigation", name="Add to this deal").get_by_role("link", name="E-mail")
    pasted, dialog = page.get_by_label("The message"), page.get_by_role("dialog")
    subject = dialog.get_by_label("Subject")
    opener.click()
    pasted.fill(MAIL.format(subject="Budget for May"))
    page.get_by_role("button", name="Read it").click()
    expect(subject).to_have_value("Budget for May")
    subject.fill("Budget for May, as agreed")
    dialog.get_by_role("radio", name="From them").check()
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.includes(':email:'))")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    opener.click()
    expect(pasted).to_have_value(MAIL.format(subject="Budget for May"))
    pasted.fill(MAIL.format(subject="Another one"))
    page.get_by_role("button", name="Read it").click()
    expect(subject).to_have_value("Another one")  # what was typed into one message is not put into the next
    page.keyboard.press("Escape")
    opener.click()
    pasted.fill(MAIL.format(subject="Budget for May"))
    page.get_by_role("button", name="Read it").click()
    expect(dialog.get_by_text("What you typed before is back.")).to_be_visible()
    expect(subject).to_have_value("Budget for May, as agreed")
    expect(dialog.get_by_role("radio", name="From them")).to_be_checked()
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#timeline").get_by_text("Budget for May, as agreed")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []
