"""A call with much text in review: a note is saved at once, and a worker makes the proposals anew."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calls.models import Notebook
from calls.rules.states import State
from calls.services import proposals
from calls.services.holding import end_call
from calls.services.importing import propose_anew
from calls.services.reviews import apply_review
from crm.models import Job
from crm.services.audit import Act
from tests.calls.conftest import by, note, write
from tests.calls.test_entries_page import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(live, rae, monkeypatch):
    """In review, with two proposals; one character more makes it long."""
    monkeypatch.setattr(proposals, "LONG", 60)
    write(live, rae, "/risk Their CFO leaves", "/action Send the sizing".ljust(38, "."))
    end_call(act=by(rae, 5), call_id=live.pk)
    live.refresh_from_db()
    return live


def labels(call) -> list[str]:
    return [one.label for one in call.proposals.filter(state="open")]


def test_up_to_its_size_a_call_proposes_with_the_note(long, rae, sign_in):
    assert sorted(labels(long)) == ["Red flag", "Send the sizing..............."]
    send(sign_in(rae), long, 0, note("", id=long.entries.get(text__startswith="/risk").pk, revision=2, deleted=True))
    assert labels(long) == ["Send the sizing..............."]
    assert not Job.objects.filter(task=proposals.TASK).exists()
    assert not proposals.is_behind(long)


def test_beyond_it_notes_are_saved_at_once_and_one_job_follows(long, rae, sign_in, run_jobs):
    page = sign_in(rae)
    changed, other = long.entries.get(text__startswith="/risk"), long.proposals.get(target="task")
    old = long.proposals.get(target="red_flag")
    send(page, long, 0, note("/risk Their CFO stays", id=changed.pk, revision=2), note("/risk No budget"))
    send(page, long, 0, note("/objection Too new"))
    job = Job.objects.get(task=proposals.TASK)
    assert (job.state, job.label) == ("queued", "Proposals are being made anew")
    assert long.proposals.count() == 2, "what they propose is not made while they are saved"
    url = reverse("calls:call-review", args=[long.pk])
    assert "Proposals are being made anew" in page.get(url).content.decode()

    def accept(one):
        decided = reverse("calls:proposal-decide", args=[long.pk, one.pk])
        one.refresh_from_db()
        return page.post(decided, {"verdict": "accepted", "version": one.version})

    refused = accept(old)
    assert (refused.status_code, proposals.BEHIND in refused.content.decode()) == (409, True)
    assert accept(other).status_code == 302, "its note is as it was"
    old.refresh_from_db()
    assert (old.state, old.after) == ("open", "Their CFO leaves")
    run_jobs()
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.state, old.after, other.state) == ("open", "Their CFO stays", "accepted")
    assert list(long.proposals.filter(state="open").order_by("entry__sequence").values_list("after", flat=True)) == [
        "Their CFO stays",
        "No budget",
        {"text": "Too new", "key": ""},
    ]
    assert accept(old).status_code == 302
    before = list(long.proposals.values_list("pk", "state", "version"))
    Job.objects.filter(pk=job.pk).update(state="queued")  # as a killed worker leaves it, after a while
    run_jobs()
    assert list(long.proposals.values_list("pk", "state", "version")) == before


def test_what_is_still_to_be_proposed_keeps_the_call_in_review(long, rae, sign_in):
    send(sign_in(rae), long, 0, note("/risk One more, and so it is long"))
    long.proposals.update(state="rejected", decided_at=long.ended_at)
    assert apply_review(act=by(rae, 9), call_id=long.pk) is None
    long.refresh_from_db()
    assert long.state == State.REVIEW


def test_what_is_written_while_a_worker_reads_is_left_to_the_job_it_asked_for(long, rae, monkeypatch, sign_in):
    page, read = sign_in(rae), proposals.look_through
    send(page, long, 0, note("/risk One more, and so it is long"))

    def meanwhile(call, *, now):
        made = read(call, now=now)
        send(page, long, 0, note("/risk Typed meanwhile"))
        return made

    monkeypatch.setattr("calls.services.importing.look_through", meanwhile)
    propose_anew(act=Act(by=None), call_id=long.pk)
    assert set(long.proposals.filter(target="red_flag").values_list("after", flat=True)) == {
        "Their CFO leaves",
        "One more, and so it is long",
    }
    notebook = Notebook.objects.get(pk=long.pk)
    assert (notebook.proposed, notebook.sequence) == (3, 4)
