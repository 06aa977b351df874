"""The jobs page and a job's live progress."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from crm.models import Heartbeat, Job, Person
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


def make_job(key: str = "rescore", **values: Any) -> Job:
    given = {"task": "scoring.tasks.rescore_all", "label": "Lead scores", "state": "running", "done": 5, "total": 10}
    return Job.objects.create(key=key, **given | values)


@pytest.mark.parametrize("name, status", [("otto", 200), ("rae", 403), ("vera", 403), ("charlie", 404)])
def test_only_operations_sees_them_all(sign_in: SignIn, cast: dict[str, Person], name: str, status: int) -> None:
    job = make_job()
    assert sign_in(cast[name]).get("/jobs/").status_code == status
    for address in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/?token=x"):
        assert sign_in(cast[name]).get(address).status_code == (200 if name == "otto" else 404), address


def test_anybody_sees_the_jobs_they_asked_for(sign_in: SignIn, rae: Person, remy: Person) -> None:
    job = make_job(created_by=rae)
    assert sign_in(rae).get(f"/jobs/{job.pk}/").status_code == 200
    assert sign_in(remy).get(f"/jobs/{job.pk}/").status_code == 404


def test_a_job_that_is_not_there_is_404(sign_in: SignIn, otto: Person) -> None:
    assert sign_in(otto).get("/jobs/1/").status_code == 404


def test_the_page_asks_again_only_while_the_job_is_open(sign_in: SignIn, otto: Person) -> None:
    assert "data-live-url" in sign_in(otto).get(f"/jobs/{make_job().pk}/").content.decode()
    done = make_job("done", state="done")
    assert "data-live-url" not in sign_in(otto).get(f"/jobs/{done.pk}/").content.decode()


def test_progress_is_204_until_something_moved(sign_in: SignIn, otto: Person) -> None:
    job, browser = make_job(), sign_in(otto)
    token = browser.get(f"/jobs/{job.pk}/").context["token"]
    assert browser.get(f"/jobs/{job.pk}/?token={token}").status_code == 204
    Job.objects.update(done=6)
    answer = browser.get(f"/jobs/{job.pk}/?token={token}")
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<section class="sheet" id="job"')


def test_a_queue_whose_worker_is_gone_is_told(sign_in: SignIn, otto: Person) -> None:
    Heartbeat.objects.create(name="interactive", seen_at=timezone.now())
    make_job(state="queued", queue="bulk")
    page = sign_in(otto).get("/jobs/").content.decode()
    assert "No worker for the bulk queue has been seen yet; 1 job waits" in page
    assert "interactive queue" not in page


def test_by_state(sign_in: SignIn, otto: Person) -> None:
    make_job("a", state="failed", message="ValueError: no")
    make_job("b", state="done")
    rows = sign_in(otto).get("/jobs/?state=failed").context["page"].rows
    assert [job.key for job in rows] == ["a"]
    assert len(sign_in(otto).get("/jobs/?state=odd").context["page"].rows) == 2


def test_a_longer_list_asks_no_more(sign_in: SignIn, otto: Person, django_assert_max_num_queries) -> None:
    for number in range(60):
        make_job(str(number), created_by=otto)
    browser = sign_in(otto)
    with django_assert_max_num_queries(5):
        browser.get("/jobs/")
