"""Reports of very many deals: made by a worker, waited for on the page and by the API, the same figures in the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Job, JobState, Person
from crm.services import jobs
from reports.forms import asked
from reports.kinds import report_kinds
from reports.models import StandingReport
from reports.queries import pipeline
from reports.rules.keeping import read, written
from reports.services import built
from tests.reports.book import book as book
from tests.reports.book import day

PAGE = reverse("reports:report-page", args=["pipeline"])
API = "/api/reports/pipeline/"
AS_OF = {"as_of": day(30)}
LIVE = {"HX-Request": "true", "HX-Live": "true"}


@pytest.fixture(autouse=True)
def settled(book: Any, run_jobs: Any) -> None:
    """What creating deals asks of workers is done."""
    run_jobs()


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three deals are very many."""
    monkeypatch.setattr(built, "MANY", {"open": 0, "closed": 0})


def ours() -> list[Job]:
    return list(Job.objects.filter(task=built.TASK).order_by("pk"))


def test_nothing_is_lost_by_keeping(book: Any, sue: Person):
    for key in ("pipeline", "changes", "wins"):
        kind = report_kinds.get(key)
        report = kind.build(asked(sue, AS_OF, asks=kind.asks, by=kind.by)[0])
        assert read(written(report)) == report


def test_a_page_waits_for_its_worker_and_then_says_what_it_would_have_said(
    book: Any, sue: Person, sign_in: Any, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
):
    client: Client = sign_in(sue)
    inline = client.get(API, AS_OF).json()
    monkeypatch.setattr(built, "MANY", {"open": 0, "closed": 0})
    page = client.get(PAGE, AS_OF).content.decode()
    assert "Adding up very many deals" in page
    assert "191,666.66" not in page
    client.get(PAGE, AS_OF)  # left, and come back to: one job
    (job,) = ours()
    assert (job.state, job.created_by) == (JobState.QUEUED, sue)
    token = f"{job.pk}-queued-0"
    assert f'data-live-token="{token}"' in page
    assert client.get(PAGE, {**AS_OF, "token": token}, headers=LIVE).status_code == 204
    assert run_jobs() == 1
    told = client.get(PAGE, {**AS_OF, "token": token}, headers=LIVE).content.decode()
    assert "The report is there" in told
    again = client.get(PAGE, {**AS_OF, "there": "1"}, headers={"HX-Request": "true"})
    assert (again.status_code, again["HX-Refresh"]) == (204, "true")
    page = client.get(PAGE, AS_OF).content.decode()
    assert "191,666.66" in page
    assert "it stands for five minutes" in page
    made = client.get(API, AS_OF).json()
    assert inline | {"made_at": ""} == made | {"made_at": ""}
    file = client.get(reverse("reports:report-file", args=["pipeline", "stages", "csv"]), AS_OF)
    assert "191666.66" in file.getvalue().decode()
    assert len(ours()) == 1


def test_the_api_says_where_and_when_to_look_again(many: None, book: Any, sue: Person, sign_in: Any, run_jobs: Any):
    client: Client = sign_in(sue)
    answer = client.get(API, {**AS_OF, "anew": "1"})
    assert (answer.status_code, answer["Retry-After"]) == (202, "2")
    said = answer.json()
    assert said["status"] == "queued"
    assert said["url"] == f"http://testserver{API}?as_of={day(30)}"
    assert client.get(said["url"]).status_code == 202
    assert run_jobs() == 1
    first = client.get(said["url"]).json()
    assert client.get(API, {**AS_OF, "anew": "1"}).status_code == 202
    assert run_jobs() == 1
    assert client.get(said["url"]).json()["made_at"] > first["made_at"]
    assert StandingReport.objects.count() == 1


def test_each_reader_has_their_own(many: None, book: Any, sue: Person, mona: Person, sign_in: Any, run_jobs: Any):
    for who in (sue, mona):
        assert sign_in(who).get(API, AS_OF).status_code == 202
    assert run_jobs() == 2
    totals = [sign_in(who).get(API, AS_OF).json()["tables"] for who in (sue, mona)]
    assert totals[0] != totals[1]
    # Who got another role meanwhile asks another question; what was made for the old one is not shown.
    Person.objects.filter(pk=sue.pk).update(roles=["enablement"])
    sue.refresh_from_db()
    assert sign_in(sue).get(API, AS_OF).status_code == 202


def test_one_asked_with_other_roles_is_not_built(many: None, book: Any, sue: Person, sign_in: Any, run_jobs: Any):
    sign_in(sue).get(PAGE, AS_OF)
    Person.objects.filter(pk=sue.pk).update(roles=["enablement"])
    assert run_jobs() == 1
    assert not StandingReport.objects.exists()


def test_a_killed_worker_is_followed_by_another_and_twice_is_once(
    many: None, book: Any, sue: Person, sign_in: Any, run_jobs: Any
):
    client: Client = sign_in(sue)
    client.get(PAGE, AS_OF)
    (job,) = ours()
    assert jobs.claim(job.pk) is not None  # and the worker dies
    assert "working" in client.get(PAGE, AS_OF).content.decode()
    late = timezone.now() + jobs.STALE_AFTER + dt.timedelta(seconds=1)
    sent: list[Job] = []
    assert jobs.sweep(now=late, sender=sent.append) == 1
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - jobs.STALE_AFTER * 2)
    for _ in range(2):
        from reports.tasks import build_report

        build_report(sent[0].pk)
    assert client.get(API, AS_OF).status_code == 200
    assert (len(ours()), StandingReport.objects.count()) == (1, 1)


def test_one_that_fails_is_said_and_tried_again_when_asked(
    many: None, book: Any, sue: Person, sign_in: Any, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
):
    client: Client = sign_in(sue)
    client.get(PAGE, AS_OF)
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "attention_tables", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_jobs()
    page = client.get(PAGE, AS_OF).content.decode()
    assert "could not be made" in page
    assert client.get(API, AS_OF).status_code == 503
    assert len(ours()) == 1
    answer = client.get(PAGE, {**AS_OF, "anew": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?as_of={day(30)}")
    assert run_jobs() == 1
    assert client.get(API, AS_OF).status_code == 200


def test_a_file_leads_to_the_page_that_waits(many: None, book: Any, sue: Person, sign_in: Any):
    client: Client = sign_in(sue)
    answer = client.get(reverse("reports:report-file", args=["pipeline", "all", "xlsx"]), AS_OF, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?as_of={day(30)}", 302)]
    assert "Its files are there once it is" in answer.content.decode()
    assert len(ours()) == 1
