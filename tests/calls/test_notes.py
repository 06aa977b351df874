"""Notes as they arrive: twice, in any order, hours late, by two people at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from calls.models import Call, Entry
from calls.queries.notes import since
from calls.services.holding import end_call
from calls.services.importing import import_text
from calls.services.notes import MOST_AT_ONCE, save_entries
from crm.lib.errors import Invalid, NotAllowed
from crm.models import AuditEntry
from tests.calls.conftest import at, by, note, write

pytestmark = pytest.mark.django_db


def texts(call: Call) -> list[tuple[str, str]]:
    return [(one.author.username, one.text) for one in call.entries.order_by("at")]


def test_the_highest_revision_stands_whichever_comes_last(live, rae):
    one = uuid.uuid4()
    for revision, text in ((1, "Bud"), (3, "Budget is 1.2M"), (2, "Budget"), (3, "Budget is 1.2M")):
        found = save_entries(act=by(rae, 2), call_id=live.pk, entries=[note(text, revision, id=one)])
        assert found.refused == {}
    assert found.saved == {str(one): 3}
    assert texts(live) == [("rae", "Budget is 1.2M")]


def test_what_stands_otherwise_is_told(live, rae):
    """The same revision typed in two tabs, and one that is behind."""
    one = uuid.uuid4()
    save_entries(act=by(rae), call_id=live.pk, entries=[note("left", 2, id=one)])
    for revision in (1, 2):
        found = save_entries(act=by(rae), call_id=live.pk, entries=[note("right", revision, id=one)])
        assert [(row.text, row.revision) for row in found.stands] == [("left", 2)]
    assert texts(live) == [("rae", "left")]


def test_two_interleave_by_time_and_never_overwrite_each_other(live, rae, mona):
    first, second = uuid.uuid4(), uuid.uuid4()
    save_entries(act=by(mona, 9), call_id=live.pk, entries=[note("two", id=second, at=at(2).isoformat())])
    save_entries(act=by(rae, 9), call_id=live.pk, entries=[note("one", id=first, at=at(1).isoformat())])
    found = save_entries(act=by(mona, 10), call_id=live.pk, entries=[note("mine now", 5, id=first)])
    assert found.saved == {}
    assert found.refused == {str(first): "This note is Rae Test's. Write your own beside it."}
    assert texts(live) == [("rae", "one"), ("mona", "two")]


def test_a_bad_note_costs_the_others_nothing(live, rae):
    good, long = note("fine"), note("x" * 20_001)
    odd: list[dict[str, Any]] = [
        {"id": "12", "revision": 1},
        {"id": str(uuid.uuid4()), "revision": 0},
        {"id": str(uuid.uuid4())},
    ]
    found = save_entries(act=by(rae), call_id=live.pk, entries=[long, *odd, good])
    assert found.saved == {good["id"]: 1}
    assert len(found.refused) == 4
    assert "20,000 characters at most" in found.refused[long["id"]]


def test_a_batch_too_large_is_refused_whole(live, rae):
    with pytest.raises(Invalid, match="Send 500 notes at most at once"):
        save_entries(act=by(rae), call_id=live.pk, entries=[note("x") for _ in range(MOST_AT_ONCE + 1)])
    assert not live.entries.exists()
    found = save_entries(act=by(rae), call_id=live.pk, entries=[note(f"{n}") for n in range(MOST_AT_ONCE)])
    assert len(found.saved) == live.entries.count() == MOST_AT_ONCE


def test_what_is_new_since_a_cursor(live, rae, mona):
    write(live, mona, "a", "b")
    entries, cursor = since(live, 0)
    assert ([one.text for one in entries], cursor) == (["a", "b"], 2)
    again = note("", 2, id=entries[0].pk, deleted=True)
    save_entries(act=by(mona, 4), call_id=live.pk, entries=[again])
    found, cursor = since(live, cursor)
    assert ([(one.text, one.deleted) for one in found], cursor) == ([("", True)], 3)
    assert since(live, cursor) == ([], 3)


@pytest.mark.parametrize(
    "said, kept",
    [
        (at(5).isoformat(), at(5)),
        ("2099-01-01T00:00:00+00:00", at(9)),
        ("1970-01-01T00:00:00Z", None),
        ("yesterday", at(9)),
        ("0001-01-01T00:00:00+14:00", at(9)),
    ],
)
def test_a_clock_that_is_wrong_is_kept_within_the_call(live, rae, said, kept):
    one = note("x", at=said)
    save_entries(act=by(rae, 9), call_id=live.pk, entries=[one])
    assert Entry.objects.get(pk=one["id"]).at == (kept or live.created_at)


def test_text_the_database_can_not_keep_is_kept_as_far_as_it_can(live, rae):
    write(live, rae, "a\x00b\ud800c\r\nd")
    assert texts(live) == [("rae", "a\ufffdb\ufffdc\nd")]


def test_what_it_names_need_not_be_there(live, rae):
    question = live.questions.first()
    good = note(
        "x", question=question.pk, part="pain", for_customer=True, readings={"4M": {"kind": "money", "value": "4e6"}}
    )
    bad = note(
        "y", question=question.pk + 10_000, part="nowhere", for_customer="maybe", readings={"4M": {"kind": "money"}}
    )
    save_entries(act=by(rae), call_id=live.pk, entries=[good, bad])
    row = Entry.objects.get(pk=good["id"])
    assert (row.question, str(row.part), row.for_customer) == (question, "Pains and what they cost", True)
    assert row.readings == {"4M": {"kind": "money", "value": "4000000.00"}}
    row = Entry.objects.get(pk=bad["id"])
    assert (row.question, row.part, row.for_customer, row.readings) == (None, None, None, {})


def test_a_note_that_comes_after_the_end_is_saved_and_told(live, rae):
    end_call(act=by(rae, 60), call_id=live.pk)
    write(live, rae, "from the train", minute=90)
    assert texts(live) == [("rae", "from the train")]
    told = AuditEntry.objects.get(kind="call", verb="noted")
    assert told.changes == {"notes": [None, 1]}


def test_who_may_take_notes(live, rae, remy, vik, eve):
    for person in (remy, eve):
        with pytest.raises(Call.DoesNotExist):
            write(live, person, "x")
    with pytest.raises(NotAllowed):
        write(live, vik, "x")
    live.attendees.create(side="ours", person=vik, name="Vik Test")
    live.attendees.create(side="ours", person=remy, name="Remy Test")
    write(live, vik, "from the VP")
    with pytest.raises(Call.DoesNotExist):
        write(live, remy, "on the call, but not on the deal")
    assert texts(live) == [("vik", "from the VP")]


def test_a_note_of_another_call_is_not_taken(live, rae, deal):
    from calls.services.plans import plan_call

    one = note("here")
    save_entries(act=by(rae), call_id=live.pk, entries=[one])
    other = plan_call(act=by(rae), deal_id=deal.pk, starts_at=at() + dt.timedelta(days=1), minutes=30)
    found = save_entries(act=by(rae), call_id=other.pk, entries=[one | {"revision": 2, "text": "there"}])
    assert found.refused == {one["id"]: "This note belongs to another call."}
    assert texts(live) == [("rae", "here")]


def test_a_transcript_becomes_notes_once(live, rae, mona):
    text = "[00:10] Ana: We run 1,200 VMs.\n[00:05:00] Ana: And 40 hosts."
    assert import_text(act=by(rae, 50), call_id=live.pk, name="call.txt", text=text) == 2
    assert import_text(act=by(mona, 51), call_id=live.pk, name="again.txt", text=text) == 0
    rows = list(live.entries.order_by("at"))
    assert [(row.text, row.author, row.imported_from) for row in rows] == [
        ("Ana: We run 1,200 VMs.", rae, "call.txt"),
        ("Ana: And 40 hosts.", rae, "call.txt"),
    ]
    assert [round((row.at - at()).total_seconds()) for row in rows] == [10, 300]
    found = save_entries(act=by(rae, 52), call_id=live.pk, entries=[note("/context 40 hosts", 2, id=rows[1].pk)])
    assert found.refused == {}
    for wrong in ("", "x" * 2_000_001):
        with pytest.raises(Invalid):
            import_text(act=by(rae), call_id=live.pk, name="", text=wrong)


def test_what_builds_on_an_older_text_overwrites_nothing(live, rae):
    """A second machine of the same person typed more keys, and knew less: its text is not taken, and it is told what stands."""
    one = uuid.uuid4()
    save_entries(act=by(rae), call_id=live.pk, entries=[note("at the desk", 4, id=one, base=0)])
    late = save_entries(act=by(rae), call_id=live.pk, entries=[note("on the phone", 9, id=one, base=2)])
    assert ([row.text for row in late.stands], late.saved, late.written) == (["at the desk"], {str(one): 4}, ())
    again = save_entries(act=by(rae), call_id=live.pk, entries=[note("at the desk, later", 9, id=one, base=4)])
    assert ([row.text for row in again.written], again.stands) == (["at the desk, later"], ())


def test_what_goes_on_from_what_stands_is_taken_though_its_answers_were_lost(live, rae):
    """The page never heard that its first words arrived, so it names no later base; what is shorter, or gone, is not taken so."""
    one = uuid.uuid4()
    for revision, text in ((4, "Lice"), (12, "Licences\x00"), (20, "Licences\x00 rose")):
        found = save_entries(act=by(rae), call_id=live.pk, entries=[note(text, revision, id=one, base=0)])
        assert (found.saved, found.stands) == ({str(one): revision}, ())
    for other in ({"text": "Licences"}, {"text": "", "deleted": True}):
        found = save_entries(act=by(rae), call_id=live.pk, entries=[note(**other, revision=30, id=one, base=4)])
        assert ([row.text for row in found.stands], found.saved) == (["Licences\ufffd rose"], {str(one): 20})
    save_entries(act=by(rae), call_id=live.pk, entries=[note("", 31, id=one, base=20, deleted=True)])
    found = save_entries(act=by(rae), call_id=live.pk, entries=[note("Licences", 40, id=one, base=4, deleted=False)])
    assert [row.deleted for row in found.stands] == [True]


def test_a_correction_and_a_choice_come_back_as_they_are_read(client, live, rae):
    client.force_login(rae)
    address, one = f"/calls/{live.pk}/entries/", note("/pain Licences cost 4.2M a year")
    sent = {"entries": [one], "since": 0, "person": rae.pk}
    (read,) = client.post(address, sent, content_type="application/json").json()["written"]
    assert ([found["value"] for found in read["found"]], read["customer"]) == (["4200000.00"], True)
    none = {"4.2M a year": {"kind": "none", "value": ""}}
    corrected = {"id": one["id"], "revision": 2, "base": 1, "readings": none, "for_customer": False}
    (read,) = client.post(address, sent | {"entries": [corrected]}, content_type="application/json").json()["written"]
    assert (read["found"], read["customer"], read["text"]) == ([], False, one["text"])


def test_notes_of_somebody_else_are_not_taken_for_ones_own(client, live, rae, mona):
    """Another person signed in in another tab: the page keeps its notes until their author is back."""
    client.force_login(mona)
    sent = {"entries": [note("Rae's words")], "since": 0, "person": rae.pk}
    answer = client.post(f"/calls/{live.pk}/entries/", sent, content_type="application/json")
    assert answer.status_code == 401
    assert "You are signed in as Mona Test now." in answer.json()["errors"][""][0]
    assert not live.entries.exists()
