"""The editor over HTTP: it works without scripts, and tells the page's script the same."""

from __future__ import annotations

import pytest

from battlecards.models import Card, Draft, DraftClaim, Suggestion
from crm.models import AuditEntry

pytestmark = pytest.mark.django_db
ROW = {"capability": "Speed", "ours": "12 times", "theirs": "1", "winner": "us", "criteria": ["Performance", ""]}
JSON = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def page(sign_in, otto):
    return sign_in(otto)


@pytest.fixture
def speed(draft):
    return draft.claims.get(key="speed")


def url(draft: Draft, rest: str = "") -> str:
    return f"/battlecards/drafts/{draft.pk}/{rest}"


def send(page, draft, key="speed", *, script=False, **values):
    body = {"typed": "1", "do": "save", "revision": 1, **ROW, **values}
    return page.post(url(draft, f"claims/{key}/"), body, headers=JSON if script else {})


def test_a_draft_is_begun_and_found_again(card, page, sign_in, eve):
    assert b"Start a draft" in page.get("/battlecards/vmware/edit/").content
    assert not Draft.objects.exists()
    page.post("/battlecards/vmware/edit/")
    sign_in(eve).post("/battlecards/vmware/edit/")
    assert Draft.objects.count() == 1
    text = page.get("/battlecards/vmware/edit/?claim=speed").content.decode()
    assert 'value="Speed"' in text
    assert "Head to head" in text
    assert text.count('data-edit-claim="') == 5


def test_a_claim_is_saved_as_it_was_typed(draft, page, speed, otto):
    answer = send(page, draft, winner="we", ours="")
    assert answer["Location"] == "/battlecards/vmware/edit/?claim=speed#claim-speed"
    speed.refresh_from_db()
    assert (speed.content["winner"], "ours" in speed.content, speed.revision, speed.changed_by) == (
        "we",
        False,
        2,
        otto,
    )
    text = page.get("/battlecards/vmware/edit/?claim=speed").content.decode()
    assert "we (none of these)" in text
    assert "Choose one of these." in text
    assert "2 to put right" in text


def test_the_script_is_told_what_was_saved(draft, page, speed):
    found = send(page, draft, script=True).json()
    assert (found["revision"], found["faults"], found["title"]) == (2, [], "Speed")
    assert "<del>10 </del><ins>12 </ins>times" in found["diff"]
    assert "changed" in found["marks"]
    assert "figure without a dated source" in found["marks"]
    # The answer was lost, the same is sent again: it is saved once.
    again = send(page, draft, script=True).json()
    assert again["revision"] == 2
    assert AuditEntry.objects.filter(verb="claim changed").count() == 1


def test_what_nobody_touched_stays_to_the_letter(draft, page):
    tools = draft.claims.get(key="tools")
    body = {"typed": "1", "revision": 1, "objection": "We know their tools."}
    answers = ["Ours open the same files.", "Two lines\r\nof one answer.", ""]
    page.post(url(draft, "claims/tools/"), body | {"responses": answers})
    tools.refresh_from_db()
    assert (tools.revision, tools.content) == (1, tools.base.content)


def test_claims_move_by_buttons(draft, page):
    page.post(url(draft, "claims/price/"), {"do": "up"})
    found = page.post(url(draft, "claims/price/"), {"do": "up"}, headers=JSON).json()
    assert (found["order"], found["place"], found["of"]) == (["price", "speed", "ecosystem"], 1, 3)
    page.post(url(draft, "claims/speed/"), {"do": "to", "to": "2"})
    order = draft.claims.filter(kind="row").order_by("place").values_list("key", flat=True)
    assert list(order) == ["price", "ecosystem", "speed"]


