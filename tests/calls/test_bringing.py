"""A transcript or text file brought to a call by form, on each of its pages; and the cards that open beside its notes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from battlecards.models import Card
from calls.rules.transcripts import NO_TEXT, OTHER_CODE
from calls.services.holding import end_call
from crm.models import Job
from tests.battlecards.conftest import card  # noqa: F401 - the published cards
from tests.calls.conftest import by, write

pytestmark = pytest.mark.django_db
SRT = (
    "1\n00:00:10,000 --> 00:00:12,000\nAna: Größe: 1,200 VMs.\n\n2\n00:05:00,000 --> 00:05:02,000\nAna: And 40 hosts.\n"
)


def url(name: str, *args: object) -> str:
    return reverse(f"calls:{name}", args=args)


def file(content: bytes, name: str = "call.srt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def page(client, rae):
    client.force_login(rae)
    return client


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_becomes_notes_once(page, live, rae, code):
    sent = {"at": "live", "text": ""}
    answer = page.post(url("call-import", live.pk), sent | {"file": file(SRT.encode(code))})
    assert answer["Location"] == url("call-live", live.pk) + "#notes"
    assert "call.srt became 2 notes to tag." in page.get(url("call-live", live.pk)).content.decode()
    page.post(url("call-import", live.pk), sent | {"file": file(SRT.encode(code), "again.srt")})
    assert "The notes of again.srt are there already." in page.get(url("call-live", live.pk)).content.decode()
    assert list(live.entries.order_by("at").values_list("text", "author", "imported_from")) == [
        ("Ana: Größe: 1,200 VMs.", rae.pk, "call.srt"),
        ("Ana: And 40 hosts.", rae.pk, "call.srt"),
    ]


@pytest.mark.parametrize("name", ["call-detail", "call-live", "call-review"])
def test_the_form_stands_on_each_page_for_who_takes_notes(page, live, name):
    assert "Bring a transcript or a text file" in page.get(url(name, live.pk)).content.decode()
    end_call(act=by(live.owner, 5), call_id=live.pk)
    assert "Bring a transcript or a text file" in page.get(url(name, live.pk)).content.decode()


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "sent, said",
    [
        ({}, "Choose a file, or paste its text."),
        ({"file": file(b"")}, "There is nothing in this file. Choose another."),
        ({"file": file(b"%PDF-1.7\n")}, NO_TEXT),
        ({"file": file("Größe".encode("cp1252"))}, OTHER_CODE),
        (
            {"file": file(b"x" * 2_000_001)},
            "It has 2,000,001 characters; 2,000,000 at most are taken at once. Divide it into 2.",
        ),
        ({"file": file(b"x" * 8_000_001)}, "It has 8.0 MB; 2,000,000 characters at most are taken at once. Divide it."),
        ({"file": file(b"a\n\n" * 10_001)}, "It makes 10,001 notes; a call has 10,000 at most."),
        ({"file": file(b"a"), "text": "Pasted <b>"}, "Bring the file or the pasted text, one after the other."),
        ({"text": "Pasted <b>" * 60_001}, "Paste 600,000 characters at most, or choose a file: it may have 2,000,000."),
    ],
)
def test_what_is_refused_says_why_at_its_field_and_keeps_what_was_pasted(page, live, sent, said):
    answer = page.post(url("call-import", live.pk), {"at": "live"} | sent)
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    if "text" in sent:
        assert sent["text"].replace("<", "&lt;").replace(">", "&gt;") in text
    for one in sent.values():
        if not isinstance(one, str):
            one.seek(0)
    assert not live.entries.exists()


def test_a_long_text_in_review_is_noted_at_once_and_proposes_by_a_worker(page, live, run_jobs):
    write(live, live.owner, "They run 40 hosts.")
    end_call(act=by(live.owner, 5), call_id=live.pk)
    long = "/pain Licences cost 4.2M a year\n\n" + "word " * 20_001
    answer = page.post(url("call-import", live.pk), {"at": "review", "text": long})
    assert answer["Location"] == url("call-review", live.pk)
    assert live.entries.count() == 1 + 1 + 51
    before = set(live.proposals.values_list("pk", flat=True))
    job = Job.objects.get(task="calls.tasks.propose_anew")
    shown = page.get(url("call-review", live.pk)).content.decode()
    assert f'data-live-url="{url("call-proposing", live.pk)}" data-live-token="{job.pk}-queued"' in shown
    assert page.get(url("call-proposing", live.pk), {"token": f"{job.pk}-queued"}).status_code == 204
    run_jobs()
    made = list(live.proposals.values_list("pk", "entry__imported_from"))
    assert {name for pk, name in made if pk not in before} == {"Pasted text"}
    done = page.get(url("call-proposing", live.pk), {"token": f"{job.pk}-queued"}).content.decode()
    assert ("data-live-url" in done, f'hx-get="{url("call-review", live.pk)}"' in done) == (False, True)
    Job.objects.filter(pk=job.pk).update(state="queued")
    run_jobs()
    assert list(live.proposals.values_list("pk", "entry__imported_from")) == made


def test_a_card_opens_beside_the_notes_where_one_is_published_whatever_it_is_called(page, live, card):  # noqa: F811
    Card.objects.filter(pk=card.pk).update(slug="the-old-one")
    panel = reverse("battlecards:card-panel", args=["the-old-one"])
    shown = page.get(url("call-live", live.pk)).content.decode()
    assert f'hx-get="{panel}?deal={live.deal_id}"' in shown
    assert shown.count("battlecards/") - shown.count('href="/battlecards/"') == 2
    opened = page.get(f"{panel}?deal={live.deal_id}", headers={"HX-Request": "true"})
    assert (opened.status_code, "Ten times as fast." in opened.content.decode()) == (200, True)
    Card.objects.filter(pk=card.pk).update(current=None)
    assert panel not in page.get(url("call-live", live.pk)).content.decode()
