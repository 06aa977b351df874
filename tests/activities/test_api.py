"""Notes, tasks, activities and files through the API. Who may what is in the access table."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Attachment, Note, Task
from activities.services import storage
from activities.services.notes import create_note
from crm.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(rae, sign_in):
    client = sign_in(rae)

    class Api:
        def get(self, path, **query):
            return client.get(f"/api/{path}", query)

        def send(self, method, path, body=None, **headers):
            ask = getattr(client, method)
            return ask(f"/api/{path}", body or {}, content_type="application/json", headers=headers)

        def form(self, path, **values):
            return client.post(f"/api/{path}", values)

    return Api()


def fields(answer):
    return answer.json()["error"]["fields"]


def test_a_note_is_written_read_changed_and_deleted(api, deal, mona):
    made = api.send("post", "notes/", {"deal": deal.pk, "body": "Ask @mona."})
    assert made.status_code == 201
    note = made.json()
    assert (note["deal"], note["account"], note["mentions"], note["version"]) == (deal.pk, None, ["mona"], 1)
    path = made["Location"].removeprefix("/api/")
    changed = api.send("patch", path, {"body": "Ask nobody."}, **{"If-Match": made["ETag"]})
    assert (changed.json()["body"], changed.json()["version"]) == ("Ask nobody.", 2)
    assert api.send("patch", path, {"body": "Stale."}, **{"If-Match": made["ETag"]}).status_code == 412
    assert api.send("patch", path, {"body": "Unsaid."}).status_code == 428
    assert api.send("delete", path, **{"If-Match": "*"}).status_code == 204
    assert not Note.objects.exists()
    assert set(AuditEntry.objects.filter(kind="note").values_list("verb", "route")) == {
        ("created", "api"),
        ("changed", "api"),
        ("removed", "api"),
    }


@pytest.mark.parametrize("about", [{}, {"deal": True, "account": True}])
def test_a_note_is_about_exactly_one_record(api, records, about):
    body = {kind: records[kind].pk for kind in about}
    answer = api.send("post", "notes/", {**body, "body": "Said so."})
    assert (answer.status_code, Note.objects.count()) == (422, 0)
    assert fields(answer)[""] == ["Say what it is about: exactly one of deal, account and contact."]


def test_notes_are_listed_by_what_they_are_about(api, act, records):
    for kind in records:
        create_note(act=act, about=(kind, records[kind].pk), values={"body": f"On the {kind}."})
    found = api.get("notes/", account=records["account"].pk).json()["results"]
    assert [note["body"] for note in found] == ["On the account."]
    assert len(api.get("notes/").json()["results"]) == 3


def test_ticking_off_a_series_through_the_api_makes_the_next(api, deal):
    task = api.send(
        "post", "tasks/", {"deal": deal.pk, "title": "Check in", "due_date": "2026-01-31", "repeats": "monthly"}
    )
    path = task["Location"].removeprefix("/api/")
    done = api.send("patch", path, {"done": True}, **{"If-Match": task["ETag"]})
    assert (done.status_code, done.json()["done"]) == (200, True)
    assert api.send("patch", path, {"done": True}, **{"If-Match": "*"}).status_code == 200
    (following,) = api.get("tasks/", done="no").json()["results"]
    assert (following["follows"], following["repeats"]) == (done.json()["id"], "monthly")
    assert Task.objects.count() == 2


def test_a_task_that_makes_no_sense_is_refused_by_field(api, deal, remy):
    answer = api.send("post", "tasks/", {"deal": deal.pk, "title": "Call", "owner": remy.pk, "repeats": "weekly"})
    assert (answer.status_code, sorted(fields(answer))) == (422, ["due_date", "owner"])


def test_a_meeting_is_logged_with_who_took_part(api, deal, ines):
    body = {"deal": deal.pk, "kind": "meeting", "subject": "Kick-off", "at": "2026-03-02T10:00:00Z"}
    made = api.send("post", "activities/", body | {"participants": [ines.pk]})
    assert (made.status_code, made.json()["participants"]) == (201, [ines.pk])
    answer = api.send("post", "activities/", body | {"participants": [999_999]})
    assert fields(answer) == {"participants": ["Choose among the contacts of Aster Health."]}


def test_a_file_is_sent_as_a_form_and_read_back(api, deal):
    made = api.form("attachments/", deal=deal.pk, file=SimpleUploadedFile("plan.txt", b"Step one."))
    assert (made.status_code, made.json()["name"], made.json()["size"]) == (201, "plan.txt", 9)
    content = api.get(made.json()["content"].removeprefix("/api/"))
    assert content.getvalue() == b"Step one."
    assert content["Content-Disposition"] == 'attachment; filename="plan.txt"'
    storage.erase(Attachment.objects.get().stored)
    assert api.get(made.json()["content"].removeprefix("/api/")).status_code == 409


def test_files_are_refused_by_name_kind_and_size(api, deal, settings):
    answer = api.form("attachments/", deal=deal.pk, file=SimpleUploadedFile("setup.exe", b"MZ"))
    assert answer.status_code == 422
    assert fields(answer)["file"][0].startswith("setup.exe is of a kind that is not taken.")
    assert api.send("post", "attachments/", {"deal": deal.pk}).status_code == 415
    settings.ATTACHMENT_LARGEST = 10
    big = SimpleUploadedFile("big.txt", b"x" * 1_000_100)
    assert api.form("attachments/", deal=deal.pk, file=big).status_code == 413
    assert not Attachment.objects.exists()
