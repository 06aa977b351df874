"""No card is called what an address beside the cards' own is called: nobody could open it."""

from __future__ import annotations

import pytest
from django.urls import resolve

from battlecards import urls
from battlecards.models import Card, Draft, Sort
from battlecards.services.naming import is_reserved, reserved_slugs
from battlecards.services.seeding import seed_cards
from crm.services.audit import Act
from playbook.cards import load_cards, read_card
from playbook.problems import PlaybookErrors
from tests.battlecards.drafts.conftest import CARD, NOW

pytestmark = pytest.mark.django_db
FIXED = {word for one in urls.urlpatterns for _, _, rest in [str(one.pattern).partition("battlecards/")] if rest
         for word in [rest.split("/")[0]] if not word.startswith("<")}  # fmt: skip


def test_each_fixed_word_beside_the_cards_is_reserved_and_no_shipped_slug_is():
    assert {"objections", "search", "raise", "queue", "claims", "cards", "news", "drafts", "new", "import"} <= FIXED
    assert reserved_slugs() == FIXED
    assert resolve("/battlecards/vmware/").url_name == "card-detail"
    assert [card.slug for card in load_cards() if is_reserved(card.slug, card.sort)] == []
    assert is_reserved("objections", Sort.COMPETITOR)


def test_a_reserved_name_is_refused_at_its_field_wherever_cards_begin(playbook, sign_in, otto):
    slug, page = "raise", sign_in(otto)
    made = page.post("/battlecards/new/", {"competitor": "vmware", "title": "VMware", "slug": slug})
    assert made.status_code == 422
    assert made.context["form"].errors == {
        "slug": [f"“{slug}” is an address of these pages already. Choose another name."]
    }
    text = CARD.replace("slug: vmware", f"slug: {slug}")
    brought = page.post("/battlecards/import/", {"text": text, "do": "import"})
    assert brought.status_code == 422
    (problem,) = brought.context["problems"]
    assert (problem.key, problem.reason) == (
        "slug",
        f"is {slug}, which is an address of these pages already; choose another",
    )
    with pytest.raises(PlaybookErrors):
        seed_cards(act=Act(by=None, at=NOW), cards=[read_card(text)])
    assert not Card.objects.exists()
    assert not Draft.objects.exists()


def test_the_library_keeps_its_name(playbook, sign_in, otto):
    seed_cards(act=Act(by=None, at=NOW))
    page = sign_in(otto)
    assert page.get("/battlecards/objections/").status_code == 200
    file = page.get("/battlecards/objections/export.yaml").content.decode()
    brought = page.post("/battlecards/import/", {"text": file, "do": "import"})
    assert (brought.status_code, brought["Location"]) == (302, "/battlecards/objections/edit/")
