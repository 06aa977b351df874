"""A call is ended by its button, and by nobody who is not signed in."""

from __future__ import annotations

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from calls.models import Call
from tests.architecture.world import PASSWORD
from tests.browser.test_call_kept import call as call
from tests.browser.test_call_kept import kept, opened, texts


def test_a_call_is_ended_by_somebody_who_was_signed_out(visitors, call):
    """It says so, and not that the server is gone; after signing in again the same button ends it, with every word."""
    page = opened(visitors.window("rae"), call)
    kept(page, "saved")
    Session.objects.all().delete()
    page.keyboard.type("The last word")
    # Asked of the form: the dialog may be there by now, for any other part of the page may have been told first.
    page.locator("#end-call").evaluate("(form) => form.requestSubmit()")
    told = page.get_by_text("You have been signed out, so the call can’t be ended yet.")
    expect(told).to_contain_text("Sign in again and end it then; nothing is lost.")
    expect(page.get_by_text("can’t be reached")).to_have_count(0)
    dialog = page.get_by_role("dialog", name="You have been signed out")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    assert Call.objects.get(pk=call.pk).state == "live"
    page.get_by_role("button", name="End the call").click()
    page.wait_for_url(re.compile(rf"/calls/{call.pk}/review/"))
    assert texts(call) == ["The last word"]
    assert Call.objects.get(pk=call.pk).state != "live"
