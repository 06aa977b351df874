"""Search across cards, objections and messaging."""

from __future__ import annotations

import pytest
from django.utils import timezone

from battlecards.models import Card
from battlecards.queries.searching import search
from battlecards.services.seeding import seed_cards
from crm.services.audit import Act
from playbook.cards import read_card
from tests.architecture.world_cards import LIBRARY, MESSAGING, VMWARE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cards(playbook):
    seed_cards(act=Act(by=None), cards=[read_card(one) for one in (VMWARE, LIBRARY, MESSAGING)])


def titles(found):
    return ["".join(piece for piece, _ in hit.title) for hit in found.hits]


def test_every_word_has_to_be_there_and_titles_come_first(rae):
    assert titles(search(rae, "tools")) == ["We know their tools.", "We have invested millions."]
    assert titles(search(rae, "tools your")) == ["We have invested millions."]
    assert titles(search(rae, "TÓOLS working")) == ["We have invested millions."]
    assert search(rae, "zebra").hits == ()
    assert search(rae, "  ").count == 0


def test_what_was_found_is_marked_and_leads_to_its_claim(rae, sign_in):
    page = sign_in(rae).get("/battlecards/search/?q=millions").content.decode()
    assert "<mark>millions</mark>" in page
    assert "/battlecards/objections/#c-invested" in page
    part = sign_in(rae).get("/battlecards/search/?q=millions", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<div")
    assert "<html" not in part


def test_it_is_narrowed_by_kind_and_card(rae, sign_in):
    assert titles(search(rae, "tools", card="vmware")) == ["We know their tools."]
    assert titles(search(rae, "o", kind="message")) == ["The CIO"]
    page = sign_in(rae).get("/battlecards/search/?q=tools&kind=row").content.decode()
    assert "Nothing there says that" in page
    assert "No card says that" in sign_in(rae).get("/battlecards/search/?q=zebra").content.decode()


def test_retired_cards_and_claims_are_not_found(rae, eve):
    assert search(rae, "tape").count == 0
    Card.objects.filter(slug="objections").update(retired_at=timezone.now())
    assert titles(search(rae, "tools")) == titles(search(eve, "tools")) == ["We know their tools."]


def test_the_palette_finds_cards_and_what_they_say(rae, charlie, sign_in):
    answer = sign_in(rae).get("/palette/?q=vmware").content.decode()
    assert 'data-url="/battlecards/vmware/"' in answer
    assert 'data-url="/battlecards/objections/#c-invested"' in sign_in(rae).get("/palette/?q=millions").content.decode()
    assert search(charlie, "millions").count == 0
