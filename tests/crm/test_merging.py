"""Two records become one with all that hangs on them, and two again exactly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import serializers

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Account, AuditEntry, Contact, DuplicatePair, MergeRecord
from crm.models.bin import KEPT_DAYS
from crm.queries.notifications import GONE, as_seen
from crm.registry import Merger, bins, mergers
from crm.services import duplicates
from crm.services.audit import Act
from crm.services.bin import purge, restore
from crm.services.deletion import delete_account
from crm.services.merge_rows import links
from crm.services.merging import merge, undo_merge
from deals.models import Deal, DealContact, MeddpiccElement
from deals.services.deals import update_deal
from deals.services.deletion import delete_deal
from tests.factories import NOW, make_account, make_contact, make_deal, make_news


@pytest.fixture
def aster(rae):
    return make_account("Aster Health", owner=rae, facts={"vm_count": 100})


@pytest.fixture
def twin(rae):
    """The same company once more, with a domain, another count of machines, a child, a contact and two deals."""
    found = make_account(
        "Aster Health Inc",
        owner=rae,
        domain="aster.example",
        vertical="healthcare",
        facts={"vm_count": 1200, "edge_nodes": 5},
    )
    make_account("Aster Labs", parent=found)
    make_contact(found, "Wolf", first_name="Ines")
    make_deal(rae, "Open one", account=found)
    delete_deal(act=Act(by=rae), deal_id=make_deal(rae, "In the bin", account=found).pk)
    return found


def state() -> list[str]:
    """Every row a merge may touch, but for what counts writes."""
    found = []
    for model in (Account, Contact, Deal, DealContact, MeddpiccElement):
        manager: Any = getattr(model, "everything", model._default_manager)
        rows = serializers.serialize("python", manager.order_by("pk"))
        found += [str({k: v for k, v in row["fields"].items() if k not in {"version", "updated_at"}}) for row in rows]
    return found


def test_all_that_hangs_on_the_loser_goes_and_comes_back_exactly(rae, aster, twin, sign_in, run_jobs):
    before = state()
    page = sign_in(rae).get(f"/merge/account/{aster.pk}/{twin.pk}/").content.decode()
    assert "Aster Health Inc" in page
    assert "Healthcare and life sciences" in page
    posted = {"take-name": "survivor", "take-domain": "loser", "take-facts.vm_count": "loser"}
    posted |= {"take-facts.edge_nodes": "survivor", "take-vertical": "survivor"}
    answer = sign_in(rae).post(f"/merge/account/{aster.pk}/{twin.pk}/", posted)
    done = MergeRecord.objects.get()
    assert answer["Location"] == f"/merges/{done.pk}/"
    aster.refresh_from_db()
    assert (aster.name, aster.domain, aster.facts) == ("Aster Health", "aster.example", {"vm_count": 1200})
    assert set(Deal.everything.values_list("account", flat=True)) == {aster.pk}
    assert Contact.objects.get().account == aster
    assert Account.objects.get(name="Aster Labs").parent == aster
    assert sign_in(rae).get(f"/accounts/{twin.pk}/")["Location"] == f"/accounts/{aster.pk}/"
    assert "Aster Health Inc" not in sign_in(rae).get("/accounts/").content.decode()
    told = AuditEntry.objects.get(kind="deal", object_id=Deal.objects.get().pk, verb="changed")
    assert [one["name"] for one in told.changes["account"]] == ["Aster Health Inc", "Aster Health"]
    assert run_jobs() >= 1
    told = sign_in(rae).get(f"/merges/{done.pk}/").content.decode()
    assert "2\u00a0deals, 1\u00a0account, 1\u00a0contact" in told
    assert f"/accounts/{aster.pk}/" in told
    assert sign_in(rae).post(f"/merges/{done.pk}/").status_code == 302
    assert state() == before
    done.refresh_from_db()
    assert (done.undone_by, done.kept) == (rae, [])
    assert sign_in(rae).post(f"/merges/{done.pk}/").status_code == 409


def test_an_undo_leaves_what_changed_since_and_says_which(rae, otto, aster, twin):
    done = merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk, take=["domain", "name"])
    elsewhere = make_account("Borea")
    update_deal(act=Act(by=otto), deal_id=Deal.objects.get().pk, values={"account": elsewhere})
    Account.objects.filter(pk=aster.pk).update(domain="aster.org")
    done = undo_merge(act=Act(by=rae), merge_id=done.pk)
    assert done.kept == ["Domain of Aster Health was changed since.", "Deal Open one belongs elsewhere by now."]
    assert Deal.objects.get().account == elsewhere
    assert Deal.everything.get(name="In the bin").account == twin
    assert Account.objects.get(pk=aster.pk).name == "Aster Health"


def test_a_committee_that_had_both_has_one_and_then_both_again(rae, aster):
    one, other = make_contact(aster, "Wolf"), make_contact(aster, "Wolff", phone="123")
    below = make_contact(aster, "Adler", reports_to=other)
    one.reports_to = other
    one.save()
    deal = make_deal(rae, account=aster)
    DealContact.objects.create(deal=deal, contact=one, role="champion")
    DealContact.objects.create(deal=deal, contact=other, role="user")
    MeddpiccElement.objects.create(deal=deal, element="champion", contact=other)
    before = state()
    done = merge(act=Act(by=rae), kind="contact", survivor_id=one.pk, loser_id=other.pk, take=["phone"])
    one.refresh_from_db()
    below.refresh_from_db()
    assert (one.phone, one.reports_to_id, below.reports_to_id) == ("123", None, one.pk)
    assert DealContact.objects.get().role == "champion"
    assert MeddpiccElement.objects.get().contact == one
    undo_merge(act=Act(by=rae), merge_id=done.pk)
    assert state() == before


def test_every_foreign_key_to_an_account_or_a_contact_moves():
    """Of every app, those of tables between many and many included."""
    names = {f"{theirs._meta.label}.{field.name}" for model in (Account, Contact) for theirs, field in links(model)}
    assert names >= {
        "crm.Account.parent",
        "crm.Contact.account",
        "crm.Contact.reports_to",
        "deals.Deal.account",
        "deals.DealContact.contact",
        "deals.MeddpiccElement.contact",
        "deals.MeddpiccElement.evidence_contact",
        "deals.QuestionAnswer.contact",
        "activities.Note.account",
        "activities.Activity_participants.contact",
    }


@pytest.mark.parametrize("gone", ["survivor", "in the bin"])
def test_a_merge_whose_records_are_gone_says_so_and_leads_nowhere(rae, otto, aster, twin, sign_in, gone):
    done = merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk)
    delete_account(act=Act(by=otto), account_id=aster.pk, with_all=True)
    said = "Aster Health lies in the bin. Restore it first."
    if gone == "survivor":
        Account.everything.filter(pk=aster.pk).update(deleted_at=NOW - dt.timedelta(days=KEPT_DAYS + 1))
        Deal.everything.all().delete()
        Contact.everything.all().delete()
        purge(act=Act(by=None, at=NOW))
        said = "Aster Health was deleted and is gone for good, so this merge can't be undone."
    page = sign_in(rae).get(f"/merges/{done.pk}/").content.decode().replace("&#x27;", "'")
    assert said in page
    assert f"/accounts/{aster.pk}/" not in page
    assert "Undo this merge" not in page
    assert sign_in(rae).post(f"/merges/{done.pk}/").status_code == 409
    assert sign_in(rae).get("/merges/").status_code == 200


def test_an_app_is_told(rae, aster, twin):
    told = []
    mergers.add(Merger(key="test", kind="account", moved=lambda act, *ids: told.append(ids)))
    try:
        done = merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk)
        undo_merge(act=Act(by=rae), merge_id=done.pk)
    finally:
        mergers._items.pop("test")
    assert told == [(twin.pk, aster.pk), (aster.pk, twin.pk)]


def test_who_may_not_and_what_can_not(rae, remy, aster, twin):
    with pytest.raises(NotAllowed):
        merge(act=Act(by=remy), kind="account", survivor_id=aster.pk, loser_id=twin.pk)
    with pytest.raises(Invalid):
        merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=aster.pk)
    with pytest.raises(Invalid, match="no field"):
        merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk, take=["version"])
    here, there = make_contact(aster, "Berg"), make_contact(twin, "Berg")
    with pytest.raises(Invalid, match="different accounts"):
        merge(act=Act(by=rae), kind="contact", survivor_id=here.pk, loser_id=there.pk)
    assert not MergeRecord.objects.exists()


def test_who_merged_their_own_into_somebody_elses_may_undo_it(rae, remy, twin):
    theirs = make_account("Aster Group", owner=remy)
    done = merge(act=Act(by=rae), kind="account", survivor_id=theirs.pk, loser_id=twin.pk)
    with pytest.raises(NotAllowed):
        undo_merge(act=Act(by=remy), merge_id=done.pk)
    undo_merge(act=Act(by=rae), merge_id=done.pk)
    assert Account.objects.get(pk=twin.pk).owner == rae


def test_merged_on_and_on_leads_to_the_last(rae, aster, twin, sign_in):
    last = make_account("Aster", owner=rae)
    first = merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk)
    merge(act=Act(by=rae), kind="account", survivor_id=last.pk, loser_id=aster.pk)
    assert sign_in(rae).get(f"/accounts/{twin.pk}/")["Location"] == f"/accounts/{last.pk}/"
    with pytest.raises(Clash):
        undo_merge(act=Act(by=rae), merge_id=first.pk)


def test_likely_duplicates_are_found_decided_and_remembered(rae, sign_in, run_jobs):
    one, other = make_account("Borea Steel GmbH"), make_account("Borea Steel")
    make_account("Cirrus", domain="cirrus.example")
    make_account("Nimbus Bank", domain="cirrus.example")
    make_account("Quite another one")
    far = make_account("Zephyr")
    make_contact(one, "Wolf", first_name="Ines", email="ines@x.example")
    make_contact(far, "Berg", email="ines@x.example")
    browser = sign_in(rae)
    assert browser.post("/duplicates/look/").status_code == 302
    assert run_jobs() == 1
    pairs = DuplicatePair.objects.order_by("kind", "pk").values_list("kind", "reason")
    assert list(pairs) == [("account", "domain"), ("account", "name"), ("contact", "email")]
    assert "same name" in browser.get("/duplicates/").content.decode()
    pair = DuplicatePair.objects.get(reason="name")
    assert (pair.low_id, pair.high_id) == (one.pk, other.pk)
    assert browser.post(f"/duplicates/{pair.pk}/not-the-same/").status_code == 302
    Account.objects.filter(domain="cirrus.example").update(domain="")
    duplicates.find(Act(by=None))
    assert list(DuplicatePair.objects.values_list("reason", "not_same_by").order_by("pk")) == [
        ("name", rae.pk),
        ("email", None),
    ]
    assert "same name" not in browser.get("/duplicates/").content.decode()


def test_by_the_api(rae, charlie, aster, twin, sign_in):
    api, sends = sign_in(rae), {"content_type": "application/json"}
    body = {"kind": "account", "survivor": aster.pk, "loser": twin.pk, "take": ["domain"]}
    made = api.post("/api/merges/", body, **sends)
    assert made.status_code == 201
    assert api.get(f"/api/accounts/{aster.pk}/").json()["domain"] == "aster.example"
    gone = api.get(f"/api/accounts/{twin.pk}/")
    assert (gone.status_code, gone.json()["error"]["merged_into"]) == (
        410,
        {"kind": "account", "id": aster.pk, "address": f"/api/accounts/{aster.pk}/"},
    )
    assert api.patch(f"/api/accounts/{twin.pk}/", {"name": "New"}, HTTP_IF_MATCH="*", **sends).status_code == 410
    assert sign_in(charlie).get(f"/api/accounts/{twin.pk}/").status_code == 404
    delete_account(act=Act(by=rae), account_id=aster.pk, with_all=True)
    assert api.get(f"/api/accounts/{twin.pk}/").status_code == 404
    restore(act=Act(by=rae), kind=bins.get("account"), record_id=aster.pk)
    assert api.post(f"{made['Location']}undo/").json()["kept"] == []
    assert api.post(f"{made['Location']}undo/").status_code == 409
    assert api.get(f"/api/accounts/{twin.pk}/").status_code == 200


def test_what_somebody_was_told_of_the_loser_leads_to_the_survivor(rae, aster, twin, sign_in):
    about = {"about_kind": "account", "about_id": twin.pk, "url": f"/accounts/{twin.pk}/"}
    news = make_news(rae, Deal.objects.get(), text="Mona mentioned you.", **about)
    done = merge(act=Act(by=rae), kind="account", survivor_id=aster.pk, loser_id=twin.pk)
    assert [(one.text, one.url) for one in as_seen(rae, [news])] == [("Mona mentioned you.", news.url)]
    assert sign_in(rae).get(news.url)["Location"] == f"/accounts/{aster.pk}/"
    delete_account(act=Act(by=rae), account_id=aster.pk, with_all=True)
    assert [one.text for one in as_seen(rae, [news])] == [GONE]
    assert done.undone_at is None
