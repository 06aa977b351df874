"""Deleting softly, restoring, and what goes for good."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import Account, AuditEntry, Contact, Job
from crm.registry import bins
from crm.services import bin
from crm.services.accounts import update_contact
from crm.services.audit import Act
from crm.services.deletion import delete_account, delete_contact
from crm.views import bin as bin_views
from crm.views import contacts
from deals.models import Deal, DealContact, DealInterval
from deals.services.deletion import delete_deal
from tests.crm.drafting import as_sent
from tests.factories import make_account, make_contact, make_deal

NOW = timezone.now()
LONG_AGO = NOW - dt.timedelta(days=31)


@pytest.fixture
def aster(rae):
    return make_account("Aster Health", owner=rae)


@pytest.fixture
def deal(rae, aster):
    return make_deal(rae, "Big one", account=aster)


@pytest.fixture
def ines(aster):
    return make_contact(aster, "Wolf", first_name="Ines")


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_deal_is_deleted_found_in_the_bin_and_restored(rae, remy, deal, sign_in):
    browser = sign_in(rae)
    assert browser.post(f"/deals/{deal.pk}/delete/")["Location"] == "/deals/"
    assert "Big one is deleted. It stays in the bin for 30 days." in text(browser.get("/deals/"))
    assert browser.get(f"/deals/{deal.pk}/").status_code == 404
    assert "Big one" in text(browser.get("/bin/"))
    assert "Big one" not in text(sign_in(remy).get("/bin/"))
    assert sign_in(remy).post(f"/bin/deal/{deal.pk}/restore/").status_code == 404
    assert browser.post(f"/bin/deal/{deal.pk}/restore/")["Location"] == f"/deals/{deal.pk}/"
    assert browser.get(f"/deals/{deal.pk}/").status_code == 200
    told = AuditEntry.objects.filter(kind="deal", object_id=deal.pk).order_by("id").values_list("verb", "changes")
    assert list(told) == [("deleted", {"name": ["Big one", None]}), ("restored", {"name": [None, "Big one"]})]
    assert Job.objects.get().key == f"score:{deal.pk}"


@pytest.mark.parametrize("who, sees", [("rae", True), ("remy", False), ("mona", True), ("otto", True)])
def test_who_sees_what_in_the_bin(cast, deal, ines, sign_in, who, sees):
    delete_deal(act=Act(by=cast["otto"]), deal_id=deal.pk)
    delete_contact(act=Act(by=cast["otto"]), contact_id=ines.pk)
    assert ("Big one" in text(sign_in(cast[who]).get("/bin/"))) is sees
    assert ("Ines Wolf" in text(sign_in(cast[who]).get("/bin/?kind=contact"))) is sees


def test_an_account_with_open_deals_asks_and_all_go_and_come_together(rae, deal, ines, aster, sign_in):
    browser, path = sign_in(rae), f"/accounts/{aster.pk}/delete/"
    earlier = make_deal(rae, "Deleted before", account=aster)
    delete_deal(act=Act(by=rae), deal_id=earlier.pk)
    page = text(browser.get(path))
    assert "Delete its 1 open deal too" in page
    refused = browser.post(path)
    assert refused.status_code == 422
    assert "Aster Health has 1 open deal. Agree to delete that too, or keep the account." in text(refused)
    assert Deal.objects.count() == 1
    assert browser.post(path, {"with_all": "on"}).status_code == 302
    assert not (Deal.objects.exists())
    assert not (Contact.objects.exists())
    assert not (Account.objects.exists())
    alone = browser.post(f"/bin/deal/{deal.pk}/restore/", follow=True)
    assert "Its account Aster Health is deleted too. Restore the account first." in text(alone)
    browser.post(f"/bin/account/{aster.pk}/restore/")
    assert [*Deal.objects.all()] == [deal]
    assert [*Contact.objects.all()] == [ines]


def test_deals_that_are_not_theirs_keep_the_account(rae, remy, deal, aster):
    make_deal(remy, "Remy's", account=aster)
    with pytest.raises(NotAllowed, match=r"1.deal of this account is not yours to delete"):
        delete_account(act=Act(by=rae), account_id=aster.pk, with_all=True)
    assert Deal.objects.count() == 2


def test_a_contact_stands_as_deleted_where_they_took_part(rae, deal, ines, sign_in):
    DealContact.objects.create(deal=deal, contact=ines)
    assert sign_in(rae).post(f"/contacts/{ines.pk}/delete/").status_code == 302
    panel = " ".join(text(sign_in(rae).get(f"/deals/{deal.pk}/contacts/")).split())
    assert '<b class="quiet">Ines Wolf</b> <span class="pill">deleted</span>' in panel
    assert sign_in(rae).post(f"/deals/{deal.pk}/contacts/{ines.pk}/", {"remove": "1"}).status_code == 302
    assert not DealContact.objects.exists()


def test_what_was_kept_long_enough_goes_for_good_and_nothing_else(rae, deal, ines, aster, run_jobs, monkeypatch):
    monkeypatch.setattr(bin, "BATCH", 1)
    young = make_deal(rae, "Young", account=make_account("Borea"))
    delete_deal(act=Act(by=rae, at=LONG_AGO), deal_id=make_deal(rae, "Old", account=young.account).pk)
    delete_deal(act=Act(by=rae), deal_id=young.pk)
    delete_account(act=Act(by=rae, at=LONG_AGO), account_id=aster.pk, with_all=True)
    Job.objects.all().delete()
    bin.plan_purge(NOW)
    bin.plan_purge(NOW)
    assert run_jobs() == 1
    assert list(Deal.everything.values_list("name", flat=True)) == ["Young"]
    assert list(Account.everything.values_list("name", flat=True)) == ["Borea"]
    assert not Contact.everything.exists()
    assert not DealInterval.objects.filter(deal=deal.pk).exists()
    assert AuditEntry.objects.filter(verb="purged").count() == 4
    bin.plan_purge(NOW)
    assert run_jobs() == 0


def test_an_account_stays_while_anything_of_it_does(rae, aster):
    """A deal opened at the moment its account was deleted must not stop every purge from then on."""
    delete_account(act=Act(by=rae, at=LONG_AGO), account_id=aster.pk, with_all=True)
    make_deal(rae, "Slipped in", account=aster)
    other = make_account("Borea", owner=rae)
    delete_account(act=Act(by=rae, at=LONG_AGO), account_id=other.pk)
    assert bin.purge(act=Act(by=None, at=NOW)) == 1
    assert list(Account.everything.all()) == [aster]
    Deal.everything.all().delete()
    assert bin.purge(act=Act(by=None, at=NOW)) == 1
    assert not Account.everything.exists()


def test_a_purge_that_was_killed_goes_on(rae, deal, aster, monkeypatch):
    for n in range(3):
        delete_deal(act=Act(by=rae, at=LONG_AGO), deal_id=make_deal(rae, f"Old {n}", account=aster).pk)
    monkeypatch.setattr(bin, "BATCH", 1)

    def killed(done):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bin.purge(act=Act(by=None, at=NOW), tell=killed)
    assert Deal.everything.count() == 2
    assert bin.purge(act=Act(by=None, at=NOW)) == 1
    assert [*Deal.everything.all()] == [deal]


def test_a_deal_whose_account_is_deleted_stays_in_the_bin(rae, deal, aster):
    delete_account(act=Act(by=rae), account_id=aster.pk, with_all=True)
    with pytest.raises(Clash):
        bin.restore(act=Act(by=rae), kind=bins.get("deal"), record_id=deal.pk)
    assert not Deal.objects.exists()


def test_what_somebody_else_deletes_at_that_moment_is_told_and_nothing_typed_is_lost(rae, ines, sign_in, monkeypatch):
    """Between looking for the record and locking it."""

    def beaten(do):
        def late(**values):
            delete_contact(act=Act(by=rae), contact_id=ines.pk)
            return do(**values)

        return late

    page = sign_in(rae)
    monkeypatch.setattr(contacts, "update_contact", beaten(update_contact))
    form = page.get(f"/contacts/{ines.pk}/edit/").context["form"]
    answer = page.post(f"/contacts/{ines.pk}/edit/", as_sent(form) | {"last_name": "Wolff"})
    assert (answer.status_code, answer.context["form"]["last_name"].value()) == (409, "Wolff")
    assert "somebody deleted it meanwhile" in answer.content.decode()
    Contact.everything.update(deleted_at=None)
    monkeypatch.setattr(bin_views, "delete_contact", beaten(delete_contact))
    answer = page.post(f"/contacts/{ines.pk}/delete/")
    assert (answer.status_code, "somebody deleted it meanwhile" in answer.content.decode()) == (409, True)
    assert AuditEntry.objects.filter(kind="contact", verb="deleted").count() == 2


def test_by_the_api(rae, deal, ines, aster, sign_in):
    api, any_version = sign_in(rae), {"headers": {"If-Match": "*"}, "content_type": "application/json"}
    assert api.delete(f"/api/deals/{deal.pk}/").status_code == 428
    assert api.delete(f"/api/deals/{deal.pk}/", **any_version).status_code == 204
    assert api.get(f"/api/deals/{deal.pk}/").status_code == 404
    found = api.get("/api/bin/").json()["results"]
    assert [(row["kind"], row["id"], row["name"], row["deleted_by"]) for row in found] == [
        ("deal", deal.pk, "Big one", rae.pk)
    ]
    assert api.post(f"/api/bin/deal/{deal.pk}/restore/").status_code == 204
    account = f"/api/accounts/{aster.pk}/"
    assert api.delete(account, {}, **any_version).json()["error"]["fields"]["with_all"]
    assert api.delete(account, {"with_all": True}, **any_version).status_code == 204
    assert api.get("/api/bin/?kind=contact").json()["results"][0]["name"] == "Ines Wolf"
    assert api.post(f"/api/bin/deal/{deal.pk}/restore/").status_code == 409
