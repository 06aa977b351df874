"""The way of a draft over HTTP: handed in, answered, scheduled, published; and what stays of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from battlecards.models import Card, CardVersion, Draft
from battlecards.services.reviews import publish_due
from tests.battlecards.drafts.test_editing import send, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ottos(sign_in, otto):
    return sign_in(otto)


@pytest.fixture
def eves(sign_in, eve):
    return sign_in(eve)


@pytest.fixture
def changed(draft, ottos, eve):
    send(ottos, draft, winner="tie")
    return draft


@pytest.fixture
def submitted(changed, ottos):
    assert do(ottos, changed, "submit", note="They caught up.").status_code == 302
    return changed


def do(page, draft, what, **values):
    version = Draft.objects.get(pk=draft.pk).version
    return page.post(url(draft), {"do": what, "version": version, **values})


def state(draft) -> str:
    found: str = Draft.objects.get(pk=draft.pk).state
    return found


def test_the_review_shows_each_change_and_both_tallies(changed, ottos):
    ottos.post(url(changed, "claims/ecosystem/"), {"do": "remove", "revision": 1})
    ottos.post(url(changed, "claims/price/"), {"do": "up"})
    ottos.post(url(changed, "claims/"), {"kind": "position"})
    text = ottos.get(url(changed)).content.decode()
    assert "1 added" in text
    assert "1 removed" in text
    assert "1 changed" in text
    assert "<del>Ours</del><ins>Tie</ins>" in text
    assert "2 ours" in text
    assert "1 ours" in text


def test_what_is_in_the_way_is_named_with_its_claim(changed, ottos):
    ottos.post(url(changed, "claims/"), {"kind": "position"})
    answer = do(ottos, changed, "submit", note="")
    assert answer.status_code == 422
    assert b"New position: Fill this in." in answer.content
    assert state(changed) == "writing"


def test_who_submitted_is_told_why_they_can_not_publish(submitted, ottos):
    assert b"so somebody else publishes it" in ottos.get(url(submitted)).content
    assert do(ottos, submitted, "publish").status_code == 403
    assert (state(submitted), CardVersion.objects.count()) == ("in_review", 1)


def test_somebody_else_publishes(submitted, eves, sign_in, rae):
    assert do(eves, submitted, "publish")["Location"] == "/battlecards/vmware/"
    assert (state(submitted), Card.objects.get().current.note) == ("published", "They caught up.")
    assert b"version 2" in sign_in(rae).get("/battlecards/vmware/").content
    again = do(eves, submitted, "publish")
    assert again.status_code == 409
    assert CardVersion.objects.count() == 2


def test_a_draft_that_was_changed_since_it_was_looked_at_is_not_published(submitted, eves):
    stale = eves.post(url(submitted), {"do": "publish", "version": 1})
    assert stale.status_code == 409
    assert b"changed since you looked at it" in stale.content
    assert state(submitted) == "in_review"


def test_a_draft_is_sent_back_with_an_answer(submitted, eves, ottos):
    assert do(eves, submitted, "back", answer="").status_code == 422
    do(eves, submitted, "back", answer="Who says so?")
    assert state(submitted) == "writing"
    assert b"Who says so?" in ottos.get("/battlecards/vmware/edit/").content


def test_a_draft_is_scheduled_on_the_editors_clock(submitted, eves, eve):
    eve.time_zone = "America/New_York"
    eve.save()
    assert do(eves, submitted, "schedule", publish_at="").status_code == 422
    assert do(eves, submitted, "schedule", publish_at="soon").status_code == 422
    assert do(eves, submitted, "schedule", publish_at="2020-01-01T09:00").status_code == 422
    day = (timezone.now() + dt.timedelta(days=3)).date()
    assert do(eves, submitted, "schedule", publish_at=f"{day}T09:00").status_code == 302
    planned = Draft.objects.get().publish_at
    assert planned.astimezone(eve.zone).strftime("%H:%M") == "09:00"
    assert f"{planned.astimezone(eve.zone):%H:%M}" in eves.get(url(submitted)).content.decode()
    assert publish_due(now=planned) == 1
    assert state(submitted) == "published"


def test_a_draft_is_discarded_and_can_be_looked_at(submitted, eves, ottos):
    do(eves, submitted, "discard")
    assert state(submitted) == "discarded"
    assert b"Discarded" in ottos.get(url(submitted)).content
    assert b"Discarded drafts" in ottos.get("/battlecards/vmware/versions/").content


def test_versions_are_read_compared_and_restored(submitted, eves, ottos, sign_in, rae):
    do(eves, submitted, "publish")
    reader = sign_in(rae)
    assert b"They caught up." in reader.get("/battlecards/vmware/versions/").content
    assert b"an old version" in reader.get("/battlecards/vmware/versions/1/").content
    assert reader.get("/battlecards/vmware/versions/9/").status_code == 404
    assert b"<del>Ours</del><ins>Tie</ins>" in reader.get("/battlecards/vmware/compare/").content
    assert b"They say the same" in reader.get("/battlecards/vmware/compare/?from=2&to=2").content
    assert b"<del>Tie</del><ins>Ours</ins>" in reader.get("/battlecards/vmware/compare/?from=2&to=1").content
    assert reader.post("/battlecards/vmware/versions/1/").status_code == 403
    ottos.post("/battlecards/vmware/versions/1/")
    draft = Draft.objects.get(state="writing")
    assert (draft.restored_from.number, draft.claims.get(key="speed").content["winner"]) == (1, "us")


def test_today_shows_an_editor_what_waits_for_them(submitted, eves, ottos):
    assert b"They caught up." in eves.get("/today/card-reviews/").content
    assert b"They caught up." not in ottos.get("/today/card-reviews/").content
