"""A company whose managers agree to some things: a level more, seen by those alone who lead the seller."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import NotAllowed
from crm.services.audit import Act
from deals.models import DealShare
from quotes.models import Approval
from quotes.queries.approvers import approvers, waiting_for
from quotes.services.delegations import delegate
from quotes.services.reminders import sweep
from tests.factories import make_person
from tests.quotes.conftest import DISPLACEMENT, publish

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)


def managers_too(data):
    """A volume discount of 15 % asks the manager first."""
    data["approvals"]["levels"].insert(0, {"key": "manager", "label": "Manager", "note": "", "role": "manager"})
    next(step for step in data["discounts"]["volume"] if step["percent"] == "15")["approval"] = "manager"


@pytest.fixture
def asked(playbook, mona, vik, sue, send) -> Approval:
    """Of the manager, then of the VP."""
    publish(managers_too)
    found: Approval = send(**DISPLACEMENT)
    return found


def test_it_is_the_managers_who_see_the_deal(asked, say, west, mona, vik, sue, told):
    other = make_person("wanda", "manager", team=west)
    assert [step.level for step in asked.steps.all()] == ["manager", "vp"]
    assert {one.person for one in approvers(asked, "manager", at=timezone.now())} == {mona, vik, sue}
    assert (len(told(mona)), told(vik), told(other)) == (1, [], [])
    with pytest.raises(Approval.DoesNotExist):
        say(other, asked)
    DealShare.objects.create(deal=asked.revision.quote.deal, person=other)
    assert list(waiting_for(other, at=timezone.now())) == [asked]
    say(other, asked)
    with pytest.raises(NotAllowed, match="You decide as Manager"):
        say(mona, asked, position=2)
    say(vik, asked, position=2)
    assert Approval.objects.get().state == "approved"


def test_what_nobody_answers_goes_up_level_by_level(asked, mona, vik, sue, told):
    asked.steps.filter(position=1).update(asked_at=MONDAY)
    levels = []
    for days in (2, 4, 8, 10, 16):
        sweep(now=MONDAY + dt.timedelta(days=days))
        levels.append(asked.steps.get(position=1).asked_level)
    assert levels == ["manager", "vp", "vp", "svp", "svp"]
    assert [len(told(one)) for one in (mona, vik, sue)] == [2, 1, 2]


def test_a_manager_who_is_away_has_a_vp_stand_in(asked, say, mona, vik, otto):
    today = timezone.now().date()
    delegate(act=Act(by=mona), approver_id=mona.pk, stand_in_id=vik.pk, from_date=today, to_date=today)
    say(vik, asked)
    assert asked.steps.get(position=1).decision.as_level == "vp"  # Vik may as himself
