"""What calls teach: counts by persona and segment, shares only where there is enough, coverage by date."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call
from calls.queries.learning import Slice, by_persona, covered, questions
from calls.rules.learning import Counts, coverage, hint
from calls.rules.states import Verdict
from calls.services.holding import begin_call, end_call, switch_part
from calls.services.notes import save_entries
from calls.services.questions import mark_answered, mark_asked
from calls.services.reviews import apply_review, decide_all
from crm.models import Person
from tests.calls.conftest import at, by, note, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def taught(live: Call, rae: Person) -> Call:
    """One call in which the first question was asked and its answer taken over, the second asked in vain."""
    first, second = live.questions.all()[:2]
    for one in (first, second):
        mark_asked(act=by(rae, 1), call_id=live.pk, question_id=one.pk)
    mark_answered(act=by(rae, 2), call_id=live.pk, question_id=first.pk)
    answer = note("1.2M a year", question=first.pk, at=at(2).isoformat())
    save_entries(act=by(rae, 3), call_id=live.pk, entries=[answer])
    write(live, rae, "/pain Outages", minute=4)
    switch_part(act=by(rae, 5), call_id=live.pk, part="pain")
    call = end_call(act=by(rae, 60), call_id=live.pk)
    decide_all(act=by(rae, 61), call_id=call.pk, verdict=Verdict.ACCEPTED)
    apply_review(act=by(rae, 62), call_id=call.pk)
    return call


def test_questions_are_counted_from_offered_to_evidence(taught, playbook):
    found = questions(playbook, Slice())
    first, second = taught.questions.all()[:2]
    counts = {one.key: one.counts for one in found}
    assert counts[first.key] == Counts(1, 1, 1, 1)
    assert counts[second.key] == Counts(1, 1, 0, 0)
    assert len(found) == 12
    assert questions(playbook, Slice(persona="cio")) == found
    assert questions(playbook, Slice(persona="procurement")) == ()
    assert by_persona(playbook) == [("CIO", Counts(12, 2, 1))]


def test_coverage_says_parts_and_elements(taught, rae, remy, playbook):
    [(call, said)] = covered(rae, playbook)
    assert (call, said.parts, said.parts_planned, "Identify pain" in said.elements) == (taught, 2, 8, True)
    assert covered(remy, playbook) == []


@pytest.mark.parametrize(
    "counts, said",
    [
        (Counts(4, 0), ""),
        (Counts(50, 4, 4, 4), "Hardly ever asked"),
        (Counts(10, 10, 2), "Asked, seldom answered"),
        (Counts(20, 20, 20, 1), "Answered, leads to little"),
        (Counts(10, 8, 8, 8), ""),
    ],
)
def test_a_hint_needs_enough_to_count(counts, said):
    assert hint(counts) == said


def test_parts_without_minutes_are_not_missed():
    said = coverage([("Pain", 10, 30), ("Buying", 7, 0), ("Hello", 0, 0)], ["metrics"], {"metrics": "Metrics"})
    assert (said.parts, said.parts_planned, said.missed, said.elements) == (1, 2, ("Buying",), ("Metrics",))


def test_the_page_costs_the_same_however_many_calls(taught, rae, eve, client: Client, deal):
    from calls.services.plans import plan_call

    client.force_login(eve)
    url = reverse("calls:learning")
    page = client.get(url).content.decode()
    assert "With whom?" in page
    assert taught.title not in page
    client.force_login(rae)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for day in (1, 2):
        call = plan_call(act=by(rae), deal_id=deal.pk, starts_at=at() + dt.timedelta(days=day), minutes=60)
        begin_call(act=by(rae), call_id=call.pk)
        end_call(act=by(rae, 60), call_id=call.pk)
    with CaptureQueriesContext(connection) as three:
        assert taught.title in client.get(url).content.decode()
    assert len(one) == len(three) <= 11


def test_a_call_as_a_file_for_a_calendar(planned, rae, remy, client: Client):
    client.force_login(rae)
    answer = client.get(reverse("calls:call-calendar", args=[planned.pk]))
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20260615T110000Z\r\n" in text
    assert "SUMMARY:Discovery call with Aster Health\r\n" in text
    client.force_login(remy)
    assert client.get(reverse("calls:call-calendar", args=[planned.pk])).status_code == 404
