"""Quotes as they would be sent, for tests of the rules that price them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules, price_rules
from quotes.rules.pricing import Priced, price
from quotes.rules.reading import read
from quotes.rules.refusals import Refusal, Refused
from tests.rules.worlds import SHIPPED

RULES: PriceRules = price_rules(SHIPPED)
PLAIN = {"price_model": "per_socket", "quantity": 100, "term_years": 3}


def ask(**changes: Any) -> Ask:
    return read({**PLAIN, **changes}, RULES)


def priced(**changes: Any) -> Priced:
    return price(ask(**changes), RULES)


def refused(**changes: Any) -> tuple[Refusal, ...]:
    """Why it can't be had; fails where it can."""
    try:
        priced(**changes)
    except Refused as error:
        return error.refusals
    raise AssertionError("This was priced.")


def hundredths(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 100).map(lambda whole: Decimal(whole) / 100)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Any quote that can be had, of one or several lines, flat or a ramp."""
    term = draw(st.integers(1, 5))
    model = draw(st.sampled_from(["per_socket", "per_core", "per_node"]))
    one = st.integers(3, 6000)
    quantity = draw(st.one_of(one, st.lists(one, min_size=term, max_size=term)))
    reason = draw(st.sampled_from([None, *(key for key, one in RULES.reasons.items() if one.arr_over is None)]))
    strategic = reason and {"reason": reason, "percent": str(draw(hundredths(int(RULES.reasons[reason].cap_percent))))}
    more = draw(st.lists(st.fixed_dictionaries({"price_model": st.just("per_core"), "quantity": one}), max_size=2))
    tiers = [None, *(tier.key for tier in RULES.discounts.partner_tiers)]
    slow = draw(st.sampled_from([None, "net_60"])) if term >= 3 else None
    return {
        "price_model": model,
        "quantity": quantity,
        "term_years": term,
        "prepaid": draw(st.booleans()),
        "strategic": strategic,
        "partner_tier": draw(st.sampled_from(tiers)),
        "deal_registered": draw(st.booleans()),
        "payment_terms": slow,
        "lines": more,
    }