def test_a_claim_is_taken_out_brought_back_and_reset(draft, page, speed):
    found = page.post(url(draft, "claims/speed/"), {"do": "remove", "revision": 1}, headers=JSON).json()
    assert "Bring back" in found["html"]
    assert b"Speed" not in page.get(url(draft, "preview/"), headers={"HX-Request": "true"}).content
    page.post(url(draft, "claims/speed/"), {"do": "restore", "revision": 2})
    send(page, draft, revision=3)
    page.post(url(draft, "claims/speed/"), {"do": "revert", "revision": 4})
    speed.refresh_from_db()
    assert (speed.content, speed.removed, speed.revision) == (speed.base.content, False, 5)


def test_a_claim_is_added_and_left_out_of_the_preview_until_it_is_whole(draft, page):
    answer = page.post(url(draft, "claims/"), {"kind": "row"})
    assert answer["Location"].endswith("?claim=row_1#claim-row_1")
    text = page.get(url(draft, "preview/")).content.decode()
    assert "1 claim left out: not whole yet" in text
    assert page.post(url(draft, "claims/"), {"kind": "message"}, headers=JSON).status_code == 422
    assert DraftClaim.objects.filter(draft=draft).count() == 6


def test_the_preview_is_what_the_reader_shows(draft, page, sign_in, rae):
    reader = sign_in(rae).get("/battlecards/vmware/").content.decode()
    preview = page.get(url(draft, "preview/"), headers={"HX-Request": "true"}).content.decode()
    row = reader[reader.index("<span data-said>Ecosystem") : reader.index("theirs ▶</span>")]
    assert row in preview
    assert "How did it go?" in reader
    assert "How did it go?" not in preview


def test_the_head_is_saved_and_refused(draft, page):
    seen = {"seen_title": "VMware", "seen_note": ""}
    assert page.post(url(draft, "head/"), {"title": "", "note": "", **seen}).status_code == 422
    assert (
        page.post(url(draft, "head/"), {"title": "VMware by Broadcom", "note": "New owner.", **seen}).status_code == 302
    )
    draft.refresh_from_db()
    assert (draft.title, draft.note) == ("VMware by Broadcom", "New owner.")
    clash = page.post(url(draft, "head/"), {"title": "ESX", "note": "", **seen}, headers=JSON)
    assert clash.status_code == 409
    assert "VMware by Broadcom" in clash.json()["errors"]["__all__"][0]


def test_what_is_not_written_any_more_says_so(draft, page, otto, speed):
    Draft.objects.filter(pk=draft.pk).update(state="in_review", submitted_by=otto, submitted_at=draft.created_at)
    answer = send(page, draft)
    assert answer.status_code == 409
    assert b"not being written any more" in answer.content
    speed.refresh_from_db()
    assert speed.revision == 1
    assert page.get("/battlecards/vmware/edit/")["Location"] == url(draft)
    assert b"in review" in page.get(url(draft, "now/")).content


def test_a_card_is_begun_and_retired(card, page):
    listed = page.get("/battlecards/").content.decode()
    assert "/battlecards/new/?competitor=proxmox" in listed
    assert "/battlecards/import/" in listed
    body = {"competitor": "proxmox", "title": "Proxmox VE", "slug": "proxmox"}
    assert page.post("/battlecards/new/", body)["Location"] == "/battlecards/proxmox/edit/"
    assert page.post("/battlecards/new/", body).status_code == 422
    page.post("/battlecards/vmware/retire/", {"retired": "1"})
    assert Card.objects.get(slug="vmware").retired_at is not None
    page.post("/battlecards/vmware/retire/")
    assert Card.objects.get(slug="vmware").retired_at is None


def test_what_the_field_suggests_opens_at_its_claim(card, page, sign_in, rae):
    claim = card.claims.get(key="speed")
    asked = Suggestion.objects.create(card=card, claim=claim, text="It is 20 times.", person=rae, at=card.created_at)
    query = f"?suggestion={asked.pk}"
    assert page.post(f"/battlecards/vmware/edit/{query}")["Location"] == f"/battlecards/vmware/edit/{query}"
    text = page.get(f"/battlecards/vmware/edit/{query}").content.decode()
    assert "It is 20 times." in text
    assert 'name="capability"' in text
