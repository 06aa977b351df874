"""Reports as PDFs: the figures of the page, made by a worker, for whoever asked alone."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Company, Job, JobState, Notification, Person, PlaybookVersion
from crm.services import jobs
from reports.documents import printing
from reports.kinds import report_kinds
from reports.models import Paper
from reports.paper_kinds import pack_of, packs_for
from reports.paper_parts import parts_of
from reports.services import paper_files, report_papers
from reports.services.paper_shelf import shown
from tests.reports.book import book as book
from tests.reports.book import day
from tests.reports.conftest import pages_of

AS_OF = day(35)


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.PAPERS_ROOT = tmp_path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been printed, for tests that are not about printing: laying out takes a second."""
    seen: list[str] = []

    def instead(html: str, **_: Any) -> tuple[bytes, int]:
        seen.append(html)
        return b"%PDF-1.7 drawn", 3

    monkeypatch.setattr(printing, "pdf_with_pages", instead)
    return seen


def ask(client: Client, key: str = "pipeline", **query: str) -> Paper:
    answer = client.post(reverse("reports:paper-ask", args=[key]), query_params=query or {"as_of": AS_OF})
    assert answer.status_code == 302, answer.content
    paper = Paper.objects.latest("pk")
    assert answer["Location"] == reverse("reports:paper-detail", args=[paper.pk])
    return paper


def files() -> list[Path]:
    return sorted(settings.PAPERS_ROOT.glob("*")) if settings.PAPERS_ROOT.exists() else []


def ours() -> QuerySet[Job]:
    return Job.objects.filter(task=report_papers.TASK)


def told() -> QuerySet[Notification]:
    return Notification.objects.filter(kind="report")


def figures(report: dict[str, Any]) -> set[str]:
    """Every amount of a report, as paper writes it."""
    found = set()
    for table in report["tables"]:
        money = [place for place, column in enumerate(table["columns"]) if column["kind"] == "money"]
        for row in table["rows"]:
            found |= {f"{Decimal(row['values'][place]):,.2f}" for place in money if row["values"][place] is not None}
    return found


def test_every_paper_says_what_the_api_says(book, sue, sign_in, run_jobs, printer):
    client, seen = sign_in(sue), set()
    for pack in packs_for(sue.roles):
        paper = ask(client, pack.key)
        run_jobs()
        paper.refresh_from_db()
        assert (paper.state, paper.said) == ("done", ""), pack.key
        pdf = client.get(reverse("reports:paper-file", args=[paper.pk])).getvalue()
        text = pages_of(pdf)
        assert len(text) == paper.pages
        words = "".join("\n".join(text).split()).replace("\u2212", "-")
        for kind, asked in parts_of(pack, sue, paper.asked, timezone.now()):
            query = {name: value for name, value in asked.given().items() if name in kind.asks}
            answer = client.get(f"/api/reports/{kind.key}/", query).json()
            missing = {one for one in figures(answer) if one not in words}
            assert missing == set(), f"{pack.key}: {kind.key}"
            seen |= figures(answer)
        of_a_day = "as_of" in report_kinds.get(pack.key).asks  # a review is of a quarter, up to its last day
        assert (dt.date.fromisoformat(AS_OF).strftime("%-d%B%Y") in words) == of_a_day
    assert "191,666.66" in seen


def test_one_leaves_and_comes_back(book, drawn, rae, sign_in, run_jobs, django_capture_on_commit_callbacks):
    client = sign_in(rae)
    assert "No papers yet" in client.get("/reports/papers/").content.decode()
    paper = ask(client, as_of=AS_OF, by="owner", nonsense="1")
    assert paper.asked == {"as_of": AS_OF, "by": "owner"}
    assert ask(client, as_of=AS_OF, by="owner").pk == paper.pk  # pressed twice
    page = client.get(reverse("reports:paper-detail", args=[paper.pk])).content.decode()
    assert 'data-live-token="queued-0"' in page
    assert client.get(reverse("reports:paper-file", args=[paper.pk])).status_code == 404
    run_jobs()
    paper.refresh_from_db()
    assert (paper.state, paper.pages, paper.size, paper.roles) == ("done", 3, 14, ["rep"])
    assert paper.finished_at is not None
    assert paper.kept_until == paper.finished_at + dt.timedelta(days=90)
    assert ours().values_list("done", "total").get() == (3, 3)  # two reports, and their layout
    file = client.get(reverse("reports:paper-file", args=[paper.pk]))
    assert (file.getvalue(), file["Content-Disposition"]) == (
        b"%PDF-1.7 drawn",
        f'attachment; filename="pipeline-review-{AS_OF}.pdf"',
    )
    assert "Rae Test" in drawn[0]
    assert "Save the PDF" in client.get(reverse("reports:paper-detail", args=[paper.pk])).content.decode()
    assert not told().exists()  # it took no time
    assert client.post(reverse("reports:paper-again", args=[paper.pk])).status_code == 302
    assert ours().count() == 1  # it is there
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("reports:paper-delete", args=[paper.pk]))
    assert (files(), Paper.objects.exists()) == ([], False)


def test_the_cover_names_what_it_is_made_of(book, drawn, mona, east, sign_in, run_jobs):
    Company.objects.update_or_create(defaults={"time_zone": "Asia/Tokyo"})
    ask(sign_in(mona), as_of=AS_OF, since=day(10), team=str(east.pk))
    run_jobs()
    cover = drawn[0].partition('class="cover"')[2].partition("</section>")[0]
    lines = dict(re.findall('<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', cover))
    made = re.fullmatch(r"(\d+ \w+ \d{4}), \d\d:\d\d", lines.pop("Made on"))
    assert made is not None
    assert made[1] == timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).strftime("%-d %B %Y")
    assert lines == {
        "As of": "6 July 2026, end of day",
        "Time zone": "Asia/Tokyo",
        "Team": "East",
        "Changes since": "the beginning of 11 Jun 2026 (What changed)",
        "Currency": "USD",
        "Playbook": f"version {PlaybookVersion.objects.latest('number').number}",
        "Made for": "Mona Test",
    }


