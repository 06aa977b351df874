"""Papers and schedules that can't be, and those of somebody else: a sentence at the field, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import AuditEntry
from reports.models import Paper, PaperSchedule
from tests.reports.test_hostile import refused_at, refused_by_api

WEEKLY = {"rhythm": "weekly", "weekday": "0", "month_day": "1", "days_before": "1", "hour": "7", "to_team": ""}
SCHEDULES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"weekday": "7"}, {"weekday"}),
    ({"weekday": "Friday"}, {"weekday"}),
    ({"rhythm": "monthly", "month_day": "31"}, {"month_day"}),
    ({"rhythm": "monthly", "month_day": "9" * 5_000}, {"month_day"}),
    ({"rhythm": "before_qbr", "days_before": "-1"}, {"days_before"}),
    ({"rhythm": "daily"}, {"rhythm"}),
    ({"rhythm": "\x00"}, {"rhythm"}),
    ({"hour": "24"}, {"hour"}),
    ({"hour": "７"}, {"hour"}),
    ({"to_team": "99999999999999999999"}, {"to_team"}),
    ({"to_team": "somebody@example.com"}, {"to_team"}),
)


@pytest.mark.parametrize("changed, fields", SCHEDULES)
def test_a_schedule_that_can_not_be_is_refused_at_its_field(changed, fields, mona, sign_in):
    refused_at(sign_in(mona), reverse("reports:schedule-new", args=["pipeline"]), WEEKLY | changed, fields)


def test_a_schedule_over_the_api_is_refused_the_same(mona, west, sign_in):
    client = sign_in(mona)
    body = {"kind": "pipeline", "rhythm": "weekly", "day": 0}
    for changed, fields in (
        ({"day": 7}, {"day"}),
        ({"day": 2**70}, {"day"}),
        ({"day": None}, {"day"}),
        ({"hour": -1}, {"hour"}),
        ({"rhythm": "daily"}, {"rhythm"}),
        ({"to_team": west.pk}, {"to_team"}),
        ({"to_team": "somebody@example.com"}, {"to_team"}),
        ({"to_team": 2**70}, {"to_team"}),
        ({"kind": "nothing"}, {"kind"}),
        ({"kind": "\x00"}, {"kind"}),
        ({"asked": {"team": str(west.pk)}}, {"asked"}),
        ({"asked": {"by": "\x00"}}, {"asked.by"}),
        ({"asked": {"nonsense": "1"}}, {"asked"}),
        ({"asked": [1]}, {"asked"}),
        ({"asked": {"\ud800": "1"}}, {"asked"}),
        ({"mail": "somebody@example.com"}, {"mail"}),
    ):
        refused_by_api(client, "/api/paper-schedules/", body | changed, fields)
    for changed, fields in (({"kind": "nothing"}, {"kind"}), ({"asked": {"as_of": "9999-12-31"}}, {"asked"})):
        refused_by_api(client, "/api/papers/", {"kind": "pipeline"} | changed, fields)


def test_a_paper_of_somebody_else_is_not_there(mona, sue, sign_in):
    paper = Paper.objects.create(
        kind="pipeline", title="Pipeline review", made_for=mona, roles=mona.roles, asked_at=timezone.now()
    )
    other = sign_in(sue)
    for name, method in (("detail", other.get), ("file", other.get), ("again", other.post), ("delete", other.post)):
        assert method(reverse(f"reports:paper-{name}", args=[paper.pk])).status_code == 404, name
    assert other.get(f"/api/papers/{paper.pk}/").status_code == 404
    assert other.get(f"/api/papers/{2**70}/").status_code == 404
    assert Paper.objects.get().state == "queued"


def test_what_was_deleted_in_another_window_meanwhile_is_no_error(mona, sign_in, monkeypatch):
    """As of two presses of a button the second finds it."""
    client = sign_in(mona)
    paper = Paper.objects.create(
        kind="pipeline", title="Pipeline", made_for=mona, roles=mona.roles, asked_at=timezone.now()
    )
    client.post(reverse("reports:schedule-new", args=["pipeline"]), WEEKLY)
    schedule = PaperSchedule.objects.get()
    told = AuditEntry.objects.count()
    monkeypatch.setattr("reports.views.papers._mine", lambda *_: paper)
    monkeypatch.setattr("reports.views.schedules._mine", lambda *_: schedule)
    for times in (1, 2):
        assert client.post(reverse("reports:paper-delete", args=[paper.pk])).status_code == 302
        assert client.post(reverse("reports:schedule-end", args=[schedule.pk])).status_code == 302
        assert (Paper.objects.count(), PaperSchedule.objects.count(), AuditEntry.objects.count()) == (0, 0, told + 1), (
            times
        )
    assert client.post(reverse("reports:paper-again", args=[paper.pk])).status_code == 404
    assert client.post(reverse("reports:schedule-pause", args=[schedule.pk]), {"rest": "1"}).status_code == 404
