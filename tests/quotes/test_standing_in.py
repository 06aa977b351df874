"""Deciding in place of somebody who is away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Person
from crm.queries.leaving import held_by
from crm.services.audit import Act
from crm.services.leaving import deactivate_person
from quotes.models import Approval, Decision, Delegation
from quotes.queries.approvers import waiting_for
from quotes.services.delegations import delegate, revoke
from tests.factories import make_person
from tests.quotes.conftest import LIGHTHOUSE

pytestmark = pytest.mark.django_db


def queue(person: Person) -> list[Approval]:
    return list(waiting_for(person, at=timezone.now()))


@pytest.fixture
def today() -> dt.date:
    return timezone.now().date()


@pytest.fixture
def away(sue, vik, today):
    """Vik stands in for Sue, from today for a week."""
    return delegate(
        act=Act(by=sue), approver_id=sue.pk, stand_in_id=vik.pk, from_date=today, to_date=today + dt.timedelta(6)
    )


def test_a_stand_in_decides_at_the_level_of_who_is_away(send, say, vik, sue, away, told):
    approval = send(**LIGHTHOUSE)
    assert queue(vik) == [approval]
    assert told(vik)[-1][1].endswith(f"in place of {sue}")
    say(vik, approval)
    made = Decision.objects.get()
    assert (made.made_by, made.stood_in_for, made.as_level) == (vik, sue, "svp")
    with pytest.raises(Clash, match=f"{vik}, in place of {sue}, approved"):
        say(sue, approval)


def test_a_stand_in_does_not_before_or_after_their_days(send, say, vik, sue, away, today):
    approval = send(**LIGHTHOUSE)
    for first, last in ((1, 2), (-2, -1)):
        Delegation.objects.update(from_date=today + dt.timedelta(first), to_date=today + dt.timedelta(last))
        assert queue(vik) == []
        with pytest.raises(NotAllowed):
            say(vik, approval)
    Delegation.objects.update(from_date=today, to_date=today)
    assert queue(vik) == [approval]


def test_nobody_stands_in_for_who_may_not_decide_themselves(send, say, rae, vik, sue, away):
    approval = send(**LIGHTHOUSE)
    Approval.objects.update(requested_by=sue)
    assert queue(vik) == []
    with pytest.raises(NotAllowed):
        say(vik, approval)
    Approval.objects.update(requested_by=rae)
    Person.objects.filter(pk=sue.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        say(vik, approval)


def test_it_ends_at_once(send, say, vik, sue, away, mona, otto):
    approval = send(**LIGHTHOUSE)
    with pytest.raises(NotAllowed):
        revoke(act=Act(by=mona), delegation_id=away.pk)
    revoke(act=Act(by=otto), delegation_id=away.pk)
    assert (queue(vik), queue(sue)) == ([], [approval])
    with pytest.raises(Delegation.DoesNotExist):
        revoke(act=Act(by=sue), delegation_id=away.pk)
    kept = AuditEntry.objects.filter(kind="stand_in").order_by("pk").values_list("verb", "made_by__username")
    assert list(kept) == [("added", "sue"), ("removed", "otto")]


@pytest.mark.parametrize(
    "values, field, said",
    [
        ({"approver": "mona"}, "approver", "approves nothing"),
        ({"stand_in": "rae"}, "stand_in", "Choose a VP or an SVP"),
        ({"stand_in": "sue"}, "stand_in", "somebody else"),
        ({"stand_in": "otto"}, "stand_in", "Choose a VP or an SVP"),
        ({"first": -1}, "from_date", "or a later day"),
        ({"first": 3, "last": 2}, "to_date", "before the first"),
        ({"last": 400}, "to_date", "A year at most"),
        ({"first": 6, "last": 9}, "from_date", "Vik Test stands in"),
        ({"reason": "x" * 201}, "reason", "200 characters"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_is_refused(cast, away, today, values, field, said):
    given = {"approver": "sue", "stand_in": "vik", "first": 7, "last": 8, "reason": ""} | values
    if values.get("stand_in") == "sue":
        given["approver"] = "sue"
    with pytest.raises(Invalid) as refused:
        delegate(
            act=Act(by=cast["otto"]),
            approver_id=cast[given["approver"]].pk,
            stand_in_id=cast[given["stand_in"]].pk,
            from_date=today + dt.timedelta(given["first"]),
            to_date=today + dt.timedelta(given["last"]),
            reason=given["reason"],
        )
    assert said in refused.value.errors[field][0]
    assert Delegation.objects.count() == 1


def test_nobody_gives_away_what_is_another_ones(vik, sue, today):
    with pytest.raises(NotAllowed):
        delegate(act=Act(by=vik), approver_id=sue.pk, stand_in_id=vik.pk, from_date=today, to_date=today)


def test_who_leaves_has_somebody_else_stand_in_or_nobody(send, vik, sue, away, otto, rae):
    approval = send(**LIGHTHOUSE)
    other = make_person("vic", "vp")
    assert [(one.key, one.count) for one in held_by(vik.pk)] == [("stand_ins", 1)]
    with pytest.raises(Invalid, match="Choose a VP or an SVP"):
        deactivate_person(act=Act(by=otto), person_id=vik.pk, to={"stand_ins": rae.pk})
    with pytest.raises(Invalid, match="does not stand in for themselves"):
        deactivate_person(act=Act(by=otto), person_id=vik.pk, to={"stand_ins": sue.pk})
    deactivate_person(act=Act(by=otto), person_id=vik.pk, to={"stand_ins": other.pk})
    assert (queue(vik), queue(other)) == ([], [approval])
    deactivate_person(act=Act(by=otto), person_id=other.pk, to={"stand_ins": None})
    other.refresh_from_db()
    assert (queue(other), queue(sue)) == ([], [approval])
