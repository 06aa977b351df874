"""Cards as files, out and in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from battlecards.models import Card, CardVersion, Draft
from battlecards.services.claims import save_claim, settle_clash
from battlecards.services.exchange import card_file, draft_file, export_cards, import_card, read_file
from battlecards.services.seeding import seed_cards
from crm.lib.errors import Clash, Invalid
from crm.services.audit import Act
from playbook.cards import dump_card, load_cards, read_card
from playbook.problems import PlaybookErrors
from tests.battlecards.drafts.conftest import CARD, NOW

pytestmark = pytest.mark.django_db


def test_each_card_that_comes_with_the_product_is_exported_as_it_came(playbook, tmp_path):
    cards = load_cards()
    seed_cards(act=Act(by=None, at=NOW), cards=cards)
    call_command("export_cards", str(tmp_path), verbosity=0)
    back = {card.slug: card for card in load_cards(tmp_path)}
    assert back == {card.slug: card for card in cards}
    assert {card.slug for card in cards} == set(Card.objects.values_list("slug", flat=True))
    for card in cards:
        assert dump_card(back[card.slug]) == dump_card(card)


def test_a_draft_is_exported_once_it_is_whole(draft, otto):
    assert draft_file(draft) == read_card(CARD)
    save_claim(act=Act(by=otto), draft_id=draft.pk, key="share", content={"aspect": "share"})
    with pytest.raises(Invalid) as refused:
        draft_file(draft)
    assert refused.value.errors == {"share": ["Fill this in."]}


def test_a_file_goes_into_a_draft_and_never_into_force(card, otto):
    text = CARD.replace("10 times", "20 times").replace("title: VMware", "title: VMware by Broadcom")
    draft, found = import_card(act=Act(by=otto), text=text)
    assert (found.taken, found.clashes, draft.title) == (1, 0, "VMware by Broadcom")
    assert draft_file(draft) == read_card(text)
    assert CardVersion.objects.count() == 1
    assert import_card(act=Act(by=otto), text=text)[1].taken == 0


def test_a_file_meets_a_draft_claim_by_claim(draft, otto):
    mine = {"aspect": "share", "text": "50 % of the market."}
    save_claim(act=Act(by=otto), draft_id=draft.pk, key="share", content=mine)
    text = CARD.replace("55 %", "45 %").replace("10 times", "20 times")
    read = read_file(text)
    assert read.clashes == ("share",)
    assert [one.key for one in read.differences if one.what != "same"] == ["speed"]
    _, found = import_card(act=Act(by=otto), text=text, name="ours.yaml")
    assert (found.taken, found.clashes) == (1, 1)
    row = draft.claims.get(key="share")
    assert (row.content["text"], row.clash["content"]["text"]) == ("50 % of the market.", "45 % of the market.")
    settle_clash(act=Act(by=otto), draft_id=draft.pk, key="share", keep="theirs")
    assert draft_file(draft) == read_card(text)


def test_a_file_begins_a_card(card, otto):
    text = CARD.replace("slug: vmware", "slug: proxmox").replace("competitor: vmware", "competitor: proxmox")
    draft, found = import_card(act=Act(by=otto), text=text)
    assert (found.taken, draft.card.slug, draft.card.current) == (5, "proxmox", None)
    assert draft_file(draft) == read_card(text)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("winner: us,", "winer: us,", "card.yaml:8: rows[speed].winer: is not a known key; did you mean winner?"),
        ("slug: vmware", "slug: other", "card.yaml: slug: is other; the card against VMware"),
        (
            "competitor: vmware",
            "competitor: nobody",
            "card.yaml: competitor: is nobody; the card vmware is against vmware",
        ),
        ("title: VMware", "title: [", "card.yaml"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing(card, otto, old, new, told):
    with pytest.raises(PlaybookErrors) as refused:
        import_card(act=Act(by=otto), text=CARD.replace(old, new, 1))
    assert any(str(one).startswith(told) for one in refused.value.problems), refused.value.problems
    assert not Draft.objects.exists()


def test_a_file_does_not_move_a_draft_in_review(draft, otto):
    Draft.objects.filter(pk=draft.pk).update(state="in_review", submitted_by=otto, submitted_at=NOW)
    with pytest.raises(Clash):
        import_card(act=Act(by=otto), text=CARD.replace("10 times", "20 times"))


def test_exporting_names_each_file(card, tmp_path):
    assert [path.relative_to(tmp_path).as_posix() for path in export_cards(tmp_path)] == ["battlecards/vmware.yaml"]
    assert read_card((tmp_path / "battlecards/vmware.yaml").read_text()) == card_file(card.current) == read_card(CARD)


def upload(text: str | bytes, name: str = "vmware.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def test_a_file_is_read_shown_and_only_then_put_into_a_draft(card, sign_in, otto):
    page = sign_in(otto)
    changed = CARD.replace("10 times", "20 times")
    shown = page.post("/battlecards/import/", {"file": upload(changed)}).content.decode()
    assert "<del>10 </del><ins>20 </ins>times" in shown
    assert not Draft.objects.exists()
    answer = page.post("/battlecards/import/", {"text": changed, "name": "vmware.yaml", "do": "import"})
    assert answer["Location"] == "/battlecards/vmware/edit/"
    exported = page.get("/battlecards/vmware/export.yaml", {"draft": "1"})
    assert read_card(exported.content.decode()) == read_card(changed)
    assert page.get("/battlecards/vmware/export.yaml").content.decode() == dump_card(read_card(CARD))


def test_what_is_wrong_with_an_upload_is_named_and_nothing_is_lost(card, sign_in, otto):
    page = sign_in(otto)
    wrong = CARD.replace("winner: us,", "winer: us,", 1)
    answer = page.post("/battlecards/import/", {"file": upload(wrong), "do": "import"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "line 8" in text
    assert "rows[speed].winer: is not a known key" in text
    assert "We know their tools." in text
    for given in ({}, {"file": upload(b"\xff\xfe\x00")}, {"text": "x: \x00"}):
        assert page.post("/battlecards/import/", given).status_code == 422
    assert not Draft.objects.exists()
