"""The same by the API."""

from __future__ import annotations

import pytest

from crm.models import Notification
from deals.models import Deal
from tests.factories import make_news

pytestmark = pytest.mark.django_db


def post(client, body):
    return client.post("/api/notifications/read/", body, content_type="application/json")


def test_one_lists_ones_own_and_marks_them_read(rae, mona, deal, sign_in):
    first, second = make_news(rae, deal), make_news(rae, deal, kind="share")
    make_news(mona, deal)
    client = sign_in(rae)
    rows = client.get("/api/notifications/").json()["results"]
    assert [row["id"] for row in rows] == [second.pk, first.pk]
    assert rows[0]["url"] == f"/deals/{deal.pk}/"
    assert (rows[0]["about_kind"], rows[0]["about_id"], rows[0]["read_at"]) == ("deal", deal.pk, None)
    theirs = Notification.objects.get(to=mona).pk
    assert post(client, {"ids": [first.pk, theirs]}).json() == {"changed": 1, "unread": 1}
    assert [row["id"] for row in client.get("/api/notifications/?state=unread").json()["results"]] == [second.pk]
    assert post(client, {"ids": [first.pk], "read": False}).json() == {"changed": 1, "unread": 2}
    assert post(client, {}).json() == {"changed": 2, "unread": 0}
    assert Notification.objects.get(pk=theirs).read_at is None
    assert post(client, {"ids": ["x"]}).status_code == 422


def test_what_is_out_of_sight_is_not_named(rae, remy, deal, sign_in):
    make_news(remy, deal, text="Secret words")
    [row] = sign_in(remy).get("/api/notifications/").json()["results"]
    assert (row["text"], row["url"], row["about_id"]) == ("About something you no longer see", "", None)
    Deal.objects.filter(pk=deal.pk).update(owner=remy)
    [row] = sign_in(remy).get("/api/notifications/").json()["results"]
    assert (row["text"], row["about_id"]) == ("Secret words", deal.pk)