def test_nobody_else_has_it_and_who_sees_less_by_now_has_it_no_more(book, drawn, mona, sue, sign_in, run_jobs):
    paper = ask(sign_in(mona))
    run_jobs()
    addresses = [reverse(f"reports:paper-{noun}", args=[paper.pk]) for noun in ("detail", "file")]
    assert [sign_in(sue).get(address).status_code for address in addresses] == [404, 404]
    assert [sign_in(mona).get(address).status_code for address in addresses] == [200, 200]
    for roles in (["rep"], ["enablement"], []):  # her own alone; counts alone; nothing
        Person.objects.filter(pk=mona.pk).update(roles=roles)
        assert [sign_in(mona).get(address).status_code for address in addresses] == [404, 404], roles
    Person.objects.filter(pk=mona.pk).update(roles=["vp"])
    assert sign_in(mona).get(addresses[1]).status_code == 200


def test_a_role_lost_before_it_is_made_stops_it(book, drawn, mona, sign_in, run_jobs):
    paper = ask(sign_in(mona))
    Person.objects.filter(pk=mona.pk).update(roles=[])
    run_jobs()
    paper.refresh_from_db()
    assert (paper.state, paper.said, paper.file, drawn) == ("failed", report_papers.NO_LONGER, "", [])


def test_a_second_worker_leaves_one_file_and_a_killed_one_none(book, drawn, rae, sign_in, run_jobs, monkeypatch):
    paper = ask(sign_in(rae))
    first = jobs.claim(ours().get().pk)
    assert first is not None

    def killed(made: bytes) -> str:
        raise SystemExit  # as close to kill -9 as a process that lives on comes

    with monkeypatch.context() as dying:
        dying.setattr(paper_files, "keep", killed)
        with pytest.raises(SystemExit):
            report_papers.perform_or_say(first, parts_of)
    paper.refresh_from_db()
    assert (paper.state, files()) == ("running", [])
    ours().update(beat_at=timezone.now() - dt.timedelta(minutes=5))
    jobs.sweep(sender=lambda job: None)
    second = jobs.claim(first.pk)
    assert second is not None
    slow = Paper.objects.get()  # as a worker has read it that is still at it when the next one is ready
    report_papers.perform(second, parts_of)
    kept = files()
    assert Paper.objects.get().file == kept[0].name
    assert report_papers._named(slow, "0" * 32, 1, 1) is False
    report_papers.perform(first, parts_of)
    assert files() == kept
    assert Paper.objects.get().file == kept[0].name


def test_what_goes_wrong_is_said_and_tried_again(book, drawn, rae, sign_in, run_jobs, monkeypatch):
    client = sign_in(rae)
    paper = ask(client)
    with monkeypatch.context() as broken:
        broken.setattr(printing, "pdf_with_pages", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_jobs()
    paper.refresh_from_db()
    assert (paper.state, paper.said) == ("failed", report_papers.BROKE)
    assert told().get().url == reverse("reports:paper-detail", args=[paper.pk])
    assert "It could not be made" in client.get(told().get().url).content.decode()
    client.post(reverse("reports:paper-again", args=[paper.pk]))
    run_jobs()
    paper.refresh_from_db()
    assert (paper.state, paper.asked["as_of"]) == ("done", AS_OF)
    Job.objects.update(state=JobState.FAILED)
    Paper.objects.update(state="running", file="")
    paper.refresh_from_db()
    assert shown(paper, rae, timezone.now()).state == "failed"  # given up by the sweep, which knows of no papers


def test_who_waited_long_is_told_once(book, drawn, rae, sign_in, run_jobs):
    paper = ask(sign_in(rae))
    Paper.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=30))
    run_jobs()
    assert [(one.to, one.text) for one in told()] == [(rae, "Pipeline review is ready as a PDF.")]
    assert told().get().url == reverse("reports:paper-detail", args=[paper.pk])


def test_after_ninety_days_the_file_goes(book, drawn, rae, sign_in, run_jobs):
    client = sign_in(rae)
    paper = ask(client)
    run_jobs()
    stray = settings.PAPERS_ROOT / ("1" * 32)
    stray.write_bytes(b"of a worker that died")
    assert paper_files.sweep(timezone.now() + dt.timedelta(days=89)) == 1  # the stray one
    assert len(files()) == 1
    assert paper_files.sweep(timezone.now() + dt.timedelta(days=91)) == 1
    paper.refresh_from_db()
    assert (files(), paper.state, paper.file) == ([], "done", "")
    assert client.get(reverse("reports:paper-file", args=[paper.pk])).status_code == 404
    assert "ninety days are over" in client.get(reverse("reports:paper-detail", args=[paper.pk])).content.decode()
    client.post(reverse("reports:paper-again", args=[paper.pk]))
    run_jobs()
    assert len(files()) == 1


def test_a_paper_there_is_not(rae, charlie, sign_in):
    assert sign_in(rae).post(reverse("reports:paper-ask", args=["nothing"])).status_code == 404
    assert sign_in(charlie).post(reverse("reports:paper-ask", args=["pipeline"])).status_code == 404
    assert pack_of("nothing") is None
    assert not Paper.objects.exists()
