"""What is written about a record goes into the bin with it, and comes back with it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from activities.models import Task
from activities.services.files import attach_files
from activities.services.handing_over import TASKS
from activities.services.notes import create_note
from activities.services.reminders import remind
from activities.services.tasks import create_task
from crm.services.audit import Act
from tests.activities.conftest import KINDS
from tests.activities.test_files import upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["rae", "otto"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_about_a_deleted_record_is_shown(kind, who, records, act, cast, browse):
    about, record = (kind, records[kind].pk), records[kind]
    note = create_note(act=act, about=about, values={"body": "Said so."})
    task = create_task(act=act, about=about, values={"title": "Call Ana", "owner": cast[who]})
    file = attach_files(act=act, about=about, uploads=[upload()])[0]
    paths = [f"/notes/{note.pk}/", f"/tasks/{task.pk}/", f"/files/{file.pk}/content/"]
    page = browse(cast[who])
    assert [page.get(path).status_code for path in paths] == [200] * 3
    type(record).everything.filter(pk=record.pk).update(deleted_at=timezone.now())
    assert [page.get(path).status_code for path in paths] == [404] * 3
    assert "Call Ana" not in page.text("/tasks/")
    type(record).everything.filter(pk=record.pk).update(deleted_at=None)
    assert [page.get(path).status_code for path in paths] == [200] * 3


def test_tasks_about_what_is_in_the_bin_remind_nobody_and_are_handed_over_all_the_same(act, about, deal, rae, otto):
    task = create_task(act=act, about=about, values={"title": "Call Ana", "due_date": timezone.now().date()})
    Task.objects.filter(pk=task.pk).update(notify_at=timezone.now())
    deal.deleted_at = timezone.now()
    deal.save()
    assert remind() == 0
    assert TASKS.move(Act(by=otto), rae.pk, otto.pk, 10) == 1
