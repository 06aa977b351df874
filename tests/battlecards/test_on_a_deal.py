"""Cards on a deal: what comes first and why; objections raised, answered, dropped and taken back."""

from __future__ import annotations

import pytest

from battlecards.models import Use
from battlecards.services.seeding import seed_cards
from battlecards.services.uses import record_use
from crm.lib.errors import NotAllowed
from crm.services.audit import Act
from deals.models import RaisedObjection
from deals.services.committee import set_competitor, set_contact
from deals.services.meddpicc import update_element
from playbook.cards import read_card
from tests.architecture.world_cards import LIBRARY, VMWARE
from tests.factories import make_account, make_contact, make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(playbook):
    made = seed_cards(act=Act(by=None), cards=[read_card(VMWARE), read_card(LIBRARY)])
    return next(one for one in made if one.slug == "vmware")


@pytest.fixture
def deal(rae, card):
    account = make_account("Aster Health")
    made = make_deal(rae, account=account)
    set_competitor(act=Act(by=rae), deal_id=made.pk, competitor_key="vmware", position="incumbent")
    contact = make_contact(account, "Wolf", first_name="Ines", persona="cio")
    set_contact(act=Act(by=rae), deal_id=made.pk, contact_id=contact.pk, role="economic_buyer", sentiment="supporter")
    return made


def text(answer):
    return " ".join(answer.content.decode().split())


def panel(client, deal):
    return text(client.get(f"/deals/{deal.pk}/cards/"))


def test_the_panel_says_what_matters_and_why(deal, sign_in, rae):
    page = panel(sign_in(rae), deal)
    assert "Licence cost" in page
    assert "for CIO: Ines Wolf is on the deal" in page
    assert "By the usual criteria: this deal has none of its own yet." in page
    assert "25 % ours" in page  # of the usual criteria only Performance has a row
    assert Use.objects.count() == 0  # the deal was looked at, no card


def test_the_deals_own_weights_count(deal, sign_in, rae):
    criteria = [{"name": "performance", "weight": "70"}, {"name": "Support", "weight": "30"}]
    update_element(act=Act(by=rae), deal_id=deal.pk, element="decision_criteria", fields={"criteria": criteria})
    page = panel(sign_in(rae), deal)
    assert "70 % ours, 0 % ties, 0 % theirs, 30 % on which no row bears." in page
    assert "usual criteria" not in page


def test_an_objection_goes_its_way(deal, sign_in, rae):
    client, url = sign_in(rae), f"/deals/{deal.pk}/objections/"
    assert client.post(f"{url}new/", {"key": "", "text": " "}).status_code == 422
    assert RaisedObjection.objects.count() == 0
    assert client.post(f"{url}new/", {"key": "invested", "competitor": "vmware"}).status_code == 302
    row = RaisedObjection.objects.get()
    assert row.competitor is not None
    assert (row.key, row.text, row.competitor.key) == ("invested", "We have invested millions.", "vmware")
    page = panel(client, deal)
    assert "raised on" in page
    assert "by rae" in page.lower()
    assert "<b>Say:</b> Your tools keep working." in page
    for do, state in (("answer", "answered"), ("reopen", "open"), ("drop", "dropped")):
        assert client.post(f"{url}{row.pk}/", {"do": do, "answer": "Said so."}).status_code == 302
        row.refresh_from_db()
        assert row.state == state
    assert client.post(f"{url}{row.pk}/", {"do": "answer"}).status_code == 409
    assert client.post(f"{url}{row.pk}/", {"do": "remove"}).status_code == 302
    assert RaisedObjection.objects.count() == 0


def test_the_card_opened_from_a_deal_begins_with_it_and_counts(deal, sign_in, rae, remy):
    client = sign_in(rae)
    answer = client.get(f"/battlecards/vmware/?deal={deal.pk}")
    assert f"First, on {deal.name}" in text(answer)
    assert Use.objects.values_list("how", "deal", "person__username").get() == ("viewed", deal.pk, "rae")
    other = sign_in(remy).get(f"/battlecards/vmware/?deal={deal.pk}")  # not his to see: the card alone
    assert deal.name not in text(other)
    assert Use.objects.get(person=remy).deal is None


def test_a_use_on_a_deal_one_does_not_see_is_refused(deal, card, remy):
    with pytest.raises(NotAllowed):
        record_use(act=Act(by=remy), card=card, how=Use.How.VIEWED, deal_id=deal.pk)
    assert Use.objects.count() == 0


def test_the_library_tells_where_it_was_raised_to_those_who_see_the_deal(deal, sign_in, rae, remy):
    sign_in(rae).post(f"/deals/{deal.pk}/objections/new/", {"key": "invested"})
    assert f'Raised 1 time in 90 days: <a href="/deals/{deal.pk}/#cards">' in text(
        sign_in(rae).get("/battlecards/objections/")
    )
    assert deal.name not in text(sign_in(remy).get("/battlecards/objections/"))
    page = text(sign_in(rae).get("/battlecards/raise/invested/"))
    assert f"/deals/{deal.pk}/objections/new/?key=invested" in page
    assert sign_in(rae).get("/battlecards/raise/gone/").status_code == 404
