"""How one call is judged agrees with the querysets for everybody; and what a save asks of the database, statement by statement."""

from __future__ import annotations

import random
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Attendee, Call, Notebook, Side
from calls.queries.sight import see
from calls.services.holding import switch_part
from crm.models import PlaybookVersion
from deals.models import Deal, DealShare
from tests.calls.conftest import by, note, write
from tests.calls.test_entries_page import send
from tests.deals.test_visibility import company  # noqa: F401 - people of all roles, deals shared in all ways

pytestmark = pytest.mark.django_db
SIGNED_IN = ["SELECT crm_person"]
TABLES = frozenset(connection.introspection.django_table_names()) - {"django_session"}


def asked(found: CaptureQueriesContext) -> list[str]:
    """What each statement does to which table, but for sessions, which production keeps in Redis."""
    said = (re.match(r"(\w+)[^\"]*\"(\w+)\"", one["sql"]) for one in found)
    return [f"{one[1]} {one[2]}" for one in said if one and one[2] in TABLES]


def test_one_call_is_judged_as_the_querysets_judge_all(playbook, company):  # noqa: F811
    chance = random.Random(3)
    version = PlaybookVersion.objects.latest("number")
    for deal in Deal.objects.all():
        times = {"starts_at": timezone.now(), "created_at": timezone.now(), "updated_at": timezone.now()}
        call = Call.objects.create(deal=deal, title="x", owner=deal.owner, playbook=version, **times)
        for person in chance.sample(company, 6):
            Attendee.objects.create(call=call, side=Side.OURS, person=person, name=str(person))
    Deal.objects.filter(pk=deal.pk).update(deleted_at=timezone.now())
    counts = {"seen": 0, "editable": 0, "notes": 0}
    for person in company:
        doors = (Call.objects.visible_to(person), Call.objects.editable_by(person), Call.objects.notes_by(person))
        wanted = [set(door.values_list("pk", flat=True)) for door in doors]
        for call in Call.objects.all():
            try:
                one = see(person, call.pk, narrow=True)
                found = (True, one.editable, one.notes)
            except Call.DoesNotExist:
                found = (False, False, False)
            expected = tuple(call.pk in each for each in wanted)
            assert found == (expected[0], expected[0] and expected[1], expected[2]), f"{person.roles}, {call.deal}"
            counts = {name: number + one for (name, number), one in zip(counts.items(), found, strict=True)}
    assert all(number > 20 for number in counts.values()), counts
    assert counts["notes"] > counts["editable"], "some take notes for being on the call alone"


def test_a_save_takes_these_statements_and_no_other(live, rae, sign_in):
    page = sign_in(rae)
    one = note("/pain 4.2M", part="pain")
    send(page, live, 0, note("before"))
    with CaptureQueriesContext(connection) as first:
        cursor = send(page, live, 1, one).json()["cursor"]
    assert asked(first) == [
        *SIGNED_IN,
        "SELECT calls_notebook",
        "SELECT calls_call",
        "SELECT calls_entry",
        "SELECT calls_part",
        "INSERT calls_entry",
        "UPDATE calls_notebook",
        "SELECT crm_company",
    ]
    with CaptureQueriesContext(connection) as again:
        answer = send(page, live, cursor, one | {"revision": 2, "base": 1, "text": "/pain 4.2M a year"}).json()
    assert asked(again) == [line for line in asked(first) if line != "SELECT calls_part"]
    assert (answer["saved"], answer["entries"], answer["cursor"]) == ({one["id"]: 2}, [], 3)
    batch = [note(f"/must {n}", part="pain") for n in range(40)] + [one | {"revision": 3, "text": "third"}]
    with CaptureQueriesContext(connection) as many:
        assert len(send(page, live, 3, *batch).json()["saved"]) == 41
    assert sorted(asked(many)) == sorted([*asked(again), "INSERT calls_entry"]), "the new ones, and those that changed"
    assert Notebook.objects.get().sequence == live.entries.count() + 2 == 44


def test_a_look_at_what_is_new_takes_three_statements(live, rae, sign_in):
    page = sign_in(rae)
    with CaptureQueriesContext(connection) as found:
        answer = page.get(f"/calls/{live.pk}/entries/?since=0").json()
    assert asked(found) == [*SIGNED_IN, "SELECT calls_call", "SELECT calls_entry"]
    state = page.get(f"/calls/{live.pk}/state/", {"token": answer["state"]})
    assert state.status_code == 204, "clock and questions are asked for only where the token is another"
    switch_part(act=by(rae, 2), call_id=live.pk, part="pain")
    renewed = page.get(f"/calls/{live.pk}/entries/").json()["state"]
    assert renewed != answer["state"]
    assert page.get(f"/calls/{live.pk}/state/").json()["token"] == renewed


def test_who_knows_not_all_is_told_the_rest_with_their_own_save(live, rae, mona, sign_in):
    write(live, mona, "from Mona", "and more")
    answer = send(sign_in(rae), live, 1, note("mine")).json()
    assert ([row["text"] for row in answer["entries"]], answer["cursor"]) == (["and more"], 3)


def test_a_share_that_ends_between_two_saves_ends_them(live, deal, sign_in, remy):
    share = DealShare.objects.create(deal=deal, person=remy, can_write=True)
    page = sign_in(remy)
    assert send(page, live, 0, note("while it lasts")).status_code == 200
    DealShare.objects.filter(pk=share.pk).update(can_write=False)
    assert send(page, live, 0, note("only to read")).status_code == 403
    share.delete()
    assert send(page, live, 0, note("not at all")).status_code == 404
    assert page.get(f"/calls/{live.pk}/entries/").status_code == 404
    assert list(live.entries.values_list("text", flat=True)) == ["while it lasts"]
