"""Who is told of what, and who is not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from activities.models import Task
from activities.services.notes import create_note, update_note
from activities.services.reminders import remind
from activities.services.tasks import create_task
from crm.models import Notification, NotificationSettings, Route
from crm.services.audit import Act
from crm.services.notifications import notify
from deals.models import DealShare
from deals.services.bant import set_facts
from deals.services.handing_over import give_deals
from scoring.models import LeadScore
from scoring.services.lead_scores import score_deal
from scoring.services.telling import tell_of_classes
from tests.factories import make_deal, make_person
from tests.scoring.conftest import HOT

pytestmark = pytest.mark.django_db


def test_a_mention_is_told_once_to_those_who_see_the_deal(rae, mona, remy, deal, told):
    act, about = Act(by=rae), ("deal", deal.pk)
    note = create_note(act=act, about=about, values={"body": "@mona @remy @rae look at this"})
    update_note(act=act, note_id=note.pk, values={"body": "nobody"})
    update_note(act=act, note_id=note.pk, values={"body": "@mona again"})
    assert told(mona) == [("mention", f"{rae} mentioned you in a note about {deal}")]
    assert told(remy) == told(rae) == []
    assert Notification.objects.get(to=mona).url == f"/notes/{note.pk}/"


def test_a_task_that_is_due_is_told_once_however_often_the_sweep_runs(rae, mona, deal, told):
    now = timezone.now()
    remind_at = now + dt.timedelta(hours=1)
    values = {"title": "Send the summary", "owner": rae, "remind_at": remind_at}
    create_task(act=Act(by=mona), about=("deal", deal.pk), values=values)
    assert (remind(now=now), remind(now=remind_at), remind(now=remind_at)) == (0, 1, 0)
    Task.objects.update(notified_at=None)  # as if the mark had been lost
    remind(now=remind_at)
    assert told(rae) == [("task_due", f"Due: Send the summary ({deal})")]


def test_a_new_owner_is_told_and_the_one_before_who_still_sees_it(rae, mona, otto, browse, deal, told):
    answer = browse(otto).post(f"/deals/{deal.pk}/owner/", {"owner": mona.pk, "keep_reader": "on"})
    assert answer.status_code == 302
    assert told(mona) == [("owner", f"{otto} gave you {deal}")]
    assert told(rae) == [("share", f"{otto} shared {deal} to read")]
    assert told(otto) == []


def test_nobody_is_told_of_what_they_did_themselves(mona, rae, browse, deal, told):
    browse(mona).post(f"/deals/{deal.pk}/owner/", {"owner": mona.pk})
    assert told(mona) == []
    assert told(rae) == []  # it left her sight


def test_who_takes_over_many_deals_is_told_once(rae, mona, deal, told):
    make_deal(rae, "Second")
    act = Act(by=None, route=Route.WORKER)
    assert [give_deals(act, rae.pk, mona.pk, 1, is_open=True) for _ in range(3)] == [1, 1, 0]
    assert told(mona) == [("owner", f"You now own deals that were {rae}'s")]


def test_a_share_is_told_to_the_person_or_the_whole_team(rae, remy, west, vera, browse, deal, told):
    other = make_person("wim", "rep", team=west)
    make_person("gone", "rep", team=west, is_active=False)
    browse(rae).post(f"/deals/{deal.pk}/shares/", {"whom": f"team:{west.pk}", "right": "write", "until_date": ""})
    said = [("share", f"{rae} shared {deal} with West to work on")]
    assert told(remy) == told(other) == said
    browse(rae).post(f"/deals/{deal.pk}/shares/", {"whom": f"person:{remy.pk}", "right": "read", "until_date": ""})
    assert told(remy)[1:] == [("share", f"{rae} shared {deal} to read")]
    assert Notification.objects.count() == 3


def test_a_class_that_changes_is_told_to_the_owner_unless_they_caused_it(rae, mona, deal, told):
    deal.account.facts = {"vm_count": 1200}
    deal.account.save()

    def score(by, **facts):
        set_facts(act=Act(by=by), deal_id=deal.pk, facts=facts)
        found = score_deal(act=Act(by=by), deal_id=deal.pk)
        return found.computed.score.lead_class

    assert score(mona) is None  # the first score of all
    assert score(mona, **HOT) == "A"
    lower = score(rae, budget_status="none", pain_clarity="none", deadline="researching")  # her own doing
    assert lower not in {"A", None}
    assert score(mona, **HOT) == "A"
    assert score(mona, budget_amount=None, authority_access=None) is None
    texts = [
        f"{deal} is class A now",
        f"{deal} is class A now, was {lower}",
        f"The class of {deal} is open again, was A",
    ]
    assert told(rae) == [("lead_class", text) for text in texts]


def test_after_a_whole_book_each_owner_gets_one_summary(rae, remy, deal, told):
    deals = [deal, make_deal(rae, "Second"), make_deal(remy, "Third"), make_deal(remy, "Same")]
    since = timezone.now()
    for one, classes in zip(deals, ("DB", "CA", "DC", "BB"), strict=True):
        first = score_deal(act=Act(by=None, at=since - dt.timedelta(days=1)), deal_id=one.pk).added
        assert first is not None
        for place, lead_class in enumerate(classes):
            row = LeadScore.objects.get(pk=first.pk)
            row.pk, row._state.adding = None, True
            row.lead_class, row.previous_low, row.previous_class = lead_class, row.low, classes[0] if place else ""
            row.computed_at = since + dt.timedelta(hours=place or -1)
            row.save()
    for _ in range(2):
        tell_of_classes(Act(by=None, route=Route.WORKER), since)
    assert told(rae) == [("lead_class", "2 of your deals changed class")]
    assert told(remy) == [("lead_class", "One of your deals changed class")]


@pytest.mark.parametrize(
    "who, count",
    [("rae", 1), ("mona", 1), ("vik", 1), ("otto", 1), ("remy", 0), ("eve", 0), ("vera", 0), ("charlie", 0)],
)
def test_nobody_is_told_of_what_they_do_not_see_in_full(cast, deal, who, count):
    news: dict[str, Any] = {"kind": "mention", "text": "Look", "url": "/", "about": ("deal", deal.pk)}
    assert notify(act=Act(by=None), to=[cast[who].pk], **news) == count
    assert Notification.objects.count() == count


def test_a_kind_that_is_turned_off_and_somebody_who_left_are_left_out(rae, mona, deal):
    NotificationSettings.objects.create(person=rae, muted=["mention"])
    mona.is_active = False
    mona.save()
    news: dict[str, Any] = {"to": [rae.pk, mona.pk], "text": "Look" * 200, "url": "/"}
    assert notify(act=Act(by=None), kind="mention", **news) == 0
    assert notify(act=Act(by=None), kind="share", **news) == 1
    assert len(Notification.objects.get().text) == 300


def test_what_is_told_goes_with_the_change_that_is_taken_back(rae, remy, deal, browse, monkeypatch):
    monkeypatch.setattr("deals.services.sharing.tell_of_share", lambda *said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        browse(rae).post(f"/deals/{deal.pk}/shares/", {"whom": f"person:{remy.pk}", "right": "read", "until_date": ""})
    assert not DealShare.objects.exists()
