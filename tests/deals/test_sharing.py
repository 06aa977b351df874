"""Sharing a deal, ending a share, and giving a deal to another owner."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from crm.models import AuditEntry
from crm.registry import GoesAlong, goes_along
from crm.services.audit import Act
from deals.models import Deal, DealInterval, DealShare
from deals.queries.timeline import timeline
from deals.services.bulk import change_owner
from tests.factories import make_deal, make_person

TODAY = timezone.now().date()
SOON = TODAY + dt.timedelta(days=10)


def url(deal, part=""):
    return f"/deals/{deal.pk}/{part}"


def share(page, deal, whom, right="read", until=""):
    return page.post(url(deal, "shares/"), {"whom": whom, "right": right, "until_date": until}, htmx=True)


def test_a_person_reads_until_the_day_and_not_a_day_longer(rae_page, remy, browse, deal):
    assert browse(remy).get(url(deal)).status_code == 404
    assert share(rae_page, deal, f"person:{remy.pk}", until=TODAY.isoformat()).status_code == 204
    assert browse(remy).get(url(deal)).status_code == 200
    assert browse(remy).get(url(deal, "edit/")).status_code == 403
    DealShare.objects.update(until_date=TODAY - dt.timedelta(days=1))
    assert browse(remy).get(url(deal)).status_code == 404


def test_a_team_changes_it_with_all_beneath_it(rae_page, sales, remy, browse, deal):
    share(rae_page, deal, f"team:{sales.pk}", right="write")
    assert browse(remy).get(url(deal, "edit/")).status_code == 200


def test_a_share_is_changed_and_ended_and_all_of_it_is_told(rae_page, remy, deal):
    share(rae_page, deal, f"person:{remy.pk}")
    row = DealShare.objects.get()
    rae_page.post(url(deal, f"shares/{row.pk}/"), {"right": "write", "until_date": SOON.isoformat()})
    row.refresh_from_db()
    assert (row.can_write, row.until_date, row.shared_by_id) == (True, SOON, deal.owner_id)
    rae_page.post(url(deal, f"shares/{row.pk}/"), {"remove": "1"})
    assert not DealShare.objects.exists()
    assert [entry.text for entry in timeline(deal, "changes").entries][:3] == [
        "No longer shared with Remy Test",
        f"Share with Remy Test to read and change until {SOON.day} {SOON:%b %Y}",
        "Shared with Remy Test to read",
    ]


@pytest.mark.parametrize("who, said", [("rae", "Select a valid choice"), ("vera", "Select a valid choice")])
def test_the_owner_and_those_whom_it_shows_nothing_are_not_offered(cast, rae_page, deal, who, said):
    answer = share(rae_page, deal, f"person:{cast[who].pk}")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DealShare.objects.exists()


def test_a_day_that_is_over_is_refused(rae_page, remy, deal):
    answer = share(rae_page, deal, f"person:{remy.pk}", until=(TODAY - dt.timedelta(days=1)).isoformat())
    assert answer.status_code == 422
    assert not DealShare.objects.exists()


def test_who_changes_it_by_a_share_passes_it_on_no_longer_than_that(rae, remy, browse, deal):
    DealShare.objects.create(deal=deal, person=remy, can_write=True, until_date=SOON, shared_by=rae)
    nina = make_person("nina", "rep")
    refused = share(browse(remy), deal, f"person:{nina.pk}")
    assert refused.status_code == 422
    assert "shared with you until" in refused.content.decode()
    assert share(browse(remy), deal, f"person:{nina.pk}", until=SOON.isoformat()).status_code == 204


# --- Another owner ---------------------------------------------------------------------------------------------------


@pytest.fixture
def tasks():
    """An app whose open tasks go along with a deal."""
    moved = []

    def move(act, *ids):
        moved.append(ids)
        return 3

    goes_along.add(GoesAlong(key="notes", label="open notes", count=lambda *_: 3, move=move))
    yield moved
    goes_along._items.pop("notes")


def test_a_manager_hands_over_with_what_goes_along_and_the_owner_reads_on(mona, rae, browse, deal, east, tasks):
    rita = make_person("rita", "rep", team=east)
    DealShare.objects.create(deal=deal, person=rita)
    page = browse(mona).text(url(deal, "owner/"))
    assert "Its open notes (3)" in page
    posted = {"owner": rita.pk, "along": ["notes"], "keep_reader": "on", "reader_until": SOON, "why": "Parental leave."}
    assert browse(mona).post(url(deal, "owner/"), posted, htmx=True).status_code == 204
    deal.refresh_from_db()
    assert deal.owner == rita
    assert tasks == [(deal.pk, rae.pk, rita.pk)]
    kept = DealShare.objects.get()
    assert (kept.person, kept.can_write, kept.until_date) == (rae, False, SOON)
    interval = DealInterval.objects.get(deal=deal, field="owner", to_at=None)
    assert (interval.value, interval.why, interval.changed_by) == (str(rita.pk), "Parental leave.", mona)


def test_nobody_outside_the_team_is_offered_and_a_rep_hands_nothing_over(mona, rae, remy, browse, deal):
    assert browse(mona).post(url(deal, "owner/"), {"owner": remy.pk}).status_code == 422
    assert browse(rae).post(url(deal, "owner/"), {"owner": mona.pk}).status_code == 403
    assert Deal.objects.get().owner == rae
    assert not AuditEntry.objects.exists()


def test_by_the_api(rae, mona, remy, sign_in, deal):
    api, path = sign_in(rae), f"/api/deals/{deal.pk}/shares/"
    sends = {"content_type": "application/json"}
    assert api.post(path, {"can_write": True}, **sends).status_code == 422
    made = api.post(path, {"person": remy.pk, "until_date": SOON.isoformat()}, **sends)
    assert made.status_code == 201
    assert made.json()["name"] == "Remy Test"
    assert api.post(path, {"person": remy.pk}, **sends).status_code == 409
    mine = sign_in(remy).get(f"/api/deals/{deal.pk}/access/").json()
    assert mine == {"level": "full", "reasons": [f"shared by Rae Test to read until {SOON.day} {SOON:%b %Y}"]}
    address, tag = made["Location"], {"If-Match": made["ETag"]}
    assert api.patch(address, {"can_write": True}, headers=tag, **sends).json()["until_date"] == SOON.isoformat()
    assert api.delete(address, headers=tag).status_code == 412
    assert api.delete(address, headers={"If-Match": "*"}).status_code == 204
    owner = f"/api/deals/{deal.pk}/owner/"
    handed = sign_in(mona).post(owner, {"owner": mona.pk, "keep_reader": True}, headers={"If-Match": "*"}, **sends)
    assert handed.json()["owner"] == mona.pk
    assert DealShare.objects.get().person == rae


def test_who_may_change_it_by_a_share_alone_works_on_it_and_does_not_take_it(rae, remy, mona, west, sign_in, deal):
    """Not by the header, not by handing over, not with others of theirs; a manager elsewhere no more than a rep."""
    mila = make_person("mila", "manager", team=west)
    for whom in (remy, mila):
        DealShare.objects.create(deal=deal, person=whom, can_write=True, until_date=SOON)
    sends = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    for who, path in ((remy, ""), (mila, ""), (mila, "owner/")):
        answer = sign_in(who).generic(
            "PATCH" if not path else "POST", f"/api/deals/{deal.pk}/{path}", json.dumps({"owner": who.pk}), **sends
        )
        assert answer.status_code == 422
        assert "shared with you to work on" in answer.json()["error"]["fields"]["owner"][0]
    own = make_deal(mila, "Their own")
    (kept, gone) = sorted(change_owner(Act(by=mila), [deal.pk, own.pk], remy.pk), key=lambda one: one.object_id)
    assert "shared with you to work on" in kept.reason
    assert (gone.before, gone.after) == (mila.pk, remy.pk)
    deal.refresh_from_db()
    assert (deal.owner, deal.version) == (rae, 1)
    renamed = sign_in(remy).generic("PATCH", f"/api/deals/{deal.pk}/", '{"next_step": "Call Ana"}', **sends)
    assert renamed.status_code == 200
