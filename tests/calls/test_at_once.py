"""Several who type in one call at the same moment: on SQLite writers are serial, so only PostgreSQL is asked."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.db import connection

from calls.models import Entry
from calls.queries.notes import since
from calls.rules.states import Verdict
from calls.services.holding import begin_call, end_call
from calls.services.notes import Saved, save_entries
from calls.services.reviews import apply_review, decide_all
from crm.services.audit import Act
from tests.calls.conftest import by, note, write
from tests.quotes.test_at_once import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_everything_typed_at_once_is_there_and_no_number_is_given_twice(live, rae, mona):
    batches = [
        partial(save_entries, act=by(person), call_id=live.pk, entries=[note(f"{person} {n} {m}") for m in range(5)])
        for n in range(4)
        for person in (rae, mona)
    ]
    found = together(*batches)
    assert all(isinstance(one, Saved) and len(one.saved) == 5 for one in found), found
    entries, cursor = since(live, 0)
    assert [one.sequence for one in entries] == list(range(1, 41))
    assert cursor == 40


def test_one_note_from_two_tabs_at_once_keeps_the_higher_revision(live, rae):
    one = uuid.uuid4()
    sent = [partial(save_entries, act=by(rae), call_id=live.pk, entries=[note(f"r{n}", n, id=one)]) for n in (1, 2, 3)]
    found = together(*sent)
    assert all(isinstance(each, Saved) and not each.refused for each in found), found
    assert (Entry.objects.get().text, Entry.objects.get().revision) == ("r3", 3)


def test_two_begin_and_two_apply_and_each_happens_once(planned, rae, mona, deal):
    found = together(*(partial(begin_call, act=Act(by=person), call_id=planned.pk) for person in (rae, mona)))
    assert [type(one).__name__ for one in found] == ["Call", "Call"], found
    write(planned, rae, "They run 1,200 VMs", "/action Send the sizing")
    end_call(act=Act(by=rae), call_id=planned.pk)
    decide_all(act=Act(by=rae), call_id=planned.pk, verdict=Verdict.ACCEPTED)
    found = together(*(partial(apply_review, act=Act(by=person), call_id=planned.pk) for person in (rae, mona)))
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "Review"], found
    assert planned.reviews.count() == 1
