"""Notes of a call, typed through whatever happens: not one character is lost, none is there twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, Page, Route, expect

from calls.models import Call, Entry
from deals.models import Deal
from tests.architecture.world import PASSWORD

ENTRIES = "**/entries/**"
CUT_OFF = ["ERR_FAILED", "ERR_CONNECTION", "ERR_INTERNET"]


@pytest.fixture
def call(site) -> Call:
    """Under way, and nobody has noted anything."""
    Entry.objects.filter(call=site.world.calls.live).delete()
    live: Call = site.world.calls.live
    return live


def cut(route: Route) -> None:
    route.abort()


def opened(page: Page, call: Call) -> Page:
    page.goto(f"/calls/{call.pk}/live/")
    expect(field(page)).to_be_focused()
    return page


def field(page: Page) -> Any:
    return page.get_by_role("combobox", name="Note", exact=True)


def kept(page: Page, state: str) -> None:
    expect(page.locator("#kept")).to_have_attribute("data-state", state)


def saved(call: Call) -> list[tuple[str, str]]:
    """Who wrote what, in the order of their moments."""
    rows = Entry.objects.filter(call=call, deleted=False).exclude(text="").order_by("at", "pk")
    return list(rows.values_list("author__username", "text"))


def texts(call: Call) -> list[str]:
    return [text for _, text in saved(call)]


def test_a_reload_in_the_middle_of_a_word(visitors, call):
    visitors.expected += CUT_OFF
    page = opened(visitors.window("rae"), call)
    page.route(ENTRIES, cut)
    page.keyboard.type("First.\n/pain Licences rose to 4.2")
    page.reload()
    page.unroute(ENTRIES)
    expect(field(page)).to_have_value("/pain Licences rose to 4.2")
    page.keyboard.type("M a year.")
    page.reload()
    expect(field(page)).to_have_value("/pain Licences rose to 4.2M a year.")
    page.keyboard.type(" Since May.\n")
    kept(page, "saved")
    assert texts(call) == ["First.", "/pain Licences rose to 4.2M a year. Since May."]


def test_a_closed_lid_that_kills_the_page_in_the_middle_of_a_word(visitors, call):
    """The network goes first, then the page, between two keys; a new window goes on typing before it knows what was left."""
    visitors.expected += CUT_OFF
    page = opened(visitors.window("rae"), call)
    page.keyboard.type("Before.\n")
    kept(page, "saved")
    page.route(ENTRIES, cut)
    page.keyboard.type("One.\nTwo, and half a wo")
    with pytest.raises(Error):
        page.goto("chrome://crash")
    again = page.context.new_page()
    again.goto(f"/calls/{call.pk}/live/")
    again.keyboard.type("After.\n")
    expect(again.locator("#jottings")).to_contain_text("half a wo")
    kept(again, "saved")
    assert sorted(texts(call)) == sorted(["Before.", "One.", "Two, and half a wo", "After."])


def test_two_tabs_never_overwrite_each_other(visitors, call):
    """Each has its own note; and where both change the same one, both texts stay."""
    one = opened(visitors.window("rae"), call)
    two = one.context.new_page()
    opened(two, call)
    for place in range(3):
        one.keyboard.type(f"one {place} ")
        two.keyboard.type(f"two {place} ")
    one.keyboard.type("\n")
    two.keyboard.type("\n")
    for page in (one, two):
        expect(page.locator("#jottings li")).to_have_count(2)
        kept(page, "saved")
    assert sorted(texts(call)) == ["one 0 one 1 one 2", "two 0 two 1 two 2"]
    for page, added in ((one, " by one"), (two, " by two")):
        page.locator("#jottings li", has_text="one 0").locator(".words").click()
        page.keyboard.type(added)
    for page in (one, two):
        page.keyboard.press("Enter")
        expect(page.locator("#jottings li")).to_have_count(3)
        kept(page, "saved")
    assert sorted(texts(call)) == ["one 0 one 1 one 2 by one", "one 0 one 1 one 2 by two", "two 0 two 1 two 2"]


def test_a_server_that_goes_away_and_comes_back(visitors, call):
    """At first its answers are lost, then it refuses, then nothing is there; then it is back."""
    visitors.expected += [*CUT_OFF, "status of 503"]
    page = opened(visitors.window("rae"), call)

    def lose(route: Route) -> None:
        """The answer to what was typed; a look at what is new, which a slow machine may have time for before, gets its own."""
        if route.request.method == "GET":
            route.fallback()
        else:
            route.fetch()
            route.abort()

    page.route(ENTRIES, lose)
    # At once: how much of it goes first is no matter of the machine's pace.
    page.keyboard.insert_text("Saved, but nobody told.")
    page.keyboard.type("\nHalf")
    kept(page, "offline")
    expect(page.locator("#kept")).to_contain_text("Kept on this computer: the server can’t be reached")
    assert texts(call)[0] == "Saved, but nobody told."
    page.unroute(ENTRIES)
    page.route(ENTRIES, lambda route: route.fulfill(status=503, body="Busy."))
    page.keyboard.type(" a note.\nRefused.\n")
    page.unroute(ENTRIES)
    page.route(ENTRIES, cut)
    page.keyboard.type("Not reached.\nAnd on")
    page.unroute(ENTRIES)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.keyboard.type(" and on.\n")
    kept(page, "saved")
    assert texts(call) == ["Saved, but nobody told.", "Half a note.", "Refused.", "Not reached.", "And on and on."]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes(':note:'))") == []


def test_a_session_that_expires(visitors, call):
    page = opened(visitors.window("rae"), call)
    page.keyboard.type("Signed in.\n")
    kept(page, "saved")
    Session.objects.all().delete()
    page.keyboard.type("Signed out, typing")
    kept(page, "signin")
    page.keyboard.type(" through it.\nStill.\nHere")
    page.locator("#kept").get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    field(page).focus()
    page.keyboard.type(" I am.\n")
    kept(page, "saved")
    assert texts(call) == ["Signed in.", "Signed out, typing through it.", "Still.", "Here I am."]


def test_somebody_else_who_signs_in_gets_none_of_it(visitors, call):
    page = opened(visitors.window("rae"), call)
    session = visitors.site.world.sessions["mona"]
    page.keyboard.type("Rae's")
    kept(page, "saved")
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": visitors.site.url}])
    page.keyboard.type(" own words.\n")
    kept(page, "signin")
    assert saved(call) == [("rae", "Rae's")]
    page.context.add_cookies(
        [{"name": "sessionid", "value": visitors.site.world.sessions["rae"], "url": visitors.site.url}]
    )
    page.evaluate("dispatchEvent(new Event('online'))")
    kept(page, "saved")
    assert saved(call) == [("rae", "Rae's own words.")]


def test_two_people_take_notes_at_once(visitors, call):
    """They interleave by time, each with its author; the field one types in never moves."""
    rae, mona = opened(visitors.window("rae"), call), opened(visitors.window("mona"), call)
    place = field(rae).bounding_box()
    for number in range(4):
        rae.keyboard.type(f"Rae {number}\n")
        mona.keyboard.type(f"Mona {number}\n")
    rae.keyboard.type("Rae goes on")
    rows = rae.locator("#jottings li")
    expect(rows).to_have_count(8)
    assert [text.split("\n")[-1] for text in rows.all_inner_texts()] == [
        f"{who} {number}" for number in range(4) for who in ("Rae", "Mona")
    ]
    expect(rows.nth(1)).to_contain_text("Mona Test")
    expect(field(rae)).to_have_value("Rae goes on")
    assert field(rae).bounding_box() == place
    rows.nth(1).locator(".words").click()
    expect(rae.locator("#jottings textarea")).to_have_count(0)
    kept(rae, "saved")
    kept(mona, "saved")
    expected = [(who.lower(), f"{who} {number}") for number in range(4) for who in ("Rae", "Mona")]
    assert saved(call) == [*expected, ("rae", "Rae goes on")]


def test_a_browser_without_room_saves_and_says_so(visitors, call):
    visitors.expected += CUT_OFF
    page = visitors.window("rae")
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };")
    opened(page, call)
    page.keyboard.type("No room, but a server.\n")
    kept(page, "saved")
    page.route(ENTRIES, cut)
    page.keyboard.type("Neither.\n")
    kept(page, "full")
    page.unroute(ENTRIES)
    page.evaluate("dispatchEvent(new Event('online'))")
    kept(page, "saved")
    assert texts(call) == ["No room, but a server.", "Neither."]


def test_a_note_that_is_too_long_is_kept_and_said_to_be(visitors, call):
    """Nothing of what is pasted is cut off, and the line does not say saved until it is."""
    page = opened(visitors.window("rae"), call)
    page.keyboard.insert_text("x" * 20_000 + " the end")
    kept(page, "refused")
    expect(page.locator("#kept")).to_contain_text("20,000 characters at most. Divide it; it is kept here until then.")
    page.keyboard.press("Enter")
    page.keyboard.type("Another.\n")
    expect(page.locator("#jottings li", has_text="Another.")).to_contain_text("internal")
    kept(page, "refused")
    page.reload()
    kept(page, "refused")
    page.locator("#jottings li", has_text="the end").locator(".words").click()
    page.locator("#jottings textarea").fill("the end")
    page.keyboard.press("Enter")
    kept(page, "saved")
    assert texts(call) == ["the end", "Another."]


def test_a_deal_given_away_during_the_call_costs_no_word(visitors, call):
    """What was typed before arrives; what can't be sent any more is shown, and offered as a file."""
    visitors.expected += [*CUT_OFF, "status of 404"]
    page = opened(visitors.window("rae"), call)
    page.keyboard.type("Before.\n")
    kept(page, "saved")
    page.route(ENTRIES, cut)
    page.keyboard.type("In the tunnel.\n")
    kept(page, "offline")
    owner = call.deal.owner_id
    Deal.objects.filter(pk=call.deal_id).update(owner=visitors.site.world.cast["remy"])
    try:
        page.unroute(ENTRIES)
        page.evaluate("dispatchEvent(new Event('online'))")
        kept(page, "gone")
        assert texts(call) == ["Before.", "In the tunnel."]
        page.route("**/left/", lambda route: route.fulfill(status=404, body=""))
        page.keyboard.type("A week later.\n")
        kept(page, "unsent")
        with page.expect_download() as file:
            page.get_by_role("button", name="Save them as a file").click()
        assert "A week later." in file.value.path().read_text()
    finally:
        Deal.objects.filter(pk=call.deal_id).update(owner=owner)


@pytest.mark.parametrize("rest, then", [(", and the rest", ""), ("", " and on"), ("", "")])
def test_a_tab_that_stood_still_doubles_nothing(visitors, call, rest, then):
    """It answers no more, so another one takes over what it left unsent, and goes on with it, or not; then it wakes, and sends what it
    has, or is typed in. What both typed is there once."""
    visitors.expected += CUT_OFF
    frozen = opened(visitors.window("rae"), call)
    frozen.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    frozen.route(ENTRIES, cut)
    frozen.keyboard.type("Half a note")
    kept(frozen, "offline")
    other = frozen.context.new_page()
    other.goto(f"/calls/{call.pk}/live/")
    expect(field(other)).to_have_value("Half a note")
    other.keyboard.type(rest)
    other.keyboard.press("Enter")
    kept(other, "saved")
    frozen.bring_to_front()
    if then:
        frozen.keyboard.type(then)
    frozen.unroute(ENTRIES)
    frozen.evaluate("dispatchEvent(new Event('online'))")
    kept(frozen, "saved")
    if rest:
        expect(frozen.locator("#jottings li")).to_have_text(re.compile("Half a note, and the rest"))
        expect(field(frozen)).to_have_value("")
    assert texts(call) == ["Half a note" + rest + then]
