"""Somebody leaves: nothing is orphaned unseen, and their access ends at once."""

from __future__ import annotations

import pytest

from crm.lib.errors import Clash
from crm.models import Account, ApiToken, AuditEntry, Job, JobState, Person
from crm.services import leaving
from crm.services.audit import Act
from crm.services.leaving import deactivate_person
from crm.services.tokens import create_token
from deals.models import Deal, DealInterval, DealShare
from tests.factories import make_account, make_deal, make_person


@pytest.fixture
def rita(east, playbook):
    return make_person("rita", "rep", team=east)


@pytest.fixture
def book(rae):
    """Rae's: two open deals, one that was lost, and an account."""
    account = make_account(owner=rae)
    deals = [make_deal(rae, f"Deal {n}", account=account) for n in range(2)]
    lost = make_deal(rae, "Lost", account=account, stage="lost", outcome="lost", closed_at=deals[0].created_at)
    return [*deals, lost]


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def url(person):
    return f"/people/{person.pk}/leaving/"


def test_the_page_says_what_they_hold(otto, rae, book, sign_in):
    page = text(sign_in(otto).get(url(rae)))
    for said in ("2 open deals", "1 closed deal", "1 account"):
        assert said in page


def test_nothing_is_left_without_an_owner_unless_said_so(otto, rae, rita, book, sign_in):
    answer = sign_in(otto).post(url(rae), {"open_deals": rita.pk, "accounts": rita.pk})
    assert answer.status_code == 422
    assert "Rae Test holds 1 closed deal. Say who takes that over, or that it stays." in text(answer)
    rae.refresh_from_db()
    assert rae.is_active
    assert not AuditEntry.objects.exists()


def test_each_thing_goes_to_who_was_named(otto, rae, rita, mona, book, sign_in):
    DealShare.objects.create(deal=book[0], person=rita)
    posted = {"open_deals": rita.pk, "closed_deals": "stays", "accounts": mona.pk, "why": "Moves to Lisbon."}
    assert sign_in(otto).post(url(rae), posted).status_code == 302
    rae.refresh_from_db()
    assert not rae.is_active
    assert list(Deal.objects.order_by("pk").values_list("owner", flat=True)) == [rita.pk, rita.pk, rae.pk]
    assert Account.objects.get().owner == mona
    assert not DealShare.objects.exists()
    interval = DealInterval.objects.get(deal=book[0], field="owner", to_at=None)
    assert (interval.value, interval.changed_by, interval.why) == (str(rita.pk), otto, "Moves to Lisbon.")
    told = AuditEntry.objects.get(kind="person", verb="left")
    assert told.changes["open deals"] == [2, "Rita Test"]
    assert told.changes["closed deals"] == [1, "stays"]
    # What stayed can go later.
    assert sign_in(otto).post(url(rae), {"closed_deals": rita.pk}).status_code == 302
    assert not Deal.objects.filter(owner=rae).exists()


def test_sessions_and_tokens_stop_at_once_and_for_good(otto, rae, sign_in):
    mine, bearer = sign_in(rae), create_token(act=Act(by=rae), person=rae, name="export")[1]
    api = {"Authorization": f"Bearer {bearer}"}
    assert mine.get("/deals/").status_code == 200
    deactivate_person(act=Act(by=otto), person_id=rae.pk, to={})
    assert mine.get("/deals/")["Location"].startswith("/sign-in/")
    assert sign_in(None).get("/api/me/", headers=api).status_code == 401
    assert ApiToken.objects.get().revoked_at is not None
    Person.objects.filter(pk=rae.pk).update(is_active=True)
    assert mine.get("/deals/").status_code == 302
    assert sign_in(None).get("/api/me/", headers=api).status_code == 401
    assert sign_in(Person.objects.get(pk=rae.pk)).get("/deals/").status_code == 200


def test_the_form_of_a_person_sends_to_the_hand_over(otto, rae, book, sign_in):
    values = {"username": "rae", "first_name": "Rae", "last_name": "Test", "roles": ["rep"], "time_zone": "UTC"}
    answer = sign_in(otto).post(f"/people/{rae.pk}/", values)
    assert answer.status_code == 422
    assert "Rae Test still holds 2 open deals, 1 closed deal and 1 account." in text(answer)
    rae.refresh_from_db()
    assert rae.is_active


def test_a_team_is_not_left_without_a_manager(otto, mona, rae, remy, sign_in):
    refused = sign_in(otto).post(url(mona), {"leadership": remy.pk})
    assert refused.status_code == 422
    assert "neither in East nor above it" in refused.content.decode()
    assert sign_in(otto).post(url(mona), {"leadership": rae.pk}).status_code == 302
    rae.refresh_from_db()
    assert rae.roles == ["rep", "manager"]


def test_a_team_with_a_manager_above_needs_no_other(otto, mona, rae, sales, sign_in):
    make_person("boss", "manager", team=sales)
    assert "led by nobody" not in sign_in(otto).get(url(mona)).content.decode()


def test_much_goes_by_a_job_that_survives_a_kill(otto, rae, rita, book, sign_in, run_jobs, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 1)
    monkeypatch.setattr(leaving, "BATCH", 1)
    answer = sign_in(otto).post(url(rae), {"open_deals": rita.pk, "closed_deals": rita.pk, "accounts": "stays"})
    job = Job.objects.get(task=leaving.HAND_OVER_TASK)
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert job.total == 3
    Deal.objects.filter(pk=book[0].pk).update(owner=rita)  # what a worker did before it was killed
    assert run_jobs() == 1
    assert Deal.objects.filter(owner=rita).count() == 3
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 2)


@pytest.mark.parametrize("who, said", [("otto", "can't deactivate yourself"), ("gone", "holds nothing")])
def test_who_does_not_leave(otto, playbook, who, said):
    person = otto if who == "otto" else make_person("gone", "rep", is_active=False)
    with pytest.raises(Clash, match=said):
        deactivate_person(act=Act(by=otto), person_id=person.pk, to={})


def test_a_taker_who_does_not_sell_is_refused(otto, rae, vera, book, sign_in):
    stays = {"closed_deals": "stays", "accounts": "stays"}
    answer = sign_in(otto).post(url(rae), {"open_deals": vera.pk, **stays})
    assert answer.status_code == 422
    assert "Vera Test does not sell" in text(answer)
    assert Deal.objects.filter(owner=rae).count() == 3
