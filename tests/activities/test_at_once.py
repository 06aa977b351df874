"""Tasks at the same moment, on connections of their own: a series goes on once, an owner is told once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from activities.models import Attachment, FileEvidence, Task
from activities.services import telling
from activities.services.evidence import choose
from activities.services.files import attach_files, delete_attachment
from activities.services.reminders import remind
from activities.services.tasks import complete_task, create_task, reopen_task
from crm.lib.errors import Invalid
from crm.models import AuditEntry
from crm.services.audit import Act
from deals.services.meddpicc import update_element
from tests.activities.test_files import upload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
SOON = 10.0
"""Seconds."""
NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


def together(*what: Callable[[], object]) -> list[Any]:
    """Does all of it as near to one moment as threads can; what each gave, or raised."""
    met = threading.Barrier(len(what), timeout=SOON)
    answers: list[Any] = [None] * len(what)

    def run(place: int, do: Callable[[], object]) -> None:
        try:
            met.wait()
            answers[place] = do()
        except Exception as error:  # noqa: BLE001 - given back, whatever it is
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(what)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    return answers


@pytest.fixture
def task(rae, about):
    values = {"title": "Check in", "due_date": NOW.date(), "repeats": "weekly"}
    return create_task(act=Act(by=rae, at=NOW - dt.timedelta(days=1)), about=about, values=values)


def test_a_series_done_twice_at_once_goes_on_once(rae, mona, task):
    done = [lambda by=by: complete_task(act=Act(by=by, at=NOW), task_id=task.pk) for by in (rae, mona, rae, mona)]
    (following,) = set(together(*done))
    assert isinstance(following, Task)
    assert (following.follows_id, following.due_date) == (task.pk, dt.date(2026, 3, 9))
    assert (Task.objects.count(), Task.objects.filter(done_at=None).count()) == (2, 1)
    assert AuditEntry.objects.filter(kind="task", verb="done").count() == 1


def test_done_and_open_again_at_once_leave_one_open_or_a_series_of_two(rae, mona, task):
    complete_task(act=Act(by=rae, at=NOW), task_id=task.pk)
    answers = together(
        lambda: reopen_task(act=Act(by=mona, at=NOW), task_id=task.pk),
        lambda: complete_task(act=Act(by=rae, at=NOW), task_id=task.pk),
    )
    assert not [one for one in answers if isinstance(one, Exception)]
    task.refresh_from_db()
    assert Task.objects.filter(follows=task).count() == (1 if task.is_done else 0)


def test_two_sweeps_tell_an_owner_once(task, monkeypatch):
    told: list[list[int]] = []
    monkeypatch.setattr(telling, "notify", lambda **said: told.append(said["to"]))
    assert sorted(together(*[lambda: remind(now=NOW)] * 3)) == [0, 0, 1]
    assert told == [[task.owner_id]]


def test_a_file_deleted_while_it_is_chosen_as_evidence_is_one_or_the_other(rae, about, deal):
    act = Act(by=rae)
    (row,) = attach_files(act=act, about=about, uploads=[upload()])
    element = update_element(act=act, deal_id=deal.pk, element="metrics", strength="claimed")
    chosen, gone = together(
        lambda: transaction.atomic(choose)(act, deal.pk, element.pk, [row.pk]),
        lambda: delete_attachment(act=act, attachment_id=row.pk),
    )
    assert gone is None
    assert isinstance(chosen, Invalid) or chosen == ([], ["plan.pdf"])
    assert (Attachment.objects.count(), FileEvidence.objects.count()) == (0, 0)
