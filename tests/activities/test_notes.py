"""Notes: who reads and writes them, what they look like, who is told of a mention, and two people at one note."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Attachment, Note, Task
from activities.services import telling
from activities.services.notes import create_note
from crm.models import AuditEntry
from crm.services.audit import Act
from tests.activities.conftest import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """What people are told of."""
    found = []
    monkeypatch.setattr(telling, "notify", lambda **said: found.append(said))
    return found


READS = {"rae": 200, "remy": 404, "mona": 200, "vik": 200, "otto": 200, "eve": 404, "vera": 404, "charlie": 404}
"""A note on Rae's deal."""


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_sees_the_record_in_full_reads_its_notes(kind, records, act, cast, sign_in):
    note = create_note(act=act, about=(kind, records[kind].pk), values={"body": "Their board meets in May."})
    expected = READS if kind == "deal" else READS | {"remy": 200}
    seen = {name: sign_in(cast[name]).get(f"/notes/{note.pk}/").status_code for name in expected}
    assert seen == expected


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_change_the_record_writes_notes(kind, records, cast, sign_in):
    url = f"/{kind}s/{records[kind].pk}/add/note/"
    expected = {"rae": 302, "remy": 404, "mona": 302, "vik": 403, "otto": 302, "eve": 404, "vera": 404, "charlie": 404}
    if kind != "deal":
        expected["remy"] = 302
    assert {name: sign_in(cast[name]).post(url, {"body": "Said so."}).status_code for name in expected} == expected
    assert Note.objects.count() == list(expected.values()).count(302)


def test_a_note_is_saved_with_its_author_and_an_audit_row(rae, deal, browse):
    answer = browse(rae).post(f"/deals/{deal.pk}/add/note/", {"body": "  Budget is **approved**.\r\nBy Ines. "})
    note = Note.objects.get()
    assert answer["Location"] == f"/deals/{deal.pk}/#timeline"
    assert (note.body, note.created_by, note.deal, note.version) == ("Budget is **approved**.\nBy Ines.", rae, deal, 1)
    row = AuditEntry.objects.get(kind="note")
    assert (row.verb, row.object_id, row.deal_id, row.changes["body"]) == (
        "created",
        note.pk,
        deal.pk,
        [None, note.body],
    )


def test_htmx_is_told_to_close_the_dialog_and_that_something_changed(rae, deal, browse):
    answer = browse(rae).post(f"/deals/{deal.pk}/add/note/", {"body": "Said so."}, htmx=True)
    assert answer.status_code == 204
    assert '"activity-changed": true' in answer["HX-Trigger"]


def test_an_empty_note_is_refused_and_nothing_written(rae, deal, browse):
    answer = browse(rae).post(f"/deals/{deal.pk}/add/note/", {"body": " \n "})
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "path, typed, model",
    [("note", {"body": "Once."}, Note), ("task", {"title": "Once"}, Task), ("files", {}, Attachment)],
)
def test_a_form_that_is_sent_twice_makes_one(rae, deal, browse, path, typed, model):
    page, url = browse(rae), f"/deals/{deal.pk}/add/{path}/"
    (token,) = re.findall(r'name="once" value="([^"]+)"', page.text(url))
    for _ in range(2):
        files = {"files": SimpleUploadedFile("plan.txt", b"Step one.")} if path == "files" else {"owner": rae.pk}
        assert page.post(url, {**typed, **files, "once": token}).status_code == 302
    assert model.objects.count() == 1


def test_the_timeline_shows_it_as_safe_html(rae, deal, act, about, browse):
    create_note(act=act, about=about, values={"body": "**Yes** <script>alert(1)</script> [x](javascript:alert(1))"})
    page = browse(rae).text(f"/deals/{deal.pk}/timeline/", kind="notes")
    assert "<strong>Yes</strong> &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))" in page


