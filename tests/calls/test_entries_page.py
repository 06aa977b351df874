"""Notes over HTTP, as the page of a running call sends them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from calls.models import Call, Entry
from deals.models import Deal
from tests.calls.conftest import note, write

pytestmark = pytest.mark.django_db


def send(browser: Any, call: Call, since: int = 0, *entries: dict[str, Any]) -> Any:
    body = json.dumps({"entries": list(entries), "since": since})
    return browser.post(f"/calls/{call.pk}/entries/", body, content_type="application/json")


def test_what_is_typed_is_saved_and_comes_back_read(live, rae, mona, sign_in):
    write(live, mona, "from Mona")
    one = note("/pain 4.2M a year", readings={"4.2M a year": {"kind": "money", "value": "4300000"}})
    answer = send(sign_in(rae), live, 0, one).json()
    assert (answer["saved"], answer["refused"], answer["cursor"]) == ({one["id"]: 1}, {}, 2)
    assert [(row["text"], row["mine"], row["author"]["initials"]) for row in answer["entries"]] == [
        ("from Mona", False, "MT")
    ]
    (row,) = answer["written"]
    assert row["tags"] == [{"key": "pain", "label": "Pain", "start": 0, "end": 5}]
    assert [(f["start"], f["end"], f["value"], f["corrected"]) for f in row["found"]] == [(6, 17, "4300000.00", True)]
    assert row["customer"] is True
    again = sign_in(mona).get(f"/calls/{live.pk}/entries/?since=1").json()
    assert [row["text"] for row in again["entries"]] == ["/pain 4.2M a year"]


def test_a_page_that_is_closed_sends_a_form(live, rae, sign_in):
    one = note("last words")
    answer = sign_in(rae).post(f"/calls/{live.pk}/entries/", {"batch": json.dumps({"entries": [one]})})
    assert answer.json()["saved"] == {one["id"]: 1}


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"entries":' + "[" * 200_000,
        '{"entries": 1}',
        '{"entries": [1]}',
        '{"since": "x"}',
        '{"since": -1}',
    ],
)
def test_what_is_no_batch_is_refused(live, rae, sign_in, body):
    answer = sign_in(rae).post(f"/calls/{live.pk}/entries/", body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"errors": {"": ["This is no batch of notes."]}})
    assert not Entry.objects.exists()


def test_a_session_that_ended_is_told_and_nothing_is_saved(live, sign_in):
    answer = send(sign_in(None), live, 0, note("x"))
    assert answer.status_code == 401
    assert "sign in again and it is sent" in answer.json()["errors"][""][0]
    assert not Entry.objects.exists()


def test_too_many_at_once(live, rae, sign_in):
    answer = send(sign_in(rae), live, 0, *(note("x") for _ in range(501)))
    assert answer.status_code == 422
    assert "None of these was saved" in answer.json()["errors"]["entries"][0]


@pytest.mark.parametrize(
    "odd",
    [{"question": [1]}, {"question": {}}, {"readings": {"x\x00": {"kind": "none"}}}, {"readings": {"\ud83d": {}}}],
)
def test_what_can_not_be_meant_costs_no_text(live, rae, sign_in, odd):
    one = note("12 VMs", readings={"12 VMs": {"kind": "count", "value": "13", "unit": "V\x00\ud83dMs"}}) | odd
    assert send(sign_in(rae), live, 0, one).json()["saved"] == {one["id"]: 1}
    row = Entry.objects.get()
    kept = {} if "readings" in odd else {"12 VMs": {"kind": "count", "value": "13", "unit": "VMs"}}
    assert (row.text, row.question_id, row.readings) == ("12 VMs", None, kept)


def leave(browser: Any, call: Call, *entries: dict[str, Any]) -> Any:
    body = json.dumps({"entries": list(entries), "since": 0})
    return browser.post(f"/calls/{call.pk}/left/", body, content_type="application/json")


def test_who_lost_the_deal_during_a_call_still_leaves_what_was_typed_and_reads_nothing(
    live, rae, remy, mona, deal, sign_in
):
    write(live, rae, "begun")
    write(live, mona, "Mona's own")
    Deal.objects.filter(pk=deal.pk).update(owner=remy)
    first, late = live.entries.get(text="begun"), note("typed in the tunnel")
    assert send(sign_in(rae), live, 0, late).status_code == 404
    mine = note("begun, and ended", 2, id=first.pk)
    theirs = note("overwritten", 9, id=live.entries.get(author=mona).pk)
    answer = leave(sign_in(rae), live, mine, late, theirs)
    told = answer.json()
    assert told["saved"] == {str(first.pk): 2, late["id"]: 1}
    assert told["refused"] == {theirs["id"]: "This note is Mona Test's. Write your own beside it."}
    assert (told["left"], told["entries"], told["cursor"]) == (True, [], 0)
    assert {row["author"]["name"] for row in [*told["written"], *told["stands"]]} == {"Rae Test"}
    older = leave(sign_in(rae), live, note("begun, otherwise", 1, id=first.pk)).json()
    assert [row["text"] for row in older["stands"]] == ["begun, and ended"]
    assert sign_in(rae).get(f"/calls/{live.pk}/entries/").status_code == 404
    texts = set(live.entries.values_list("author__username", "text"))
    assert texts == {("rae", "begun, and ended"), ("rae", "typed in the tunnel"), ("mona", "Mona's own")}


def test_who_never_wrote_there_or_comes_a_week_late_leaves_nothing(live, rae, eve, remy, deal, sign_in):
    live.attendees.create(side="ours", person=eve, name="Eve Test")
    assert leave(sign_in(eve), live, note("never saw it")).status_code == 404
    Deal.objects.filter(pk=deal.pk).update(owner=remy)
    over = timezone.now() - dt.timedelta(days=8)
    Call.objects.filter(pk=live.pk).update(state="review", started_at=over, ended_at=over)
    assert leave(sign_in(rae), live, note("too late")).status_code == 404
    assert leave(sign_in(None), live, note("nobody")).status_code == 401
    assert not live.entries.exists()
