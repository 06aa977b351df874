"""The palette and the search page: whom they show what."""

from __future__ import annotations

import re

import pytest

from crm.rules.keys import groups
from crm.rules.palette import rank
from deals.models import Deal
from tests.architecture.sources import TEMPLATES, templates
from tests.factories import make_account, make_contact, make_deal

RANKS = [
    ("new d", "New deal", "", 0),
    ("deal", "New deal", "", 1),
    ("d n", "New deal", "", 1),
    ("opportunity", "New deal", "add opportunity", 2),
    ("create opp", "New deal", "create opportunity", 2),
    ("eal", "New deal", "", None),
    ("new x", "New deal", "", None),
    ("", "New deal", "", 0),
]


@pytest.mark.parametrize("text, label, words, expected", RANKS)
def test_a_command_fits_by_the_beginnings_of_its_words(text, label, words, expected):
    assert rank(text, label, words) == expected


def options(client, q="", at="/deals/", **kwargs):
    answer = client.get("/palette/", {"q": q, "from": at}, **kwargs)
    assert answer.status_code == 200
    return re.findall(r'<span class="name">([^<]*)</span>', answer.content.decode())


@pytest.fixture
def aster(deal):
    make_contact(deal.account, "Asterix", first_name="Ines")
    return deal.account


@pytest.mark.django_db
def test_records_are_found_by_a_part_of_their_name_as_far_as_one_sees_them(aster, deal, cast, sign_in):
    found = {name: options(sign_in(cast[name]), "aster") for name in ("rae", "remy", "eve", "vera", "otto")}
    assert found["rae"] == found["otto"] == [str(deal), "Aster Health", "Ines Asterix"]
    assert found["remy"] == ["Aster Health", "Ines Asterix"]
    assert found["eve"] == found["vera"] == [str(deal), "Aster Health"]
    assert sign_in(cast["charlie"]).get("/palette/").status_code == 404


@pytest.mark.django_db
def test_two_letters_find_beginnings_and_three_find_middles(rae, deal, sign_in):
    make_account("Halaster")
    assert {"Aster Health", "Halaster"} & set(options(sign_in(rae), "as")) == {"Aster Health"}
    assert options(sign_in(rae), "ast") == [str(deal), "Aster Health", "Halaster"]


@pytest.mark.django_db
def test_on_a_deals_page_stands_what_one_may_do_with_it(deal, cast, sign_in):
    at = f"/deals/{deal.pk}/bant/"
    mine = options(sign_in(cast["rae"]), at=at)
    assert mine[0] == "Add a note"
    assert {"Set the next step", "Move to another stage", "Close this deal", "New deal", "Sign out", "Deals"} <= set(
        mine
    )
    assert "Give this deal to somebody else" not in mine
    assert "Give this deal to somebody else" in options(sign_in(cast["mona"]), at=at)
    for name in ("remy", "vik", "vera"):
        assert not {"Set the next step", "Add a note"} & set(options(sign_in(cast[name]), at=at))
    Deal.objects.filter(pk=deal.pk).update(outcome="lost", stage="lost", closed_at=deal.created_at)
    assert "Reopen this deal" in options(sign_in(cast["rae"]), at=at)
    assert "Set the next step" not in options(sign_in(cast["rae"]), at=at)


@pytest.mark.django_db
def test_pages_are_those_of_ones_role(cast, sign_in):
    assert "Jobs" in options(sign_in(cast["otto"]))
    assert "Jobs" not in options(sign_in(cast["rae"]))
    assert "Contacts" not in options(sign_in(cast["vera"]))


@pytest.mark.django_db
def test_the_last_records_come_back_while_one_sees_them_and_for_no_other_person(rae, remy, deal, sign_in):
    client = sign_in(rae)
    other = make_deal(rae, "Second")
    for path in (f"/deals/{deal.pk}/", f"/accounts/{deal.account_id}/", f"/deals/{other.pk}/", f"/deals/{deal.pk}/"):
        client.get(path)
    assert options(client)[:3] == [str(deal), "Second", "Aster Health"]
    assert options(client, at=f"/deals/{deal.pk}/").count(str(deal)) == 0  # one is there
    Deal.objects.filter(pk=other.pk).update(owner=remy)
    assert options(client)[:2] == [str(deal), "Aster Health"]
    client.force_login(remy, backend="crm.auth.PersonBackend")
    assert "Aster Health" not in options(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie", ["", "1", "{pk}_", "{pk}_deal.x-nothing.3", "{pk}_deal.999999999999999999", "x_deal.1"]
)
def test_a_cookie_of_nonsense_is_nothing(rae, sign_in, cookie):
    client = sign_in(rae)
    client.cookies["recent"] = cookie.format(pk=rae.pk)
    assert options(client)


@pytest.mark.django_db
def test_without_scripts_the_field_leads_to_a_page_of_links(aster, deal, rae, sign_in):
    text = sign_in(rae).get("/search/", {"q": "aster"}).content.decode()
    assert f'href="/deals/{deal.pk}/"' in text
    assert 'href="/deals/?state=all&amp;q=aster"' in text
    assert "Nothing has this in its name" in sign_in(rae).get("/search/", {"q": "zzzz"}).content.decode()


def test_every_key_on_a_page_stands_in_the_help():
    told = {" ".join(key.strokes) for group in groups([("d", "Deals")], creates_deals=True) for key in group.keys}
    source = "".join((TEMPLATES / name).read_text() for name in templates())
    assert set(re.findall(r'data-key="([\w ]+)"', source)) <= told
    assert {"g d", "Ctrl+K", "?", "/", "n"} <= told
