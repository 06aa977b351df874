"""Calls where people meet them besides their own pages: timeline, search, palette, Today, and when somebody else takes over."""

from __future__ import annotations

import datetime as dt

import pytest

from calls.models import Call
from calls.queries.timeline import entries
from calls.rules.states import Verdict
from calls.services.holding import begin_call, end_call
from calls.services.plans import plan_call
from calls.services.reviews import apply_review, decide_all, undo_review
from crm.registry import goes_along, handovers
from crm.registry.finding import palette_entries, record_doors
from crm.services.audit import Act
from tests.calls.conftest import at, by, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(live: Call, rae) -> Call:
    write(live, rae, "/context Kubernetes is on the horizon", "They run 1,200 VMs")
    end_call(act=by(rae, 50), call_id=live.pk)
    decide_all(act=by(rae, 55), call_id=live.pk, verdict=Verdict.ACCEPTED)
    apply_review(act=by(rae, 56), call_id=live.pk)
    return live


def test_the_timeline_tells_what_came_of_it(reviewed, rae, deal):
    undo_review(act=by(rae, 60), call_id=reviewed.pk, review_id=reviewed.reviews.get().pk)
    found = entries(deal.pk, None, 10)
    assert [(one.text.removeprefix("Discovery call with Aster Health "), one.more) for one in found] == [
        ("had its review undone", ""),
        ("was reviewed; taken over from its notes", "Virtual machines"),
        ("ended", ""),
        ("began", ""),
        ("is planned", ""),
    ]
    assert entries(deal.pk, at(10), 1)[0].text.endswith("began")


def test_notes_are_found_by_those_who_see_the_deal(reviewed, rae, remy, eve, sign_in):
    door = record_doors.get("call")
    (found,) = door.find(rae, "horizon", 5)
    assert (found.id, found.note) == (reviewed.pk, "/context Kubernetes is on the horizon")
    assert [one.id for one in door.find(rae, "aster", 5)] == [reviewed.pk]
    assert door.find(remy, "horizon", 5) == door.find(eve, "aster", 5) == []
    assert "horizon" in sign_in(rae).get("/search/?q=horizon").content.decode()
    assert reviewed.title in sign_in(rae).get("/calls/?q=horizon").content.decode()


def test_the_palette_offers_what_can_be_done(planned, rae, vik):
    here, new = palette_entries.get("call"), palette_entries.get("new call")
    assert [one.label for one in here.entries(rae, ("call", planned.pk))] == [
        "Begin this call",
        "Change the plan of this call",
    ]
    assert here.entries(vik, ("call", planned.pk)) == []
    begin_call(act=by(rae), call_id=planned.pk)
    end_call(act=by(rae, 30), call_id=planned.pk)
    labels = [one.label for one in here.entries(rae, ("call", planned.pk))]
    assert labels == ["Review this call", "Go on with this call"]
    assert [one.label for one in new.entries(rae, ("deal", planned.deal_id))] == ["Plan a call on this deal"]
    assert new.entries(vik, ("deal", planned.deal_id)) == ()


def test_today_shows_what_is_next_and_what_waits(deal, rae, sign_in):
    act, now = Act(by=rae), Act(by=rae).now
    for title, hours in (("Missed", -30), ("Soon", 5), ("Far", 80)):
        plan_call(act=act, deal_id=deal.pk, title=title, starts_at=now + dt.timedelta(hours=hours), minutes=60)
    page = sign_in(rae).get("/today/calls/", headers={"HX-Request": "true"}).content.decode()
    assert [title in page for title in ("Missed", "Soon", "Far")] == [True, True, False]
    assert "begin it, or say that it was cancelled" in page


def test_calls_go_along_with_their_deal_and_to_whoever_takes_over(planned, rae, mona, eve):
    along, gives = goes_along.get("calls"), handovers.get("calls")
    assert (along.count(planned.deal_id, rae.pk), gives.held(rae.pk)) == (1, 1)
    assert "does not see the deals" in gives.refuses(rae.pk, eve.pk)
    assert along.move(by(mona), planned.deal_id, rae.pk, mona.pk) == 1
    planned.refresh_from_db()
    assert (planned.owner, gives.held(rae.pk)) == (mona, 0)
    assert {str(one) for one in planned.attendees.filter(side="ours")} == {"Rae Test", "Mona Test"}
    assert gives.move(by(mona), mona.pk, rae.pk, 5) == 1
