"""Quotes in the palette, the search and the history."""

from __future__ import annotations

import pytest

from tests.factories import make_quote
from tests.notifications.test_palette import options
from tests.quotes.conftest import BOTH

pytestmark = pytest.mark.django_db


def test_a_quote_is_found_by_number_title_and_customer_by_who_sees_its_deal(deal, cast, sign_in):
    quote = make_quote(deal, "Rollout in the north")
    for text in (quote.reference, "q1" if quote.pk == 1 else f"q{quote.pk}", "the north", "aster"):
        assert str(quote) in options(sign_in(cast["rae"]), text), text
        for name in ("remy", "eve", "vera"):
            assert str(quote) not in options(sign_in(cast[name]), text)
    assert str(quote) in options(sign_in(cast["vik"]), "north")


def test_on_its_page_stands_what_one_may_do_with_it(deal, cast, sign_in, send):
    quote = make_quote(deal)
    at = f"/quotes/{quote.pk}/"
    assert {"Submit this quote", "Edit this quote", "Drop this draft"} <= set(options(sign_in(cast["rae"]), at=at))
    assert not {"Submit this quote", "Edit this quote"} & set(options(sign_in(cast["vik"]), at=at))
    send(quote)
    offered = set(options(sign_in(cast["rae"]), at=at))
    assert {"The customer accepts this quote", "Withdraw this quote", "Revise this quote"} <= offered
    assert "Submit this quote" not in offered
    on_deal = f"/deals/{deal.pk}/"
    assert "New quote on this deal" in options(sign_in(cast["rae"]), at=on_deal)
    assert "New quote on this deal" not in options(sign_in(cast["vik"]), at=on_deal)


def test_the_history_names_the_quote_and_leads_to_it(send, otto, sign_in):
    quote = send(**BOTH).revision.quote
    page = sign_in(otto).get("/changes/?kind=quote").content.decode()
    assert f'href="/quotes/{quote.pk}/"' in page
    assert str(quote) in page
