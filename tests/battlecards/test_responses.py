"""Responses to news: clocks, owners, reminders, escalation, the log. And what is watched. 2026-06-15 is a Monday."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from battlecards.models import IntelEvent, Response, ResponseEntry, ResponseStep, Watch, WatchRun
from battlecards.services import handing_over, responses
from battlecards.services.intel import create_event
from battlecards.services.reminding import sweep
from battlecards.services.watching import follow_playbook, give_watch, watch_done
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Notification
from crm.services.audit import Act
from tests.battlecards.test_intel import NEWS

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 6, day, hour, minute, tzinfo=dt.UTC)


@pytest.fixture
def response(card, cast) -> Response:
    """Eve starts it on Monday at ten."""
    event = create_event(act=Act(by=cast["rae"], at=at(15, 9)), competitor_key="vmware", values=NEWS)
    Notification.objects.all().delete()
    return responses.start_response(act=Act(by=cast["eve"], at=at(15, 10)), event_id=event.pk, scenario="price_drop")


def told():
    rows = Notification.objects.filter(kind="intel").order_by("pk")
    return [(row.to.username, row.text) for row in rows]


def test_each_step_has_its_owner_and_its_time(response):
    found = response.steps.values_list("clock", "owner__username", "due_at")
    assert list(found) == [
        ("Hour 1", "eve", at(15, 11)),
        ("Hour 4", "vik", at(15, 14)),
        ("Day 1", "sue", at(15, 17)),
        ("Day 2", "eve", at(16, 17)),
    ]
    assert told()[0] == (
        "vik",
        "Bring the response team together is yours, hour 4: List price up by a tenth. Due 15 Jun 2026, 14:00 UTC",
    )


def test_one_of_a_scenario_is_under_way_at_a_time(response, eve, rae):
    with pytest.raises(Clash):
        responses.start_response(act=Act(by=eve), event_id=response.event_id, scenario="price_drop")
    with pytest.raises(NotAllowed):
        responses.start_response(act=Act(by=rae), event_id=response.event_id, scenario="bad_review")
    with pytest.raises(Invalid):
        responses.start_response(act=Act(by=eve), event_id=response.event_id, scenario="panic")
    assert Response.objects.count() == 1


def test_owners_are_reminded_when_it_is_due_and_once(response):
    Notification.objects.all().delete()
    assert (sweep(now=at(15, 10, 59)), told()) == (0, [])
    assert sweep(now=at(15, 11)) == 1
    assert sweep(now=at(15, 11, 5)) == 0
    assert told() == [
        ("eve", "Count the deals at risk is due now: List price up by a tenth. Due 15 Jun 2026, 11:00 UTC")
    ]


def test_what_is_overdue_goes_to_the_responses_owner_and_then_to_who_leads_them(response, eve):
    sweep(now=at(15, 14))
    Notification.objects.all().delete()
    sweep(now=at(15, 15))  # an hour of work after Vik's step was due
    assert ("eve", "Overdue, with Vik Test: Bring the response team together, for List price up by a tenth") in told()
    Notification.objects.all().delete()
    assert sweep(now=at(15, 16)) == 0  # nothing new
    sweep(now=at(16, 14))  # a working day after
    assert [who for who, text in told() if "Overdue, with Vik" in text] == ["vik"]  # he leads Eve, who is in no team
    step = response.steps.get(key="convene")
    assert (step.escalations, step.escalated_at) == (2, at(16, 14))
    assert sweep(now=at(16, 14, 5)) == 0


def test_nobody_is_called_out_of_hours(response):
    Notification.objects.all().delete()
    assert [sweep(now=at(15, 20)), sweep(now=at(20, 12)), told()] == [0, 0, []]
    assert sweep(now=at(22, 9)) == 4 + Watch.objects.filter(due_on__lte="2026-06-22").count()


def test_a_step_is_done_by_its_owner_with_a_note_and_stays_in_the_log(response, cast, sign_in):
    step = response.steps.get(key="convene")
    url = reverse("battlecards:response-step", args=[response.pk, step.pk])
    assert sign_in(cast["rae"]).post(url, {"do": "done"}).status_code == 403
    assert sign_in(cast["vik"]).post(url, {"do": "done", "note": "Met at two."}).status_code == 302
    step.refresh_from_db()
    assert (step.done_by, step.note) == (cast["vik"], "Met at two.")
    assert [entry.text for entry in response.entries.all()] == [
        "Started: A competitor lowers its price",
        "Done: Bring the response team together. Met at two.",
    ]
    responses.step_reopened(act=Act(by=cast["vik"]), response_id=response.pk, step_id=step.pk)
    assert response.entries.count() == 3
    entry = ResponseEntry.objects.latest("pk")
    entry.text = "Something else"
    with pytest.raises(Clash):
        entry.save()


def test_it_is_finished_when_all_is_done_or_stopped_with_a_reason(response, eve):
    act = Act(by=eve)
    with pytest.raises(Clash, match="4 steps are still open"):
        responses.finish(act=act, response_id=response.pk)
    with pytest.raises(Invalid):
        responses.stop(act=act, response_id=response.pk, reason=" ")
    for step in response.steps.all():
        responses.step_done(act=act, response_id=response.pk, step_id=step.pk)
    responses.finish(act=act, response_id=response.pk, outcome="We stand on value.")
    response.refresh_from_db()
    assert (response.state, response.outcome) == ("done", "We stand on value.")
    with pytest.raises(Clash, match="This response is done"):
        responses.write_entry(act=act, response_id=response.pk, text="One more.")


def test_a_step_goes_to_somebody_else_who_is_told(response, eve, mona, rae):
    Notification.objects.all().delete()
    step = response.steps.get(key="assess")
    responses.give_step(act=Act(by=eve), response_id=response.pk, step_id=step.pk, owner_id=mona.pk)
    assert [who for who, _ in told()] == ["mona"]
    with pytest.raises(NotAllowed):
        responses.give_step(act=Act(by=rae), response_id=response.pk, step_id=step.pk, owner_id=rae.pk)
    assert ResponseStep.objects.get(pk=step.pk).owner == mona


def test_who_leaves_hands_on_what_they_have(response, eve, otto):
    follow_playbook(act=Act(by=None))
    held = handing_over.held(eve.pk)
    assert (
        handing_over.give(Act(by=otto), eve.pk, otto.pk, 100)
        == held
        == 1 + 2 + Watch.objects.filter(owner=otto).count()
    )
    assert handing_over.held(eve.pk) == 0


def test_watches_follow_the_playbook(playbook, eve, vik):
    act = Act(by=None, at=at(15, 8))
    assert (follow_playbook(act=act), follow_playbook(act=act)) == (12, 0)
    rows = dict(Watch.objects.filter(key__in=("news_alerts", "win_loss", "strategy")).values_list("key", "due_on"))
    assert rows == {
        "news_alerts": dt.date(2026, 6, 16), "win_loss": dt.date(2026, 6, 22), "strategy": dt.date(2026, 7, 1),
    }  # fmt: skip
    assert (Watch.objects.get(key="strategy").owner, Watch.objects.get(key="win_loss").owner) == (vik, eve)
    Watch.objects.create(key="gone", cadence="day", label="Gone", due_on="2026-06-16")
    assert follow_playbook(act=act) == 1
    assert Watch.objects.get(key="gone").retired_at == at(15, 8)


def test_a_watch_that_is_done_is_next_due_after_today(playbook, eve, rae):
    follow_playbook(act=Act(by=None, at=at(15, 8)))
    row = Watch.objects.get(key="win_loss")
    with pytest.raises(NotAllowed):
        watch_done(act=Act(by=rae), watch_id=row.pk)
    watch_done(
        act=Act(by=eve, at=dt.datetime(2026, 7, 15, 9, tzinfo=dt.UTC)),
        watch_id=row.pk,
        note="Lost two.",
        expected_version=1,
    )
    row.refresh_from_db()
    assert (row.due_on, WatchRun.objects.get().due_on) == (dt.date(2026, 7, 20), dt.date(2026, 6, 22))
    with pytest.raises(EditConflict):
        watch_done(act=Act(by=eve), watch_id=row.pk, expected_version=1)


def test_the_owner_of_a_watch_is_reminded_once_a_day(playbook, eve, mona):
    follow_playbook(act=Act(by=None, at=at(15, 8)))
    give_watch(act=Act(by=eve), watch_id=Watch.objects.get(key="news_alerts").pk, owner_id=mona.pk)
    assert [sweep(now=at(16, 9)) > 0, sweep(now=at(16, 15))] == [True, 0]
    assert [row for row in told() if row[0] == "mona"] == [("mona", "Read the news alerts is due")]
    sweep(now=at(17, 9))
    assert len([row for row in told() if row[0] == "mona"]) == 2


def test_a_day_shows_ones_own_steps_and_watches(response, eve, sign_in):
    follow_playbook(act=Act(by=None, at=at(15, 8)))
    shown = sign_in(eve).get(reverse("battlecards:today-news")).content.decode()
    for said in ("Count the deals at risk", "overdue", "Read the news alerts"):
        assert said in shown
    assert "Bring the response team together" not in shown
    assert IntelEvent.objects.count() == 1
