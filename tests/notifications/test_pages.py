"""The bell, the list, what one is told of; and what stays hidden once it is out of sight."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import AuditEntry, Notification, NotificationSettings
from deals.models import Deal
from tests.factories import make_news

pytestmark = pytest.mark.django_db


def test_the_bell_counts_what_is_unread_and_keeps_still_while_it_is_the_same(rae, remy, deal, browse):
    make_news(rae, deal)
    make_news(remy, deal)
    page = browse(rae)
    assert "</span>1<span" in page.text("/notifications/bell/")
    assert page.get("/notifications/bell/?token=1").status_code == 204
    Notification.objects.bulk_create(
        Notification(to=rae, kind="share", text="x", at=deal.created_at) for _ in range(120)
    )
    assert "99+" in page.text("/notifications/bell/")


def test_no_page_asks_for_the_number(rae, deal, browse):
    with CaptureQueriesContext(connection) as asked:
        text = browse(rae).text("/contacts/")
    assert 'hx-get="/notifications/bell/"' in text
    assert not [one for one in asked.captured_queries if "notification" in one["sql"]]


def test_opening_one_reads_it_and_leads_on(rae, remy, deal, browse):
    news = make_news(rae, deal)
    assert browse(remy).get(f"/notifications/{news.pk}/").status_code == 404
    answer = browse(rae).get(f"/notifications/{news.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/deals/{deal.pk}/")
    news.refresh_from_db()
    assert news.read_at is not None


def test_one_is_marked_read_and_unread_by_its_reader_alone(rae, remy, deal, browse):
    news = make_news(rae, deal)

    def unread():
        return Notification.objects.filter(read_at__isnull=True).count()

    browse(remy).post("/notifications/read/", {"id": news.pk})
    assert unread() == 1
    answer = browse(rae).post("/notifications/read/", {"id": news.pk, "back": "/notifications/?unread=1"})
    assert answer["Location"] == "/notifications/?unread=1"
    assert unread() == 0
    browse(rae).post("/notifications/read/", {"id": news.pk, "unread": "1", "back": "//evil.example/"})
    assert unread() == 1


def test_marking_all_leaves_what_came_after_the_page_was_made(rae, deal, browse):
    page = browse(rae)
    first = make_news(rae, deal)
    seen = first.at.isoformat()
    later = make_news(rae, deal)
    page.post("/notifications/read/", {"until": seen})
    assert list(Notification.objects.filter(read_at__isnull=True)) == [later]
    page.post("/notifications/read/", {"until": "nonsense"})
    assert not Notification.objects.filter(read_at__isnull=True).exists()


def test_the_list_is_filtered_by_kind_and_says_what_to_expect_where_it_is_empty(rae, deal, browse):
    page = browse(rae)
    assert "Nothing yet" in page.text("/notifications/")
    make_news(rae, deal, text="Of a mention")
    make_news(rae, deal, text="Of a share", kind="share")
    text = page.text("/notifications/", kind="share")
    assert "Of a share" in text
    assert "Of a mention" not in text
    assert "There is nothing of this sort." in page.text("/notifications/", kind="owner")


def test_what_somebody_lost_sight_of_tells_nothing_more(rae, remy, deal, browse):
    news = make_news(remy, deal, text="Secret words")
    text = browse(remy).text("/notifications/")
    assert "About something you no longer see" in text
    assert "Secret words" not in text
    answer = browse(remy).get(f"/notifications/{news.pk}/")
    assert answer["Location"] == "/notifications/"
    Deal.objects.filter(pk=deal.pk).update(owner=remy)
    assert "Secret words" in browse(remy).text("/notifications/")


def test_one_chooses_what_one_is_told_and_when(rae, browse):
    page = browse(rae)
    answer = page.post("/settings/notifications/", {"kinds": ["mention", "owner"], "digest": "weekly", "hour": "7"})
    assert answer.status_code == 302
    row = NotificationSettings.objects.get(person=rae)
    assert (row.muted[:3], row.digest, row.hour) == (["task_due", "lead_class", "share"], "weekly", 7)
    assert row.muted[3:] == ["approval_asked", "approval_decided", "card", "intel", "report"]
    audit = AuditEntry.objects.get(kind="person")
    assert audit.changes["notifications: digest"] == ["daily", "weekly"]
    refused = page.post("/settings/notifications/", {"kinds": ["mention"], "digest": "hourly", "hour": "25"})
    assert refused.status_code == 422
    row.refresh_from_db()
    assert (row.digest, row.hour) == ("weekly", 7)
