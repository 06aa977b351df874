"""Saved views, and changes of many records, over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.models import BulkChange, SavedView
from deals.models import Deal
from tests.factories import make_account, make_deal

VIEW = {"kind": "deals", "name": "Big ones", "query": "amount_from=500000&sort=-amount&columns=amount,owner"}


def test_a_view_is_made_shared_and_deleted_by_its_owner_alone(api, rae, mona, remy):
    hers = api(mona)
    made = hers.post("/api/views/", VIEW)
    assert made.status_code == 201
    where, view = made["Location"], made.json()
    assert (view["query"], view["shared"], view["owner"]) == (
        "amount_from=500000&sort=-amount&columns=amount%2Cowner",
        "nobody",
        mona.pk,
    )
    assert api(rae).get(where).status_code == 404
    assert hers.patch(where, {"shared": "team"}).status_code == 428
    shared = hers.patch(where, {"shared": "team"}, etag=made["ETag"])
    assert (shared.status_code, shared.json()["shared"]) == (200, "team")
    assert hers.patch(where, {"name": "Mine"}, etag=made["ETag"]).status_code == 412
    assert [row["name"] for row in api(rae).get("/api/views/?kind=deals").json()["results"]] == ["Big ones"]
    assert api(remy).get("/api/views/").json()["results"] == []
    for refused in (api(rae).patch(where, {"name": "Mine"}, etag="*"), api(rae).delete(where, etag="*")):
        assert refused.status_code == 403
    assert hers.delete(where, etag=shared["ETag"]).status_code == 204
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "wrong,field,said",
    [
        ({"query": "mood=good"}, "query", "There is no filter “mood”."),
        ({"query": "columns=password"}, "query", "There is no column “password”."),
        ({"kind": "moods"}, "kind", "There is no such list. There is: deals, accounts, contacts."),
        ({"colour": "red"}, "colour", "There is no such field."),
    ],
)
def test_a_view_that_means_nothing_is_refused(api, rae, wrong, field, said):
    answer = api(rae).post("/api/views/", VIEW | wrong)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][field][0].startswith(said)
    assert not SavedView.objects.exists()
    assert api(rae).get("/api/views/?kind=moods").status_code == 400
    assert api(rae).get("/api/views/?mood=good").status_code == 400


def test_deals_get_a_close_date_by_filter_with_progress_and_undo(api, rae, deal, run_jobs):
    make_deal(rae, "Edge pilot", deal.account, stage="prospect")
    body = {"kind": "deals", "action": "close_date", "filter": {"stage": "prospect"}, "value": "2027-03-31"}
    asked = api(rae).post("/api/bulk-changes/", body)
    assert asked.status_code == 201
    where = asked["Location"]
    assert (asked.json()["state"], asked.json()["value_name"], asked.json()["changed"]) == ("working", "31 Mar 2027", 0)
    assert api(rae).post(f"{where}undo/").status_code == 409
    run_jobs()
    done = api(rae).get(where).json()
    assert (done["state"], done["changed"], done["skipped"]) == ("done", 1, 0)
    row = api(rae).get(f"{where}outcomes/?show=changed").json()["results"][0]
    assert (row["name"], row["before"], row["after"]) == ("Edge pilot", "2026-12-31", "2027-03-31")
    assert api(rae).get(f"/api/jobs/{done['job']}/").json()["state"] == "done"
    assert api(rae).post(f"{where}undo/").json()["state"] == "undoing"
    run_jobs()
    assert api(rae).get(where).json()["state"] == "undone"
    assert set(Deal.objects.values_list("close_date", flat=True)) == {dt.date(2026, 12, 31)}


@pytest.mark.parametrize(
    "body,field",
    [
        ({}, "ids"),
        ({"ids": [1], "filter": {}}, "ids"),
        ({"ids": []}, "ids"),
        ({"filter": {"stge": "prospect"}}, "filter"),
        ({"filter": {"stage": "courtship"}}, "filter"),
        ({"filter": {"stage": ""}}, "filter.stage"),
        ({"filter": {"sort": "name"}}, "filter"),
        ({"filter": {}, "value": "20270331"}, "value"),
        ({"filter": {}, "value": True}, "value"),
        ({"filter": {}, "action": "owner", "value": "rae"}, "value"),
        ({"filter": {}, "action": "marry"}, "action"),
        ({"filter": {}, "columns": ["name"]}, "columns"),
        ({"filter": {}, "action": "export"}, "value"),
    ],
)
def test_a_change_that_does_not_say_what_it_means_changes_nothing(api, mona, deal, run_jobs, body, field):
    asked = {"kind": "deals", "action": "close_date", "value": "2027-03-31", **body}
    answer = api(mona).post("/api/bulk-changes/", asked)
    assert answer.status_code == 422, answer.json()
    assert list(answer.json()["error"]["fields"]) == [field]
    assert not BulkChange.objects.exists()
    assert run_jobs() == 0
    assert Deal.objects.get(pk=deal.pk).version == 1


def test_accounts_get_an_owner_and_are_exported(api, rae, mona, eve, run_jobs):
    account = make_account("Borea Steel")
    body = {"kind": "accounts", "action": "owner", "ids": [account.pk], "value": mona.pk}
    assert api(eve).post("/api/bulk-changes/", body).status_code == 403
    assert api(rae).post("/api/bulk-changes/", body).json()["value_name"] == "Mona Test"
    run_jobs()
    account.refresh_from_db()
    assert account.owner == mona
    export = {"kind": "accounts", "action": "export", "filter": {"q": "borea"}, "columns": ["owner", "segment"]}
    where = api(rae).post("/api/bulk-changes/", export)["Location"]
    assert api(rae).get(f"{where}file/").status_code == 409
    run_jobs()
    answer = api(rae).get(f"{where}file/")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:] == [
        "Borea Steel,Mona Test,Enterprise IT"
    ]
    assert api(mona).get(f"{where}file/").status_code == 404
    assert api(rae).post("/api/bulk-changes/", export | {"columns": ["mood"]}).status_code == 422


def test_what_one_sees_no_longer_is_shown_no_longer(api, rae, deal, run_jobs):
    where = api(rae).post("/api/bulk-changes/", {"kind": "contacts", "action": "export", "filter": {}})["Location"]
    run_jobs()
    rae.roles = ["viewer"]
    rae.save()
    assert api(rae).get(where).status_code == 404
    assert api(rae).get(f"{where}file/").status_code == 404