def test_those_mentioned_who_see_the_record_are_told_once(rae, mona, act, about, told):
    note = create_note(act=act, about=about, values={"body": "@mona and @rae, look. @MONA"})
    assert [(said["to"], said["kind"], said["url"]) for said in told] == [([mona.pk], "mention", f"/notes/{note.pk}/")]
    assert told[0]["text"] == "Rae Test mentioned you in a note about Renewal displacement"
    assert set(note.mentions.all()) == {mona, rae}


def test_changing_a_note_tells_only_those_newly_mentioned(mona, otto, act, about, told, browse, rae):
    note = create_note(act=act, about=about, values={"body": "@mona, look."})
    browse(rae).post(f"/notes/{note.pk}/edit/", {"body": "@mona and @otto, look.", "version": 1})
    assert [said["to"] for said in told] == [[mona.pk], [otto.pk]]


def test_mentioning_somebody_who_can_not_see_the_record_is_said_at_the_field(rae, remy, deal, told, browse):
    page, url = browse(rae), f"/deals/{deal.pk}/add/note/"
    answer = page.post(url, {"body": "@remy knows them."})
    assert answer.status_code == 422
    said = "Remy Test can&#x27;t see this deal, and so won&#x27;t be told. Save again to keep it so, or take it out."
    assert said in answer.content.decode()
    assert 'name="warned" value="remy"' in answer.content.decode()
    assert page.post(url, {"body": "@remy knows them.", "warned": "remy"}).status_code == 302
    assert (told, Note.objects.get().mentions.count()) == ([], 0)
    assert not type(deal).objects.visible_to(remy).exists()


def test_names_are_offered_with_who_can_not_see_it(rae, remy, mona, deal, browse):
    page = browse(rae)
    assert 'data-name="mona"' in page.get(f"/deals/{deal.pk}/mentions/?q=mo", htmx=True).content.decode()
    assert "can't see this deal" in page.get(f"/deals/{deal.pk}/mentions/?q=rem", htmx=True).content.decode()


def test_two_people_at_one_note_see_each_other(rae, mona, act, about, browse):
    note = create_note(act=act, about=about, values={"body": "First."})
    form = {"body": "Mine.", "version": 1, "started_from": '{"body": "First."}'}
    browse(mona).post(f"/notes/{note.pk}/edit/", {**form, "body": "Theirs."})
    answer = browse(rae).post(f"/notes/{note.pk}/edit/", form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Theirs." in text
    assert "Mine." in text
    note.refresh_from_db()
    assert (note.body, note.version, note.updated_by) == ("Theirs.", 2, mona)


def test_the_author_may_change_a_note_though_not_the_record(rae, vik, deal, act, about, browse):
    own = create_note(act=Act(by=None), about=about, values={"body": "Price talk."})
    Note.objects.filter(pk=own.pk).update(created_by=vik)
    other = create_note(act=act, about=about, values={"body": "Rae's."})
    page = browse(vik)
    assert page.post(f"/notes/{own.pk}/edit/", {"body": "Changed.", "version": 1}).status_code == 302
    assert page.post(f"/notes/{other.pk}/edit/", {"body": "Changed.", "version": 1}).status_code == 403
    assert page.post(f"/notes/{other.pk}/delete/").status_code == 403


def test_deleting_asks_first_and_keeps_the_text_in_the_audit(rae, act, about, browse):
    note = create_note(act=act, about=about, values={"body": "Gone soon."})
    page = browse(rae)
    assert "Delete this note?" in page.text(f"/notes/{note.pk}/delete/")
    assert page.post(f"/notes/{note.pk}/delete/").status_code == 302
    assert not Note.objects.exists()
    assert AuditEntry.objects.get(kind="note", verb="removed").changes == {"body": ["Gone soon.", None]}


def test_notes_go_with_their_record(deal, act, about):
    create_note(act=act, about=about, values={"body": "Said so."})
    deal.delete()
    assert not Note.objects.exists()
