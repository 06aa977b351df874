"""Cheaper ways to the same end: what is offered, and that it is never worse than what was asked."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings

from quotes.rules.alternatives import alternatives
from quotes.rules.approvals import lighter
from quotes.rules.pricing import price
from quotes.rules.reading import read
from quotes.rules.stored import ask_json
from quotes.rules.terms import options_of
from tests.rules.asks import RULES, ask, bodies

LIGHTHOUSE = {"reason": "lighthouse", "percent": "10"}
EXAMPLE = {"quantity": 500, "term_years": 3, "prepaid": True, "strategic": LIGHTHOUSE}


def offered(reasons=None, **changes):
    return [(one.kind, one.says, one.priced.levels) for one in alternatives(ask(**changes), RULES, reasons=reasons)]


def test_the_last_node_before_a_tier_costs_more_than_the_first_of_it():
    found = alternatives(ask(price_model="per_node", quantity=499, term_years=5, prepaid=True), RULES)
    (more,) = [one for one in found if one.kind == "quantity"]
    assert more.priced.ask.lines[0].quantities == (500,)
    assert more.says.startswith("500 nodes instead of 499: ")
    assert more.priced.total == Decimal("285000.00")  # 150 x 0.80 x 0.95 x 500 x 5


def test_the_same_price_by_a_reason_that_asks_lower():
    assert offered(**EXAMPLE)[0] == (
        "same_price",
        "10\xa0% as Competitive displacement: the same price, and VP to ask.",
        ("vp",),
    )


def test_the_best_price_of_each_lighter_chain():
    best = {levels: says for kind, says, levels in offered(**EXAMPLE) if kind == "lighter"}
    assert list(best) == [(), ("vp",)]
    assert best[()] == "No strategic discount: 102,956.25\xa0USD a year more, and nobody to ask."
    assert best["vp",].startswith("A term of 4 years and 20\xa0% as Competitive displacement: ")


def test_only_reasons_that_this_customer_could_be_given():
    assert {levels for _, _, levels in offered(reasons=["lighthouse"], **EXAMPLE)} == {(), ("vp",)}
    assert not any("displacement" in says for _, says, _ in offered(reasons=["lighthouse"], **EXAMPLE))


def test_a_ramp_keeps_its_years():
    found = alternatives(ask(quantity=[50, 200, 500], strategic=LIGHTHOUSE), RULES)
    assert {one.priced.ask.term_years for one in found} == {3}


def test_a_ramp_is_raised_in_the_years_where_that_costs_less():
    found = alternatives(ask(price_model="per_node", quantity=[49, 60, 499], prepaid=True), RULES)
    (more,) = [one for one in found if one.kind == "quantity"]
    assert more.says.startswith("50 nodes instead of 49 in year 1 and 500 nodes instead of 499 in year 3: ")


def test_what_is_paid_once_gets_no_cheaper_by_a_longer_term():
    perpetual = {"price_model": "perpetual", "quantity": 50, "term_years": 3}
    assert offered(**perpetual) == []
    assert [says for _, says, _ in offered(reasons=["lighthouse"], **perpetual, strategic=LIGHTHOUSE)] == [
        "No strategic discount: 26,666.67\xa0USD a year more, and nobody to ask."
    ]
    once = {"kind": "one_off", "label": "Set-up", "unit_price": "300000"}
    (found,) = alternatives(ask(price_model="per_node", quantity=600, term_years=1, lines=[once]), RULES)
    assert (found.says, found.saves) == (
        "A term of 3 years and prepaid: 17,325\xa0USD a year less.",
        Decimal("17325.00"),
    )


@settings(max_examples=60)
@given(body=bodies())
def test_whatever_is_offered_can_be_had_and_is_cheaper_or_lighter(body):
    asked = read(body, RULES)
    now = price(asked, RULES)
    for one in alternatives(asked, RULES):
        again = price(read(ask_json(one.priced.ask), RULES), RULES)
        assert (again.total, again.levels) == (one.priced.total, one.priced.levels)
        assert again.yearly < now.yearly or lighter(again.levels, now.levels, RULES)
        if one.kind == "same_price":
            assert again.yearly <= now.yearly
        if one.kind == "quantity":
            assert again.total < now.total
            pairs = zip(asked.lines, again.ask.lines, strict=True)
            assert all(more.quantity(1) >= less.quantity(1) for less, more in pairs)


def test_terms_nobody_chose_are_the_usual_ones_of_what_is_sold():
    def billing(**changes):
        return next(option.key for kind, option in options_of(ask(**changes), RULES) if kind.key == "billing")

    assert billing() == "annual"
    assert billing(billing="quarterly") == "quarterly"
    assert billing(price_model="consumption", rate="0.03", term_years=1) == "monthly_arrears"
