"""The queue over HTTP: whose turn it is, since when and by when; stand-ins; what stands on Today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import Person
from crm.services.audit import Act
from quotes.models import Delegation, Step
from quotes.queries.approvers import may_decide
from quotes.queries.queue import hats_of
from quotes.services.delegations import delegate
from tests.factories import make_person, make_quote
from tests.quotes.conftest import BOTH, DISPLACEMENT, LIGHTHOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client: Client) -> Callable[..., str]:
    def page(who: Person, url: str) -> str:
        client.force_login(who)
        answer = client.get(url, headers={"HX-Request": "true"} if "count" in url or "today" in url else {})
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return page


def test_what_waits_stands_with_whoever_may_decide(send, say, read, rae, vik, sue):
    approval = send(**BOTH)
    link = f'href="/approvals/{approval.pk}/"'
    waits = {who: link in read(person, "/approvals/") for who, person in (("vik", vik), ("sue", sue))}
    assert waits == {"vik": True, "sue": True}
    assert "you may, as the higher level" in read(sue, "/approvals/")
    assert link in read(rae, "/approvals/")  # who decides nothing sees what waits for others
    assert ">1<" in read(vik, "/approvals/count/")
    say(vik, approval)
    assert "Nothing waits for you" in read(vik, "/approvals/")
    assert link in read(vik, "/approvals/?show=others")
    say(sue, approval, position=2)
    assert f"by {sue}" in read(vik, "/approvals/?show=decided")
    assert "Nothing waits" in read(rae, "/approvals/")


def test_since_when_and_by_when_in_working_days(send, read, vik):
    """Asked for on Monday, 2 March 2026: due on Wednesday, and on Friday it goes up."""
    approval = send(**DISPLACEMENT)
    monday = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    Step.objects.filter(approval=approval).update(asked_at=monday, reminded_at=monday + dt.timedelta(days=2))
    page = read(vik, "/approvals/")
    assert "reminded" in page
    assert "4 March 2026" in page or "4 Mar 2026" in page
    assert "6 March 2026" in page or "6 Mar 2026" in page
    assert "Goes to SVP with the next sweep." in read(vik, f"/approvals/{approval.pk}/")


def test_a_stand_in_sees_in_whose_place(send, read, sue, rae):
    """A second VP stands in for the SVP."""
    vera = make_person("val", "vp")
    now = timezone.now()
    delegate(
        act=Act(by=sue), approver_id=sue.pk, stand_in_id=vera.pk, from_date=now.date(), to_date=now.date(), reason=""
    )
    approval = send(**LIGHTHOUSE)
    assert f"in place of {sue}" in read(vera, "/approvals/")
    assert f"You decide in place of {sue}." in read(vera, f"/approvals/{approval.pk}/")


def test_the_queue_and_the_desk_agree_on_who_decides_as_what(send, deal, rae, vik, sue, otto, mona):
    val = make_person("val", "vp")
    today = timezone.now().date()
    days = {"from_date": today, "to_date": today, "made_by": sue, "made_at": timezone.now()}
    Delegation.objects.create(approver=sue, stand_in=val, **days)
    Delegation.objects.create(approver=vik, stand_in=sue, **days)
    now = timezone.now()
    for inputs in (LIGHTHOUSE, DISPLACEMENT, BOTH):
        approval = send(make_quote(deal, **inputs))
        for step in approval.steps.all():
            for person in (rae, vik, sue, otto, mona, val):
                hat = hats_of(person, now).for_step(approval, step)
                assert hat == may_decide(person, approval, step, at=now), (person, step.level)


def test_today_tells_approvers_what_waits_and_reps_what_came_back(send, say, read, rae, vik):
    approval = send(**DISPLACEMENT)
    assert f"/approvals/{approval.pk}/" in read(vik, "/today/approvals/")
    assert "None." in read(rae, "/today/returned/")
    say(vik, approval, "send_back")
    assert "Nothing waits for you." in read(vik, "/today/approvals/")
    page = read(rae, "/today/returned/")
    assert "Sent back" in page
    assert "revise it" in page


def test_days_that_are_taken_are_refused_at_their_field(client, vik, sue):
    client.force_login(vik)
    body = {
        "approver": vik.pk,
        "stand_in": sue.pk,
        "from_date": "2098-03-02",
        "to_date": "2098-03-06",
        "reason": "Away",
    }
    assert client.post("/approvals/stand-ins/", body).status_code == 302
    answer = client.post("/approvals/stand-ins/", body | {"from_date": "2098-03-06", "to_date": "2098-03-09"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["from_date"]
    row = Delegation.objects.get()
    page = client.get("/approvals/stand-ins/").content.decode()
    assert f'End it<span class="sr">: {sue} for {vik}' in page
    for _ in range(2):
        assert client.post(f"/approvals/stand-ins/{row.pk}/end/").status_code == 302
    assert not Delegation.objects.exists()
