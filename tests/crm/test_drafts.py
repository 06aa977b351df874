"""Drafts over HTTP: begun from versions and files, taken away as files the same, published, discarded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import Job, Person, PlaybookDraft, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services import drafts
from crm.services.audit import Act
from deals.models import Deal
from playbook import storing
from playbook.schema import Playbook
from tests.crm.drafting import content, fresh, opened, url, zipped
from tests.factories import make_deal

pytestmark = pytest.mark.django_db


# --- Beginning, and files ------------------------------------------------------------------------------------------------


def test_a_draft_is_taken_away_as_files_and_brought_back_the_same(ops: Client, draft: PlaybookDraft):
    answer = ops.post(
        reverse("crm:draft-new"), {"name": "Copy", "base": 1, "sources": zipped(ops.get(url(draft, "files")))}
    )
    assert answer.status_code == 302
    assert PlaybookDraft.objects.get(name="Copy").digest == draft.digest == PlaybookVersion.objects.get().digest


def test_every_error_of_its_files_is_told_at_once_and_nothing_is_made(ops: Client, playbook: Playbook):
    files = storing.dump(playbook)
    wrong = files["bant.yaml"].replace("weight: 20", "weight: 21", 1)
    stages = files["stages.yaml"].replace("label: Demo\n", "label: ''\n")
    uploads = [SimpleUploadedFile("bant.yaml", wrong.encode()), SimpleUploadedFile("stages.yaml", stages.encode())]
    answer = ops.post(reverse("crm:draft-new"), {"name": "Wrong", "base": 1, "sources": uploads})
    assert answer.status_code == 422
    assert [(one.file, one.key, one.line is not None) for one in answer.context["problems"]] == [
        ("bant.yaml", "criteria", True),
        ("stages.yaml", "[demo].label", True),
    ]
    assert answer.context["form"]["name"].value() == "Wrong"
    assert PlaybookDraft.objects.count() == 0


def test_files_go_into_a_draft(ops: Client, draft: PlaybookDraft, playbook: Playbook):
    text = storing.dump(playbook)["stages.yaml"].replace("label: Demo\n", "label: Show\n")
    upload = SimpleUploadedFile("stages.yaml", text.encode())
    stale = ops.post(url(draft, "upload"), {"version": 9, "sources": upload})
    assert (stale.status_code, content(draft).stage("demo").label) == (409, "Demo")
    upload.seek(0)
    assert ops.post(url(draft, "upload"), {"version": 1, "sources": upload}).status_code == 302
    assert content(draft).stage("demo").label == "Show"


# --- Publishing ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_published_once_with_its_moves(
    ops: Client, draft: PlaybookDraft, rae: Person, run_jobs: Callable[[], int]
):
    deal = make_deal(rae, stage="demo")
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"demo-drop": "on", "demo-goes": "poc"})
    posted = opened(ops, url(draft, "publish"))
    opened_weights = opened(ops, url(draft, "weights"))
    assert posted["stages-demo"] == "poc"
    answer = ops.post(url(draft, "publish"), posted | {"note": "Fewer stages."})
    assert answer.headers["Location"] == reverse("crm:job-detail", args=[Job.objects.get(key="rescore").pk])
    assert ops.post(url(draft, "publish"), posted).headers["Location"] == answer.headers["Location"]
    number, now = playbooks.current()
    assert (number, storing.digest(now), Deal.objects.get(pk=deal.pk).stage) == (2, fresh(draft).digest, "poc")
    closed = fresh(draft)
    assert (closed.state, closed.published_as and closed.published_as.number) == ("published", 2)
    late = ops.post(url(draft, "weights"), opened_weights | {"classes-A-at_least": "4.25"})
    assert (late.status_code, late.context["form"]["classes-A-at_least"].value()) == (409, "4.25")
    assert "This draft is published." in late.content.decode()
    assert fresh(draft).version == closed.version


def test_a_version_in_between_is_compared_before_anything_is_published(ops: Client, draft: PlaybookDraft, otto: Person):
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"demo-label": "Show"})
    posted = opened(ops, url(draft, "publish"))
    other = drafts.begin(act=Act(by=otto), name="Other", base=1)
    ops.post(url(other, "weights"), opened(ops, url(other, "weights")) | {"classes-A-at_least": "4.25"})
    ops.post(url(other, "publish"), opened(ops, url(other, "publish")))
    answer = ops.post(url(draft, "publish"), posted | {"note": "Mine"})
    assert (answer.status_code, answer.context["form"]["note"].value(), playbooks.current_number()) == (409, "Mine", 2)
    assert {row.label for chapter in answer.context["against"].chapters for row in chapter.rows} == {"A, hot", "Demo"}
    again = {bound.html_name: bound.value() for bound in answer.context["form"]}
    assert ops.post(url(draft, "publish"), again).status_code == 302
    assert playbooks.current_number() == 3


def test_a_discarded_draft_stays_to_be_read(ops: Client, draft: PlaybookDraft):
    assert ops.post(url(draft, "discard"), {"version": "7"}).status_code == 409
    assert ops.post(url(draft, "discard"), {"version": "1"}).status_code == 302
    assert ops.get(url(draft, "detail")).status_code == 200
    assert ops.post(url(draft, "discard")).status_code == 409
    assert [one.pk for one in ops.get(reverse("crm:draft-list"), {"state": "discarded"}).context["page"].rows] == [
        draft.pk
    ]
