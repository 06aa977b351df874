"""Papers by mail: once for each due moment, for each person with their own eyes."""

from __future__ import annotations

import datetime as dt
import html
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import AuditEntry, Company, Notification, NotificationSettings, OutboxMessage, Person
from crm.queries import company as companies
from reports.models import Paper, PaperSchedule, ScheduledPaper
from reports.queries.papers import papers_of
from reports.services import schedule_runs, schedules
from tests.reports.book import book as book
from tests.reports.test_papers import drawn as drawn

MONDAY = {"rhythm": "weekly", "weekday": "0", "hour": "7", "to_team": ""}
NEW = reverse("reports:schedule-new", args=["pipeline"])


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.PAPERS_ROOT = tmp_path


def set_up(client: Client, **changed: Any) -> PaperSchedule:
    answer = client.post(NEW, {**MONDAY, **changed})
    assert answer.status_code == 302, answer.content
    return PaperSchedule.objects.latest("pk")


def later(schedule: PaperSchedule, **delta: int) -> dt.datetime:
    assert schedule.next_due_at is not None
    return schedule.next_due_at + dt.timedelta(**delta)


def test_it_comes_once_with_a_link(book, drawn, mona, sign_in, run_jobs):
    Person.objects.filter(pk=mona.pk).update(time_zone="Europe/Berlin", email="mona@example.com")
    client = sign_in(mona)
    schedule = set_up(client, by="owner", as_of="2020-01-01")
    assert schedule.asked == {"by": "owner"}  # never of one day
    due = schedule.next_due_at
    assert due is not None
    assert (due.astimezone(mona.zone.__class__("Europe/Berlin")).strftime("%A %H"), due > timezone.now()) == (
        "Monday 07",
        True,
    )
    assert "Every Monday at 07:00" in client.get(reverse("reports:schedule-list")).content.decode()
    assert schedule_runs.run_due(due - dt.timedelta(seconds=1)) == 0
    assert schedule_runs.run_due(due) == 1
    PaperSchedule.objects.update(next_due_at=due)  # a worker that was killed before it said so
    assert schedule_runs.run_due(due) == 0
    schedule.refresh_from_db()
    assert schedule.next_due_at is not None
    assert dt.timedelta(days=6) < schedule.next_due_at - due < dt.timedelta(days=8)
    paper = Paper.objects.get()
    assert (paper.made_for, paper.asked["by"]) == (mona, "owner")
    assert paper.asked["as_of"] == companies.day_of(companies.company(), due).isoformat()
    run_jobs()
    mail = OutboxMessage.objects.get(key__startswith="paper:")
    assert mail.to == "mona@example.com"
    assert reverse("reports:paper-detail", args=[paper.pk]) in mail.text
    assert not Notification.objects.filter(kind="report").exists()
    run_jobs()
    assert OutboxMessage.objects.filter(key__startswith="paper:").count() == 1


def test_weeks_asleep_are_made_up_for_once(book, drawn, rae, sign_in):
    schedule = set_up(sign_in(rae))
    now = later(schedule, days=24)
    assert schedule_runs.run_due(now) == 1
    sent = ScheduledPaper.objects.get()
    assert sent.due_at == later(schedule, days=21)
    schedule.refresh_from_db()
    assert schedule.next_due_at == sent.due_at + dt.timedelta(days=7)


def test_each_of_a_team_sees_what_is_theirs(book, drawn, mona, rae, remy, east, sign_in, run_jobs):
    schedule = set_up(sign_in(mona), to_team=str(east.pk), owner=str(rae.pk))
    now = later(schedule, hours=1)
    gone = Person.objects.create(username="gone", roles=["rep"], team=east, is_active=False)
    nobody = Person.objects.create(username="nobody", roles=[], team=east)
    deaf = Person.objects.create(username="deaf", roles=["rep"], team=east)
    NotificationSettings.objects.create(person=deaf, muted=["report"])
    asked = schedule_runs.run_due(now)
    people = set(ScheduledPaper.objects.values_list("made_for__username", flat=True))
    assert people == {mona.username, rae.username}
    assert asked == 2
    run_jobs()
    assert all(not papers_of(one).exists() for one in (gone, nobody, deaf, remy))
    hers = papers_of(rae).get()
    assert (hers.state, hers.roles) == ("done", ["rep"])
    assert sign_in(mona).get(reverse("reports:paper-file", args=[hers.pk])).status_code == 404
    assert sign_in(rae).get(reverse("reports:paper-file", args=[hers.pk])).status_code == 200


@pytest.mark.parametrize(
    "changed, to_team, because",
    [
        ({"roles": []}, False, "Your role does not include this report. Operations can change roles."),
        ({"roles": ["rep"]}, True, "You no longer lead that team."),
    ],
)
def test_it_rests_where_its_owner_may_no_more_and_says_so(changed, to_team, because, book, mona, east, sign_in):
    schedule = set_up(sign_in(mona), to_team=str(east.pk) if to_team else "")
    Person.objects.filter(pk=mona.pk).update(**changed)
    now = later(schedule, hours=1)
    assert (schedule_runs.run_due(now), schedule_runs.run_due(now)) == (0, 0)
    schedule.refresh_from_db()
    assert (schedule.next_due_at, schedule.resting_because) == (None, because)
    assert [one.text for one in Notification.objects.filter(kind="report")] == [
        f"Pipeline review no longer comes by mail. {because}"
    ]
    assert not Paper.objects.exists()


