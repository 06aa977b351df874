"""Reading under If-None-Match and writing under If-Match."""

from __future__ import annotations

import pytest

from crm.models import Account
from deals.models import Deal, DealScore
from deals.services.deals import update_deal
from deals.services.scores import lock_score
from tests.factories import make_contact


@pytest.fixture
def paths(api, rae, deal):
    """What can be written, each with a change for it."""
    contact = make_contact(deal.account)
    me = api(rae)
    me.post(f"/api/deals/{deal.pk}/contacts/", {"contact": contact.pk})
    me.post(f"/api/deals/{deal.pk}/competitors/", {"competitor": "vmware"})
    return {
        f"/api/accounts/{deal.account_id}/": {"country": "Norway"},
        f"/api/contacts/{contact.pk}/": {"title": "CIO"},
        f"/api/deals/{deal.pk}/": {"next_step": "Call Ana"},
        f"/api/deals/{deal.pk}/bant/": {"facts": {"budget_amount": "1000000.00"}},
        f"/api/deals/{deal.pk}/meddpicc/metrics/": {"strength": "claimed"},
        f"/api/deals/{deal.pk}/contacts/{contact.pk}/": {"role": "champion"},
        f"/api/deals/{deal.pk}/competitors/vmware/": {"position": "ahead"},
    }


def test_a_write_is_taken_once_under_the_etag_it_was_read_with(api, rae, paths):
    me = api(rae)
    for path, change in paths.items():
        etag = me.etag(path)
        done = me.patch(path, change, etag)
        assert done.status_code == 200, (path, done.content)
        assert done["ETag"] != etag
        assert done["ETag"] == me.etag(path)
        stale = me.patch(path, change, etag)
        assert stale.status_code == 412, path
        assert stale["ETag"] == done["ETag"]
        assert stale.json()["error"]["current"] == done.json(), path


def test_a_write_without_if_match_is_428(api, rae, paths):
    me = api(rae)
    for path, change in paths.items():
        before = me.get(path).content
        assert me.patch(path, change).status_code == 428, path
        assert me.get(path).content == before


def test_a_read_that_changed_nothing_is_304(api, rae, paths):
    me = api(rae)
    for path in [*paths, "/api/deals/", "/api/me/", "/api/playbook-versions/1/"]:
        first = me.get(path)
        again = me.get(path, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), path
        assert me.get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_weak_and_listed_tags_are_understood(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/"
    etag = me.etag(path)
    assert me.get(path, **{"If-None-Match": f'"x", W/{etag}'}).status_code == 304
    assert me.patch(path, {"next_step": "Call"}, f'"x-1", {etag}').status_code == 200


@pytest.mark.parametrize("tag,status", [('"1"', 200), ("*", 200), ('"2"', 412), ('""', 412), ("1", 412), ("", 412)])
def test_what_if_match_takes(api, rae, deal, tag, status):
    assert api(rae).patch(f"/api/deals/{deal.pk}/", {"next_step": "Call"}, tag).status_code == status


def test_a_new_score_changes_the_etag_but_refuses_nobody(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/"
    before = me.etag(path)
    lock_score(deal.pk)
    DealScore.objects.filter(pk=deal.pk).update(disqualified=1)
    assert me.get(path, **{"If-None-Match": before}).status_code == 200
    assert me.patch(path, {"next_step": "Call"}, before).status_code == 200


def test_a_renamed_account_is_not_304_on_its_deal(api, rae, deal):
    me, path = api(rae), f"/api/deals/{deal.pk}/"
    before = me.etag(path)
    Account.objects.filter(pk=deal.account_id).update(name="Aster Health Group")
    assert me.get(path, **{"If-None-Match": before}).json()["account_name"] == "Aster Health Group"


def test_two_at_once_one_wins(api, rae, mona, deal, monkeypatch):
    """Mona saves between Rae's check and Rae's lock: the service looks again and Rae is told what stands there now."""
    path = f"/api/deals/{deal.pk}/"
    ours, theirs = api(rae), api(mona)
    etag = ours.etag(path)
    real = update_deal

    def slow(**given):
        if given["act"].by == rae:
            assert theirs.patch(path, {"next_step": "Mona's"}, etag).status_code == 200
        return real(**given)

    monkeypatch.setattr("deals.api.deals.update_deal", slow)
    lost = ours.patch(path, {"next_step": "Rae's"}, etag)
    assert lost.status_code == 412
    assert lost.json()["error"]["current"]["next_step"] == "Mona's"
    assert Deal.objects.get().next_step == "Mona's"


def test_removing_wants_the_row_as_it_was_read(api, rae, paths, deal):
    me = api(rae)
    for path in list(paths)[-2:]:
        etag = me.etag(path)
        assert me.delete(path).status_code == 428
        me.patch(path, paths[path], etag)
        assert me.delete(path, etag).status_code == 412
        assert me.delete(path, me.etag(path)).status_code == 204
        assert me.get(path).status_code == 404


def test_answers_are_kept_by_nobody_else(api, rae, deal):
    response = api(rae).get(f"/api/deals/{deal.pk}/")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Authorization, Cookie"
