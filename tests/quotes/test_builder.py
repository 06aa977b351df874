"""The builder over HTTP: what is typed is priced while one types, refused at its field, kept whatever it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from crm.models import Competitor
from deals.models import Deal, DealCompetitor
from quotes.models import Quote, Revision
from tests.factories import make_account, make_deal

NODES = {
    "licence-0-price_model": "per_node",
    "licence-0-quantity": "499",
    "term_years": "3",
    "title": "Edge rollout",
    "payment_terms": "net_30",
    "billing": "annual",
}


@pytest.fixture
def deal(rae):
    account = make_account("Aster Retail", facts={"edge_nodes": 499})
    return make_deal(rae, "Edge rollout", account=account)


@pytest.fixture
def browser(rae, sign_in):
    return sign_in(rae)


def newest() -> Any:
    return Revision.objects.latest("pk")


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def preview(browser: Any, deal: Deal, **typed: Any) -> str:
    return page(browser.post("/quotes/preview/", NODES | typed | {"deal": deal.pk}))


def test_a_new_quote_begins_with_what_is_known(browser, deal):
    answer = browser.get(f"/deals/{deal.pk}/quotes/new/")
    form = answer.context["form"]
    assert form.rows("licence") == [{"price_model": "per_node", "product": "", "rate": "", "quantity": "499"}]
    assert (form.initial["term_years"], form.initial["title"]) == ("3", "Edge rollout")
    assert "318,112.50 USD" in page(answer)
    assert not Quote.objects.exists()


def test_the_preview_prices_says_who_agrees_and_what_is_cheaper(browser, deal):
    text = preview(browser, deal, **{"strategic-reason": "lighthouse", "strategic-percent": "10"})
    assert "286,301.25 USD" in text
    assert "Lighthouse customer: 10 % of at most 30 %." in text
    assert "Say what was got for the 10 % of Lighthouse customer." in text
    assert "500 nodes instead of 499: 38,058.75" in text
    assert "Competitive displacement" not in text, "nobody is displaced on this deal"
    assert not Quote.objects.exists()


def test_displacing_is_proposed_where_the_deal_is_against_them(browser, deal, rae):
    DealCompetitor.objects.create(deal=deal, competitor=Competitor.objects.get(key="vmware"))
    text = preview(browser, deal, **{"strategic-reason": "lighthouse", "strategic-percent": "10"})
    assert "10 % as Competitive displacement: the same price, and VP to ask." in text
    DealCompetitor.objects.update(position="out")
    assert "Competitive displacement" not in preview(
        browser, deal, **{"strategic-reason": "lighthouse", "strategic-percent": "10"}
    )


def proposed(text: str, field: str) -> list[Any]:
    """What the buttons at a field would put into the form."""
    found = re.findall(rf'value="([^"]*)" data-use="{field}"', text)
    return [json.loads(one.replace("&quot;", '"')) for one in found]


@pytest.mark.parametrize(
    "typed, field, sets",
    [
        ({"licence-0-price_model": "per_socket", "licence-0-quantity": "2"}, "licence-0-quantity", "3"),
        ({"licence-0-quantity": "12.5"}, "licence-0-quantity", "13"),
        ({"strategic-reason": "lighthouse", "strategic-percent": "35"}, "strategic-percent", "30"),
        ({"payment_terms": "net_60", "term_years": "2"}, "payment_terms", "net_30"),
        ({"partner-model": "msp", "partner-percent": "50"}, "partner-percent", "40"),
    ],
)
def test_a_refusal_stands_at_its_field_with_what_would_do(browser, deal, typed, field, sets):
    text = preview(browser, deal, **typed)
    assert f'data-wrong="{field}"' in text
    assert proposed(text, field) == [{field: [sets]}]


def test_a_ramp_is_mended_in_the_years_that_are_wrong(browser, deal):
    ramp = {"licence-0-price_model": "per_socket", "licence-0-ramp": "1", "licence-0-quantity": ""}
    years = {"licence-0-year_1": "2", "licence-0-year_2": "1", "licence-0-year_3": "200"}
    text = preview(browser, deal, **ramp, **years)
    assert proposed(text, "licence-0-year_1") == [{"licence-0-year_1": ["3"], "licence-0-year_2": ["3"]}]


def test_a_ramp_shows_its_years_side_by_side(browser, deal):
    ramp = {"licence-0-price_model": "per_socket", "licence-0-ramp": "1", "licence-0-quantity": ""}
    years = {"licence-0-year_1": "50", "licence-0-year_2": "200", "licence-0-year_3": "500"}
    text = preview(browser, deal, **ramp, **years)
    assert re.findall(r"<h3>(Year \d)", text) == ["Year 1", "Year 2", "Year 3"]
    assert "1,083,750.00" in text, "500 sockets at 3,000 less 15 and 15 %"


def test_what_is_typed_is_kept_whatever_it_is(browser, deal):
    typed = NODES | {"licence-0-quantity": "about 400", "do": "save", "note": "As discussed.\nInes"}
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", typed)
    quote = Quote.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/quotes/{quote.pk}/")
    assert newest().inputs["lines"][0]["quantity"] == "about 400"
    assert (quote.total, newest().refusals[0]["field"]) == (None, "lines.0.quantity")
    again = page(browser.get(f"/quotes/{quote.pk}/edit/"))
    assert 'value="about 400"' in again
    assert 'id="licence-0-quantity-refused"' in again


def test_hard_texts_are_kept_or_told(browser, deal):
    url = f"/deals/{deal.pk}/quotes/new/"
    hard = NODES | {
        "licence-0-quantity": "4\x0099",
        "licence-0-product": "gone",
        "term_years": "x",
    }
    assert browser.post(url, hard | {"do": "save"}).status_code == 302
    assert newest().inputs["lines"][0]["quantity"] == "499"
    shown = page(browser.get(f"/quotes/{newest().quote_id}/edit/"))
    assert "x (not in the playbook)" in shown
    assert "gone (not in the playbook)" in shown
    assert browser.post(url, NODES | {"note": "n" * 4001, "do": "save"}).status_code == 422
    assert browser.post(url, NODES | {"strategic-got": "\x00", "do": "save"}).status_code == 422
    assert browser.post(url, NODES | {"use": "[1", "do": "save"}).status_code in (200, 302)


def test_a_quote_that_cannot_be_sent_is_saved_and_stays_open(browser, deal):
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"licence-0-quantity": "", "do": "submit"})
    quote = Quote.objects.get()
    assert answer["Location"] == f"/quotes/{quote.pk}/edit/"


def test_a_form_sent_twice_makes_one_quote(browser, deal):
    token = page(browser.get(f"/deals/{deal.pk}/quotes/new/")).partition('name="once" value="')[2].partition('"')[0]
    for _ in range(2):
        browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"do": "save", "once": token})
    assert Quote.objects.count() == 1


def test_an_unreadable_day_and_a_missing_name_are_told_and_store_nothing(browser, deal):
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"valid_until": "soon", "do": "save"})
    assert answer.status_code == 422
    assert 'value="soon"' in page(answer)
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"title": " ", "do": "save"})
    assert (answer.status_code, "Give the quote a name." in page(answer)) == (422, True)
    assert not Quote.objects.exists()


def test_rows_come_and_go_without_scripts(browser, deal):
    url = f"/deals/{deal.pk}/quotes/new/"
    more = browser.post(url, NODES | {"do": "more:licence"}).context["form"]
    assert [row.get("quantity", "") for row in more.rows("licence")] == ["499", ""]
    ramp = browser.post(url, NODES | {"do": "ramp:licence-0"}).context["form"]
    assert ramp.rows("licence")[0] == {
        "price_model": "per_node",
        "ramp": "1",
        "year_1": "499",
        "year_2": "499",
        "year_3": "499",
    }
    gone = browser.post(url, NODES | {"item-0-what": "training", "do": "off:item-0"}).context["form"]
    assert gone.rows("item") == []
    part = browser.post(url, NODES | {"do": "more:item"}, headers={"HX-Request": "true", "HX-Target": "quote-lines"})
    assert page(part).startswith('<section class="sheet quote-lines"')
    assert not Quote.objects.exists()


def test_a_way_is_taken_without_scripts(browser, deal):
    sets = json.dumps({"licence-0-quantity": ["500"]})
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"use": sets})
    assert answer.context["form"].rows("licence")[0]["quantity"] == "500"
    assert "191,250.00 USD" in page(answer)
    assert not Quote.objects.exists()


def test_lines_items_and_everything_else_come_back_as_they_were(browser, deal):
    typed = NODES | {
        "licence-2-price_model": "per_core",
        "licence-2-quantity": "1,000",
        "item-0-what": "training",
        "item-0-unit_price": "9,000",
        "item-0-quantity": "2",
        "item-1-what": "other:one_off",
        "item-1-label": "Travel",
        "item-1-unit_price": "1,200.50",
        "prepaid": "on",
        "strategic-reason": "lighthouse",
        "strategic-percent": "7.5",
        "strategic-got": ["reference", "timing"],
        "strategic-note": "A reference by March.",
        "partner_tier": "silver",
        "deal_registered": "on",
        "liability_cap": "months_24",
        "locked_year": "2",
        "valid_until": "2027-01-31",
        "do": "save",
    }
    browser.post(f"/deals/{deal.pk}/quotes/new/", typed)
    quote = Quote.objects.get()
    before = newest().inputs
    assert newest().refusals == []
    shown = browser.get(f"/quotes/{quote.pk}/edit/").context["form"]
    assert shown.inputs == before
    assert [row.get("label") for row in shown.rows("item")] == ["", "Travel"]


def test_two_people_on_one_quote_see_each_other(browser, deal, mona, sign_in):
    browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"do": "save"})
    quote = Quote.objects.get()
    url = f"/quotes/{quote.pk}/edit/"
    opened = browser.get(url).context["form"]
    started = {"version": opened.initial["version"], "started_from": opened.initial["started_from"]}
    theirs = NODES | started | {"licence-0-quantity": "600", "do": "save"}
    assert sign_in(mona).post(url, theirs).status_code == 302
    mine = NODES | started | {"prepaid": "on", "licence-0-quantity": "700", "do": "save"}
    answer = browser.post(url, mine)
    assert answer.status_code == 409
    found = {one.name: (one.before, one.theirs, one.mine) for one in answer.context["differences"]}
    assert found["rows:licence"] == ("Per edge node · 499", "Per edge node · 600", "Per edge node · 700")
    assert found["prepaid"] == ("no", "no", "yes")
    assert Revision.objects.get(quote=quote).inputs["lines"][0]["quantity"] == "600"
    again = dict(answer.context["form"].data.items()) | {"choose:rows:licence": "theirs", "do": "save"}
    assert browser.post(url, again | {"conflict": answer.context["form"].conflict}).status_code == 302
    kept = Revision.objects.get(quote=quote).inputs
    assert (kept["lines"][0]["quantity"], kept["prepaid"]) == ("600", True)


def test_forty_long_lines(browser, deal):
    typed = {name: value for name, value in NODES.items() if not name.startswith("licence")}
    for number in range(40):
        typed |= {f"licence-{number}-price_model": "per_node", f"licence-{number}-quantity": str(10 + number)}
    text = page(browser.post("/quotes/preview/", typed | {"deal": deal.pk}))
    assert 'hx-trigger="load delay:400ms"' in text, "cheaper ways come a moment later"
    answer = browser.post(f"/deals/{deal.pk}/quotes/new/", typed | {"do": "save"})
    assert (answer.status_code, len(newest().ask["lines"])) == (302, 40)


def test_a_closed_deal_and_a_playbook_without_prices_say_what_to_do(browser, deal, monkeypatch):
    monkeypatch.setattr("quotes.queries.prices.price_rules", no_prices)
    assert "The playbook has no price book" in page(browser.get(f"/deals/{deal.pk}/quotes/new/"))
    assert "no price book yet" in page(browser.get(f"/deals/{deal.pk}/quotes/"))
    monkeypatch.undo()
    Deal.objects.filter(pk=deal.pk).update(outcome="lost", closed_at=deal.created_at)
    assert "The deal is closed" in page(browser.get(f"/deals/{deal.pk}/quotes/new/"))
    assert browser.post(f"/deals/{deal.pk}/quotes/new/", NODES | {"do": "save"}).status_code == 409
    assert not Quote.objects.exists()


def no_prices(_: Any) -> Any:
    from quotes.rules.book import NoPrices

    raise NoPrices