def test_a_day_no_quarter_has_is_refused_and_one_it_has_no_more_rests(book, drawn, mona, sign_in):
    client, late = sign_in(mona), {"rhythm": "before_qbr", "days_before": "30"}
    schedule = set_up(client, **late)
    Company.objects.update(working_hours={"0": ["09:00", "17:00"]})  # Mondays alone: a quarter has thirteen
    refused = client.post(NEW, {**MONDAY, **late})
    assert (refused.status_code, PaperSchedule.objects.count()) == (422, 1)
    assert "No quarter has that many of the company's working days." in html.unescape(refused.content.decode())
    assert schedule_runs.run_due(later(schedule, hours=1)) == 0
    schedule.refresh_from_db()
    assert (schedule.next_due_at, schedule.resting_because) == (None, schedules.NEVER)
    assert not Paper.objects.exists()


def test_who_left_gets_nothing(book, mona, sign_in):
    schedule = set_up(sign_in(mona))
    Person.objects.filter(pk=mona.pk).update(is_active=False)
    assert schedule_runs.run_due(later(schedule, hours=1)) == 0
    schedule.refresh_from_db()
    assert schedule.next_due_at is None
    assert not Paper.objects.exists()


def test_it_is_changed_paused_and_ended_by_its_owner_alone(mona, rae, west, sign_in):
    client = sign_in(mona)
    schedule = set_up(client)
    edit, pause, end = (reverse(f"reports:schedule-{noun}", args=[schedule.pk]) for noun in ("edit", "pause", "end"))
    for other in (sign_in(rae).get(edit), sign_in(rae).post(pause, {"rest": "1"}), sign_in(rae).post(end)):
        assert other.status_code == 404
    changed = {
        "rhythm": "before_qbr",
        "days_before": "5",
        "month_day": "99",
        "hour": "9",
        "version": "1",
    }  # a day of another rhythm
    assert client.post(edit, changed).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.rhythm, schedule.day, schedule.hour, schedule.version) == ("before_qbr", 5, 9, 2)
    assert client.post(edit, changed).status_code == 409  # of two windows the second
    for wrong in (
        {**MONDAY, "rhythm": "monthly", "month_day": "31", "version": "2"},
        {**MONDAY, "rhythm": "monthly", "month_day": "", "version": "2"},
        {**MONDAY, "to_team": str(west.pk), "version": "2"},
    ):
        assert client.post(edit, wrong).status_code == 422, wrong
    client.post(pause, {"rest": "1"})
    schedule.refresh_from_db()
    assert (schedule.next_due_at, schedule.day) == (None, 5)
    client.post(pause)
    schedule.refresh_from_db()
    assert schedule.next_due_at is not None
    client.post(end)
    assert not PaperSchedule.objects.exists()
    told = AuditEntry.objects.filter(kind="paper_schedule").order_by("pk").values_list("verb", flat=True)
    assert list(told) == ["created", "changed", "changed", "changed", "deleted"]


def test_over_the_api_the_same(mona, rae, east, sign_in):
    client, other = sign_in(mona), sign_in(rae)
    address = "/api/paper-schedules/"
    body = {"kind": "pipeline", "asked": {"by": "team"}, "rhythm": "monthly", "day": 3, "to_team": east.pk}
    made = client.post(address, body, content_type="application/json")
    assert made.status_code == 201, made.content
    said = made.json()
    assert {name: said[name] for name in (*body, "hour", "active")} == body | {"hour": 7, "active": True}
    one = made["Location"]
    for wrong, field in (
        ({"day": 31}, "day"),
        ({"hour": 24}, "hour"),
        ({"asked": {"as_of": "2026-01-01"}}, "asked"),
        ({"to_team": 10**6}, "to_team"),
        ({"kind": "wins"}, "kind"),
    ):
        refused = client.patch(one, wrong, content_type="application/json", headers={"If-Match": "*"})
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, [field])
    assert client.patch(one, {"active": False}, content_type="application/json").status_code == 428
    rests = client.patch(
        one, {"active": False, "hour": 9}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert (rests.status_code, rests.json()["active"], rests.json()["hour"]) == (200, False, 9)
    stale = client.patch(one, {"hour": 10}, content_type="application/json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (other.get(one).status_code, other.get(address).json()["results"]) == (404, [])
    assert client.delete(one, headers={"If-Match": "*"}).status_code == 204


def test_a_paper_over_the_api(book, drawn, mona, sign_in, run_jobs):
    client = sign_in(mona)
    asked = {"kind": "pipeline", "asked": {"as_of": "2026-07-01"}}
    made = client.post("/api/papers/", asked, content_type="application/json")
    assert (made.status_code, made.json()["state"], made.json()["file"]) == (201, "queued", None)
    run_jobs()
    done = client.get(made["Location"]).json()
    assert (done["state"], done["pages"], done["asked"]) == ("done", 3, {"as_of": "2026-07-01"})
    assert client.get(done["file"]).status_code == 200
    wrong = client.post("/api/papers/", {**asked, "asked": {"as_of": "2999-01-01"}}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (422, ["asked"])
    assert [row["id"] for row in client.get("/api/papers/").json()["results"]] == [done["id"]]
