"""Two at one draft: on different claims they never meet, on one both versions are shown and nothing is overwritten."""

from __future__ import annotations

import pytest

from battlecards.models import Draft
from battlecards.services.claims import save_claim
from battlecards.services.publishing import put_in_force
from crm.services.audit import Act
from playbook.cards import read_card
from tests.battlecards.drafts.conftest import CARD
from tests.battlecards.drafts.test_editing import JSON, send, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ottos(sign_in, otto):
    return sign_in(otto)


@pytest.fixture
def eves(sign_in, eve):
    return sign_in(eve)


@pytest.fixture
def speed(draft):
    return draft.claims.get(key="speed")


def test_on_different_claims_both_are_saved(draft, ottos, eves):
    send(ottos, draft, ours="12 times")
    send(eves, draft, "ecosystem", capability="Ecosystem", ours="catching up", theirs="vast", winner="them")
    said = dict(draft.claims.filter(kind="row").values_list("key", "content__ours"))
    assert said == {"speed": "12 times", "ecosystem": "catching up", "price": "1,500"}


@pytest.mark.parametrize("script", [False, True])
def test_a_clash_on_one_claim_shows_both(draft, ottos, eves, speed, script):
    send(ottos, draft, ours="12 times")
    answer = send(eves, draft, ours="15 times", script=script)
    assert answer.status_code == 409
    text = answer.json()["clash"] if script else answer.content.decode()
    assert "Also changed by Otto Test" in text
    assert "12 times" in text
    assert "15 times" in text
    speed.refresh_from_db()
    assert speed.content["ours"] == "12 times"
    # Keeping mine is saving it again, against what I have seen by now.
    send(eves, draft, ours="15 times", revision=2)
    speed.refresh_from_db()
    assert (speed.content["ours"], speed.revision) == ("15 times", 3)


def test_a_claim_that_was_taken_out_meanwhile_is_asked_about(draft, ottos, eves, speed):
    ottos.post(url(draft, "claims/speed/"), {"do": "remove", "revision": 1})
    answer = send(eves, draft, ours="15 times")
    assert answer.status_code == 409
    assert b"Taken out by Otto Test meanwhile" in answer.content
    speed.refresh_from_db()
    assert speed.removed


def test_who_else_is_here_and_what_changed_is_told(draft, ottos, eves):
    ottos.get(url(draft, "now/?at=speed"))
    send(ottos, draft, ours="12 times")
    first = eves.get(url(draft, "now/"))
    text = first.content.decode()
    assert "<b>Otto Test</b> is here" in text
    assert "Otto Test changed" in text
    assert "speed&quot;: 2" in text
    draft.refresh_from_db()
    token = text.split('data-live-token="')[1].split('"')[0]
    assert eves.get(url(draft, "now/"), {"token": token}).status_code == 204


def test_what_was_published_meanwhile_is_taken_over_and_a_clash_asked(draft, ottos, eves, card, eve, speed):
    send(ottos, draft, ours="12 times")
    other = read_card(CARD.replace("10 times", "20 times").replace("vast", "huge"))
    put_in_force(act=Act(by=eve), card=card, claims=other.claims)
    assert b"Version 2 was published since this draft began" in ottos.get("/battlecards/vmware/edit/").content
    ottos.post(url(draft, "take-over/"))
    assert draft.claims.get(key="ecosystem").content["theirs"] == "huge"
    text = ottos.get("/battlecards/vmware/edit/?claim=speed").content.decode()
    assert "Also changed by version 2" in text
    assert "20 times" in text
    found = ottos.post(url(draft, "claims/speed/"), {"do": "theirs", "revision": 3}, headers=JSON).json()
    assert "choose one" not in found["marks"]
    speed.refresh_from_db()
    assert (speed.content["ours"], speed.clash) == ("20 times", None)


def test_by_hand_a_clash_is_settled_with_what_was_written(draft, ottos, speed):
    speed.clash = {"from": "version 2", "kind": "row", "content": {**speed.content, "ours": "20 times"}}
    speed.save()
    send(ottos, draft, ours="10 to 20 times", do="mine")
    speed.refresh_from_db()
    assert (speed.content["ours"], speed.clash) == ("10 to 20 times", None)
    assert Draft.objects.get().state == "writing"


@pytest.mark.parametrize("revision", [None, "", "abc", "-1", "9" * 30])
def test_a_save_that_does_not_say_what_it_was_typed_over_writes_over_nothing(draft, sign_in, otto, eve, revision):
    save_claim(act=Act(by=eve), draft_id=draft.pk, key="share", content={"aspect": "share", "text": "Hers."})
    url, page = f"/battlecards/drafts/{draft.pk}/claims/share/", sign_in(otto)
    sent = {"typed": "1", "aspect": "share", "text": "His.", **({} if revision is None else {"revision": revision})}
    answer = page.post(url, sent)
    assert answer.status_code == 409
    assert all(text in answer.content.decode() for text in ("Hers.", "His."))
    assert page.post(url, {"do": "remove"}).status_code == 409
    row = draft.claims.get(key="share")
    assert (row.content["text"], row.removed, row.revision) == ("Hers.", False, 2)
