"""Planning a call and holding it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from calls.models import Call
from calls.queries.clock import clock
from calls.rules.states import State, may_become
from calls.services import plans, questions
from calls.services.holding import begin_call, end_call, go_on, switch_part
from calls.services.reviews import reopen_review
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry
from deals.models import DealContact
from tests.calls.conftest import SOON, at, by
from tests.factories import NOW, make_contact

pytestmark = pytest.mark.django_db


def test_a_plan_has_people_agenda_and_questions_with_reasons(planned, rae):
    assert planned.title == "Discovery call with Aster Health"
    assert [(str(one), one.side, one.persona) for one in planned.attendees.all()] == [
        ("Rae Test", "ours", ""),
        ("Ana Adler", "theirs", "cio"),
    ]
    assert [part.minutes for part in planned.parts.all()] == [3, 6, 10, 14, 10, 7, 3, 7]
    found = list(planned.questions.all())
    assert len(found) == 12
    assert all(one.why and one.part_id for one in found)
    assert AuditEntry.objects.filter(kind="call", verb="planned", object_id=planned.pk, made_by=rae).count() == 1


def test_other_people_bring_other_questions_and_what_was_touched_stays(planned, rae, deal):
    _first, second, third = planned.questions.all()[:3]
    questions.pin_question(act=by(rae), call_id=planned.pk, question_id=third.pk)
    questions.drop_question(act=by(rae), call_id=planned.pk, question_id=second.pk)
    own = questions.add_question(act=by(rae), call_id=planned.pk, text="Who ran the last project?", part="background")
    nora = make_contact(deal.account, "Nolde", persona="procurement")
    plans.change_plan(act=by(rae), call_id=planned.pk, attendees=[{"contact": nora.pk}], minutes=90)
    after = {one.text: one for one in planned.questions.all()}
    assert after[third.text].pinned
    assert after[second.text].dropped
    assert after[own.text].added
    assert len([one for one in after.values() if not one.added and not one.dropped and not one.pinned]) >= 16
    assert next(iter(planned.questions.all())).text == third.text
    assert [part.minutes for part in planned.parts.all()] == [5, 10, 15, 20, 15, 10, 5, 10]


@pytest.mark.parametrize(
    "values, field",
    [
        ({"minutes": 10}, "minutes"),
        ({"minutes": 241}, "minutes"),
        ({"starts_at": dt.datetime(9999, 1, 1, tzinfo=dt.UTC)}, "starts_at"),
        ({"title": "x" * 201}, "title"),
        ({"attendees": [{"contact": 0, "name": ""}]}, "attendees"),
        ({"attendees": [{"name": "Otto", "persona": "king"}]}, "attendees"),
    ],
)
def test_what_can_not_be_planned(rae, deal, values, field):
    given = {"starts_at": SOON, "minutes": 60} | values
    with pytest.raises(Invalid) as caught:
        plans.plan_call(act=by(rae), deal_id=deal.pk, **given)
    assert list(caught.value.errors) == [field]
    assert not Call.objects.exists()


def test_who_may_plan(deal, remy, vik, mona):
    for person, error in ((remy, deal.DoesNotExist), (vik, NotAllowed)):
        with pytest.raises(error):
            plans.plan_call(act=by(person), deal_id=deal.pk, starts_at=SOON, minutes=60)
    call = plans.plan_call(act=by(mona), deal_id=deal.pk, starts_at=SOON, minutes=60)
    assert {str(one) for one in call.attendees.all()} == {"Rae Test", "Mona Test"}


def test_two_who_change_a_plan_do_not_overwrite_each_other(planned, rae, mona):
    plans.change_plan(act=by(mona), call_id=planned.pk, goal="Find the budget.", expected_version=planned.version)
    with pytest.raises(EditConflict):
        plans.change_plan(act=by(rae), call_id=planned.pk, goal="Meet.", expected_version=planned.version)


def test_the_agenda_takes_what_the_call_has(planned, rae):
    with pytest.raises(Invalid, match="The parts take 65 minutes; the call has 60"):
        plans.set_agenda(act=by(rae), call_id=planned.pk, minutes={"pain": 19})
    plans.set_agenda(act=by(rae), call_id=planned.pk, minutes={"pain": 17, "introductions": 0})
    assert planned.parts.get(key="pain").minutes == 17


def test_the_clock_follows_the_parts_and_survives_whatever_happens(planned, rae):
    begin_call(act=by(rae), call_id=planned.pk)
    switch_part(act=by(rae, 4), call_id=planned.pk, part="pain")
    switch_part(act=by(rae, 5), call_id=planned.pk, part="pain")
    switch_part(act=by(rae, 30), call_id=planned.pk, part="introductions")
    spent = {one.key: (one.elapsed, one.over, one.running) for one in clock(planned, at(31.5))}
    assert spent["introductions"] == (330, 150, True)
    assert spent["pain"] == (26 * 60, 12 * 60, False)
    end_call(act=by(rae, 40), call_id=planned.pk)
    after = {one.key: one.elapsed for one in clock(planned, at(500))}
    assert (after["introductions"], after["pain"], sum(after.values())) == (14 * 60, 26 * 60, 40 * 60)


def test_a_call_goes_its_way_and_no_other(planned, rae):
    for step in (end_call, go_on, plans.reinstate_call, reopen_review):
        with pytest.raises(Clash):
            step(act=by(rae), call_id=planned.pk)
    begin_call(act=by(rae), call_id=planned.pk)
    again = begin_call(act=by(rae, 1), call_id=planned.pk)
    assert again.started_at == at(0)
    for other in (plans.cancel_call, go_on, reopen_review):
        with pytest.raises(Clash):
            other(act=by(rae), call_id=planned.pk)
    end_call(act=by(rae, 60), call_id=planned.pk)
    with pytest.raises(Clash):
        begin_call(act=by(rae, 61), call_id=planned.pk)
    live = go_on(act=by(rae, 61), call_id=planned.pk)
    assert (live.state, live.ended_at) == ("live", None)


def test_a_cancelled_call_comes_back(planned, rae):
    plans.cancel_call(act=by(rae), call_id=planned.pk, why="They are ill.")
    back = plans.reinstate_call(act=by(rae), call_id=planned.pk)
    assert (back.state, back.why_cancelled) == ("planned", "")


@pytest.mark.parametrize("state", [*State])
def test_the_database_knows_the_states(planned, state):
    """A call that never began is in none of the states after."""
    begun = state in (State.LIVE, State.REVIEW, State.DONE)
    rows = Call.objects.filter(pk=planned.pk)
    if begun:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)
    else:
        rows.update(state=state)


def test_transitions_are_one_table():
    assert {(a.value, b.value) for a in State for b in State if may_become(a, b)} == {
        ("planned", "live"),
        ("planned", "cancelled"),
        ("live", "review"),
        ("review", "live"),
        ("review", "done"),
        ("done", "review"),
        ("cancelled", "planned"),
    }


def test_questions_are_asked_once_and_back(live, rae):
    one = live.questions.first()
    questions.mark_asked(act=by(rae, 3), call_id=live.pk, question_id=one.pk)
    row = questions.mark_asked(act=by(rae, 9), call_id=live.pk, question_id=one.pk)
    assert (row.asked_at, row.asked_by) == (at(3), rae)
    with pytest.raises(Clash):
        questions.drop_question(act=by(rae), call_id=live.pk, question_id=one.pk)
    assert questions.mark_asked(act=by(rae), call_id=live.pk, question_id=one.pk, asked=False).asked_at is None


def test_a_contact_that_goes_leaves_a_name(planned, ana, deal):
    DealContact.objects.filter(contact=ana).delete()
    type(ana).everything.filter(pk=ana.pk).delete()
    assert [str(one) for one in planned.attendees.filter(side="theirs")] == ["Ana Adler"]
    assert planned.created_at == NOW
