"""The API of cards, claims, what the field says, and news."""

from __future__ import annotations

import pytest

from battlecards.models import Draft, DraftClaim, Feedback, IntelEvent, Suggestion
from battlecards.services.reviewing import still_holds
from crm.services.audit import Act
from tests.factories import make_deal

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_cards_say_their_version_and_tally(card, rae, sign_in):
    found = sign_in(rae).get("/api/battlecards/?competitor=vmware").json()["results"]
    shown = {name: found[0][name] for name in ("slug", "competitor", "version", "tally")}
    assert shown == {"slug": "vmware", "competitor": "vmware", "version": 1, "tally": {"us": 1, "them": 1, "tie": 0}}


def test_a_card_has_its_claims_and_how_they_stand(card, licence, rae, eve, sign_in):
    claims = sign_in(rae).get("/api/battlecards/vmware/").json()["claims"]
    assert (claims[0]["key"], claims[0]["expired"]) == ("licence", True)
    assert (len(claims), claims[0]["content"]["theirs"], claims[0]["card"]) == (4, "5995 USD", "vmware")
    still_holds(act=Act(by=eve), claim_id=licence.pk)
    assert sign_in(rae).get("/api/claims/?kind=row&card=vmware").json()["results"][0]["expired"] is False


def test_drafts_are_for_editors(card, rae, eve, sign_in):
    act = Act(by=eve)
    draft = Draft.objects.create(
        card=card, base=card.current, title="VMware", created_by=eve, created_at=act.now, updated_at=act.now
    )
    DraftClaim.objects.create(draft=draft, key="new", kind="row", content={"key": "new", "capability": "?"}, place=0)
    assert sign_in(rae).get("/api/battlecards/vmware/?draft=1").status_code == 403
    found = sign_in(eve).get("/api/battlecards/vmware/?draft=1").json()
    assert (found["draft"], [one["key"] for one in found["claims"]], found["claims"][0]["id"]) == (True, ["new"], None)


def test_a_claims_feedback_hides_deals_one_may_not_see(card, licence, rae, remy, sign_in):
    deal, url = make_deal(rae), f"/api/claims/{licence.pk}/feedback/"
    made = sign_in(rae).post(url, {"verdict": "landed", "deal": deal.pk}, content_type=JSON)
    assert (made.status_code, made.json()["deal"]) == (201, deal.pk)
    assert sign_in(remy).get(url).json()["results"][0]["deal"] is None
    assert sign_in(remy).post(url, {"verdict": "used", "deal": deal.pk}, content_type=JSON).status_code == 422
    assert Feedback.objects.count() == 1


def test_news_is_logged_mended_under_if_match_and_withdrawn(card, licence, rae, sign_in):
    news = {"kind": "price_change", "title": "Up", "source": "Their list", "happened_on": "2026-06-01"}
    client = sign_in(rae)
    assert client.post("/api/intel/", news | {"competitor": "nobody"}, content_type=JSON).status_code == 422
    made = client.post("/api/intel/", news | {"competitor": "vmware"}, content_type=JSON)
    url = f"/api/intel/{made.json()['id']}/"
    assert (made.status_code, made.json()["claims"]) == (201, [licence.pk])
    assert client.patch(url, {"title": "Up by 12 %"}, content_type=JSON).status_code == 428
    header = {"If-Match": made["ETag"]}
    assert client.patch(url, {"title": "Up by 12 %"}, content_type=JSON, headers=header).json()["version"] == 2
    assert client.patch(url, {"title": "Late"}, content_type=JSON, headers=header).status_code == 412
    assert client.delete(url, headers={"If-Match": '"2"'}).status_code == 204
    assert (IntelEvent.objects.get().title, client.get("/api/intel/").json()["results"]) == ("Up by 12 %", [])


def test_search_finds_passages(card, rae, sign_in):
    found = sign_in(rae).get("/api/battlecards/search/?q=too+new").json()
    assert (found["count"], found["results"][0]["card"], found["results"][0]["title"]) == (
        1,
        "objections",
        "You are too new.",
    )


def test_a_suggested_claim_is_no_longer_than_the_editor_takes(card, licence, rae, sign_in):
    claim = {"key": "licence", "capability": "Licence", "ours": "x" * 20_001, "theirs": "y", "winner": "us"}
    url = f"/api/claims/{licence.pk}/suggestions/"
    answer = sign_in(rae).post(url, {"text": "Longer", "content": claim}, content_type=JSON)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["content"])
    assert not Suggestion.objects.exists()
