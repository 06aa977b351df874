"""Files: which are taken, who gets them, where they lie, and files as evidence."""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Attachment, FileEvidence, Note
from activities.rules.file_types import safe_name
from activities.services import files, storage
from activities.services.files import attach_files, delete_attachment
from crm.models import AuditEntry
from deals.models import MeddpiccElement
from tests.activities.conftest import KINDS

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\nsaid so"


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


def upload(name="plan.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def attach(act, about):
    return lambda *uploads: attach_files(act=act, about=about, uploads=[*uploads] or [upload()])


def on_disk():
    return sorted(path.name for path in storage.root().glob("??/*"))


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_attached_with_what_they_are(kind, records, rae, browse):
    form = {"files": [upload(), upload("notes.txt", "Café".encode())], "note": "Their *plan*."}
    assert browse(rae).post(f"/{kind}s/{records[kind].pk}/add/files/", form).status_code == 302
    first, second = Attachment.objects.order_by("pk")
    assert (first.name, first.size, first.content_type) == ("plan.pdf", 16, "application/pdf")
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (second.name, second.about_kind, second.created_by) == ("notes.txt", kind, rae)
    assert Note.objects.get().body == "Their *plan*."
    assert on_disk() == sorted([first.stored, second.stored])
    assert AuditEntry.objects.filter(kind="attachment", verb="created").count() == 2


REFUSED = {
    "a program": ("setup.exe", b"MZ\x90", "of a kind that is not taken"),
    "a page": ("page.html", b"<script>", "of a kind that is not taken"),
    "a program called a PDF": ("plan.pdf", b"MZ\x90", "is not what its name says"),
    "a PDF called a text": ("plan.txt", PDF, "is not what its name says"),
    "a zip called a Word document": ("plan.docx", zipped("a.txt"), "is not what its name says"),
    "a broken Word document": ("plan.docx", b"PK\x03\x04nonsense", "is damaged or locked"),
    "a table with macros": ("plan.xlsx", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "carries macros"),
    "one that is too large": ("big.txt", b"x" * 2001, "has more than 2 KB"),
    "a page called a picture": ("logo.png", b"<html><script>alert(1)</script>", "is not what its name says"),
}


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize("name, content, why", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_taken_is_named_and_the_rest_of_the_form_stays(
    rae, deal, browse, settings, name, content, why
):
    settings.ATTACHMENT_LARGEST = 2000
    form = {"files": [upload("fine.pdf"), upload(name, content)], "note": "Typed with care."}
    answer = browse(rae).post(f"/deals/{deal.pk}/add/files/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"{name} " in text
    assert why in text
    assert "Typed with care." in text
    assert (Attachment.objects.count(), Note.objects.count(), on_disk()) == (0, 0, [])


def test_an_empty_file_is_said_at_the_field(rae, deal, browse):
    answer = browse(rae).post(f"/deals/{deal.pk}/add/files/", {"files": [upload("empty.txt", b"")]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["files"] == ["One of the files is empty."]
    assert 'id="id_files_error"' in answer.content.decode()
    assert (Attachment.objects.count(), on_disk()) == (0, [])


def test_the_limits_stand_at_the_field_before_anything_is_sent(rae, deal, browse, settings):
    settings.ATTACHMENT_LARGEST = 25 * 1024**2
    page = browse(rae).text(f"/deals/{deal.pk}/add/files/")
    assert "Up to 10 at a time, 25 MB each" in page
    assert 'data-largest="26214400"' in page


def test_the_same_file_twice_is_two_that_go_one_by_one(act, deal, attach, django_capture_on_commit_callbacks):
    first, second = attach(upload(), upload())
    assert (first.sha256, first.name) == (second.sha256, second.name)
    assert first.stored != second.stored
    with django_capture_on_commit_callbacks(execute=True):
        delete_attachment(act=act, attachment_id=first.pk)
    assert on_disk() == [second.stored]


def test_files_lie_where_no_address_leads(attach, settings, client):
    row = attach()[0]
    served = [settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS]
    assert not any(storage.path_of(row.stored).is_relative_to(place) for place in served if place)
    assert row.stored not in row.name
    for path in (f"/{row.stored}", f"/media/{row.stored}", f"/static/{row.stored[:2]}/{row.stored}"):
        assert client.get(path).status_code == 404


def test_more_than_all_files_together_is_refused_before_it_is_read(rae, deal, browse, settings):
    settings.LARGEST_REQUEST = 1000
    answer = browse(rae).post(f"/deals/{deal.pk}/add/files/", {"files": [upload(content=PDF * 100)]})
    assert (answer.status_code, Attachment.objects.count()) == (413, 0)


def test_a_word_document_is_taken(attach):
    assert (
        attach(upload("plan.docx", zipped("[Content_Types].xml", "word/document.xml")))[0].kind_label == "Word document"
    )


@pytest.mark.parametrize(
    "given, kept",
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\files\\a.pdf", "a.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("عرض السعر.pdf", "عرض السعر.pdf"),
        ('a"b<c>|d?.pdf', "a_b_c__d_.pdf"),
        ("\x00\u200b.pdf", "pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        (".pdf", "pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_kept_without_what_could_do_harm(given, kept):
    assert safe_name(given) == kept


def test_a_download_is_saved_never_shown_and_asked_for_each_time(rae, attach, browse):
    row = attach(upload("plän.pdf"))[0]
    answer = browse(rae).get(f"/files/{row.pk}/content/")
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''pl%C3%A4n.pdf"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-cache")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["Content-Type"], answer["Content-Length"]) == ("application/pdf", "16")
    again = browse(rae).client.get(f"/files/{row.pk}/content/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_sees_the_record_in_full_gets_its_files(kind, records, act, cast, sign_in):
    row = attach_files(act=act, about=(kind, records[kind].pk), uploads=[upload()])[0]
    expected = {"rae": 200, "remy": 404, "mona": 200, "vik": 200, "otto": 200, "eve": 404, "vera": 404, "charlie": 404}
    if kind != "deal":
        expected["remy"] = 200
    assert {who: sign_in(cast[who]).get(f"/files/{row.pk}/content/").status_code for who in expected} == expected


def test_the_right_to_a_file_ends_with_the_right_to_its_record(rae, remy, deal, attach, browse):
    row = attach()[0]
    deal.owner = remy
    deal.save()
    assert browse(rae).get(f"/files/{row.pk}/content/", headers={"If-None-Match": f'"{row.sha256}"'}).status_code == 404


def test_a_file_that_is_gone_from_the_disk_says_so(rae, attach, browse):
    row = attach()[0]
    storage.erase(row.stored)
    answer = browse(rae).get(f"/files/{row.pk}/content/")
    assert answer.status_code == 410
    assert "Ask Rae Test to attach it again" in " ".join(answer.content.decode().split())


def test_deleting_removes_the_file_once_it_is_committed(act, attach, django_capture_on_commit_callbacks):
    row = attach()[0]
    with django_capture_on_commit_callbacks(execute=True):
        delete_attachment(act=act, attachment_id=row.pk)
        assert on_disk() == [row.stored]
    assert (Attachment.objects.count(), on_disk()) == (0, [])


def test_files_of_records_that_are_gone_are_swept_after_a_day(deal, attach):
    old, new = attach(upload("old.pdf"), upload("new.pdf"))
    deal.delete()
    yesterday = time.time() - storage.ABANDONED - 1
    os.utime(storage.path_of(old.stored), (yesterday, yesterday))
    assert files.sweep() == 1
    assert on_disk() == [new.stored]


# --- Evidence -----------------------------------------------------------------------------------------------------------


def test_a_file_is_evidence_for_an_element(rae, deal, attach, browse):
    row = attach()[0]
    page, url = browse(rae), f"/deals/{deal.pk}/meddpicc/metrics/"
    assert "plan.pdf" in page.text(url)
    assert page.post(url, {"strength": "confirmed", "evidence_files": [row.pk], "version": 0}).status_code == 302
    element = MeddpiccElement.objects.get()
    assert (element.strength, element.evidence_kind, element.evidence) == ("confirmed", "document", "plan.pdf")
    assert FileEvidence.objects.get().attachment == row
    assert f'href="/files/{row.pk}/"' in page.text(f"/deals/{deal.pk}/meddpicc/")
    assert AuditEntry.objects.get(kind="meddpicc").changes["metrics.files"] == [[], ["plan.pdf"]]


def test_a_file_taken_back_is_evidence_no_more(rae, deal, attach, browse):
    row = attach()[0]
    page, url = browse(rae), f"/deals/{deal.pk}/meddpicc/metrics/"
    page.post(url, {"strength": "claimed", "evidence_files": [row.pk], "version": 0})
    page.post(url, {"strength": "claimed", "evidence": "Said so.", "version": 1})
    assert not FileEvidence.objects.exists()
    assert AuditEntry.objects.filter(kind="meddpicc").latest("pk").changes["metrics.files"] == [["plan.pdf"], []]


def test_a_file_of_another_record_is_no_evidence(rae, deal, act, aster, attach, browse):
    attach()
    other = attach_files(act=act, about=("account", aster.pk), uploads=[upload("other.pdf")])[0]
    url = f"/deals/{deal.pk}/meddpicc/metrics/"
    answer = browse(rae).post(url, {"strength": "confirmed", "evidence_files": [other.pk], "version": 0})
    assert answer.status_code == 422
    assert not MeddpiccElement.objects.exists()


def test_deleting_what_is_evidence_says_of_what_and_leaves_it_in_the_history(rae, deal, attach, browse):
    row, other = attach(upload(), upload("other.pdf"))
    page, url = browse(rae), f"/deals/{deal.pk}/meddpicc/metrics/"
    page.post(url, {"strength": "confirmed", "evidence_files": [row.pk, other.pk], "version": 0})
    assert "It is evidence of Metrics." in page.text(f"/files/{row.pk}/delete/")
    assert page.post(f"/files/{row.pk}/delete/").status_code == 302
    assert [link.attachment for link in FileEvidence.objects.all()] == [other]
    element = MeddpiccElement.objects.get()
    assert (element.strength, element.version) == ("confirmed", 1)
    changes = AuditEntry.objects.filter(kind="meddpicc", deal_id=deal.pk).latest("pk").changes
    assert changes == {"metrics.files": [["other.pdf", "plan.pdf"], ["other.pdf"]]}
    said = page.text(f"/deals/{deal.pk}/meddpicc/")
    assert f'href="/files/{row.pk}/"' not in said
    assert f'href="/files/{other.pk}/"' in said
    assert page.get(f"/deals/{deal.pk}/timeline/").status_code == 200
    stale = page.post(url, {"strength": "confirmed", "evidence_files": [row.pk], "version": 1})
    assert stale.status_code == 422
    assert "One of these is no longer here. Choose among those that are." in stale.content.decode()
