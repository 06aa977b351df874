"""How a quote is priced: each rule by an example worked out by hand, then what holds of every quote."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from quotes.rules.approvals import requirements
from quotes.rules.pricing import price, shared_out
from quotes.rules.reading import read
from quotes.rules.stored import ask_json, fingerprint, priced_json
from tests.rules.asks import PLAIN, RULES, ask, bodies, priced, refused

MARKET = {"price_model": None, "quantity": None, "term_years": 1}


def steps(found, year=0, line=0):
    return [(step.discount, step.percent, step.after) for step in found.years[year].lines[line].waterfall.steps]


def test_each_step_takes_from_what_is_left():
    lighthouse = {"reason": "lighthouse", "percent": "10"}
    assert steps(priced(quantity=500, prepaid=True, strategic=lighthouse)) == [
        ("volume", Decimal(15), Decimal("2550")),
        ("multi_year", Decimal(15), Decimal("2167.5")),
        ("prepayment", Decimal(5), Decimal("2059.125")),
        ("strategic", Decimal(10), Decimal("1853.2125")),
    ]


def test_the_uplift_comes_first_and_once():
    found = priced(billing="quarterly", payment_terms="net_60")
    assert steps(found)[0] == ("uplift", Decimal(5), Decimal("2625"))
    assert found.total == Decimal("602437.50")  # 2,500 x 1.05 x 0.90 x 0.85 x 100 sockets x 3 years


def test_partner_models_take_the_place_of_a_tier():
    assert steps(priced(partner={"model": "msp", "percent": "40"}))[-1] == ("partner", Decimal(40), Decimal("1147.5"))


@pytest.mark.parametrize(
    "programme, quantity, total",
    [("research", 100, "0.00"), ("institutional", 1000, "45000.00"), ("national_lab", 1000, "75000.00")],
)
def test_academic_programmes_come_before_every_discount(programme, quantity, total):
    found = priced(price_model="per_node", quantity=quantity, term_years=1, programme=programme)
    assert found.total == Decimal(total)


def test_use_is_730_hours_a_month():
    found = priced(price_model="consumption", quantity=10_000, rate="0.03", term_years=1)
    assert found.total == Decimal("2628000.00")


def test_a_perpetual_licence_is_paid_once_and_maintained_yearly():
    found = priced(price_model="perpetual", quantity=10, term_years=3)
    assert [year.amount for year in found.years] == [Decimal(120_000), Decimal(20_000), Decimal(20_000)]
    assert found.arr == Decimal(20_000)


def test_a_locked_year_prices_every_year():
    ramp = [50, 200, 500]
    assert [line.net_unit for line in _lines(priced(quantity=ramp))] == [
        Decimal("2018.75"),
        Decimal("1912.5"),
        Decimal("2167.5"),
    ]
    locked = priced(quantity=ramp, locked_year=2)
    assert [line.net_unit for line in _lines(locked)] == [Decimal("1912.5")] * 3
    assert locked.levels == ("vp",)


def _lines(found):
    return [year.lines[0] for year in found.years]


def test_items_have_their_price_whatever_the_discounts():
    migration = {"kind": "service", "label": "Migration", "unit_price": "100000"}
    support = {"kind": "add_on", "label": "On-site support", "unit_price": "12000.50", "charged": "yearly"}
    found = priced(lines=[migration, support])
    assert [year.amount for year in found.years] == [Decimal("303250.50"), Decimal("203250.50"), Decimal("203250.50")]
    assert found.arr == Decimal("203250.50")
    assert found.discount_percent == Decimal("23.50")


def test_lines_are_priced_each_by_itself_and_add_up():
    found = priced(lines=[{"price_model": "per_node", "quantity": 500}])
    assert [line.amount for line in found.years[0].lines] == [Decimal("191250.00"), Decimal("63750.00")]
    assert found.years[0].amount == Decimal("255000.00")


def test_cents_go_where_they_are_missed_most():
    assert shared_out(Decimal("1.00"), [Decimal("0.333"), Decimal("0.333"), Decimal("0.334")]) == [
        Decimal("0.33"),
        Decimal("0.33"),
        Decimal("0.34"),
    ]
    assert shared_out(Decimal("0.03"), [Decimal("0.005"), Decimal("0.005"), Decimal("0.02")]) == [
        Decimal("0.01"),
        Decimal("0.00"),
        Decimal("0.02"),
    ]


def test_the_million_is_counted_before_the_discount_itself():
    """400 sockets at 2,500 less 10 % are 900,000; exactly a million is not over it."""
    large = {"reason": "large_deal", "percent": "25"}
    add_on = {"kind": "add_on", "label": "Support on site", "charged": "yearly"}
    body = {"quantity": 400, "term_years": 1, "strategic": large}
    (refusal,) = refused(**body, lines=[{**add_on, "unit_price": "100000"}])
    assert (refusal.field, refusal.rule) == ("strategic.reason", "large_deal")
    found = priced(**body, lines=[{**add_on, "unit_price": "100000.01"}])
    assert (found.total, found.levels) == (Decimal("775000.01"), ("svp",))


def test_the_million_is_that_of_the_largest_year():
    """640 sockets at 3,000 less 15 and 10 % are 1,468,800."""
    large = {"reason": "large_deal", "percent": "25"}
    assert priced(quantity=[50, 640], term_years=2, strategic=large).levels == ("svp",)


def test_who_is_asked_and_why():
    found = priced(quantity=1000, term_years=4, strategic={"reason": "lighthouse", "percent": "5"}, escrow="escrow")
    assert [(one.level, [because.rule for because in one.because]) for one in found.requirements] == [
        ("vp", ["volume", "term"]),
        ("svp", ["strategic.lighthouse", "escrow.escrow"]),
    ]


def test_a_discount_of_nothing_asks_nobody():
    assert priced(strategic={"reason": "lighthouse", "percent": "0"}).levels == ()


def test_prepaying_one_year_gives_nothing_and_says_so():
    found = priced(term_years=1, prepaid=True)
    assert [(one.rule, one.blocks) for one in found.warnings] == [("prepayment_gives_nothing", False)]


def test_a_discount_needs_what_was_got_for_it():
    lighthouse = {"reason": "lighthouse", "percent": "10"}
    assert [one.blocks for one in priced(strategic=lighthouse).warnings] == [True]
    assert priced(strategic={**lighthouse, "got": ["reference"]}).warnings == ()


# What holds of every quote


@given(body=bodies())
def test_steps_lead_from_list_to_net(body):
    for year in price(read(body, RULES), RULES).years:
        for line in year.lines:
            net = line.list_unit
            for step in line.waterfall.steps:
                assert step.before == net
                net = net * (100 + step.percent if step.discount == "uplift" else 100 - step.percent) / 100
            assert net == line.net_unit
            assert line.list_unit * Decimal("1.05") >= line.net_unit >= 0


@given(body=bodies())
def test_years_add_up_to_the_total_and_lines_to_the_year(body):
    found = price(read(body, RULES), RULES)
    assert sum(year.amount for year in found.years) == found.total
    for year in found.years:
        assert sum(line.amount for line in year.lines) == year.amount
        exact = sum(line.net_unit * line.quantity for line in year.lines)
        assert abs(year.amount - exact) <= Decimal("0.005")


@given(body=bodies())
def test_more_discount_never_costs_more_and_never_asks_fewer(body):
    less = price(read({**body, "strategic": None, "deal_registered": False, "partner_tier": None}, RULES), RULES)
    more = price(read(body, RULES), RULES)
    assert more.total <= less.total
    assert set(more.levels) >= set(less.levels)


@given(body=bodies())
def test_what_is_stored_is_priced_the_same_again(body):
    once = read(body, RULES)
    again = read(ask_json(once), RULES)
    assert priced_json(price(again, RULES)) == priced_json(price(once, RULES))
    assert fingerprint(once, playbook="x") == fingerprint(again, playbook="x")
    assert requirements(once, RULES) == requirements(again, RULES)


def test_whatever_prices_or_binds_is_in_the_fingerprint():
    changes: list[dict[str, Any]] = [
        {"quantity": 101},
        {"term_years": 2},
        {"prepaid": True},
        {"strategic": {"reason": "lighthouse", "percent": "1"}},
        {"strategic": {"reason": "lighthouse", "percent": "1", "got": ["reference"]}},
        {"partner_tier": "gold"},
        {"deal_registered": True},
        {"liability_cap": "months_24"},
        {"lines": [{"kind": "one_off", "label": "Travel", "unit_price": "1"}]},
        {"legal_review": "Read by counsel"},
        {"locked_year": 1},
    ]
    prints = {fingerprint(ask(**change), playbook="x") for change in changes}
    prints |= {fingerprint(ask(), playbook="x"), fingerprint(ask(), playbook="y")}
    prints.add(fingerprint(ask(), playbook="x", extra={"valid_until": "2027-01-01"}))
    assert len(prints) == len(changes) + 3
    assert fingerprint(ask(quantity=[100, 100, 100]), playbook="x") == fingerprint(ask(), playbook="x")
    assert fingerprint(ask(payment_terms="net_30"), playbook="x") == fingerprint(ask(**PLAIN), playbook="x")
