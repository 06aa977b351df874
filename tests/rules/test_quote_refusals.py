"""What can't be quoted: at which field, by which rule, and what would do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.asks import RULES, priced, refused

LIGHTHOUSE = {"reason": "lighthouse", "percent": "31"}
PILOT = {"kind": "pilot", "key": "edge_pilot", "unit_price": "49999.99"}

REFUSALS: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "over a cap": ({"strategic": LIGHTHOUSE}, ("strategic.percent", "cap", "30")),
    "displacement over its cap": (
        {"strategic": {"reason": "displacement", "percent": "20.01"}},
        ("strategic.percent", "cap", "20"),
    ),
    "under the minimum": ({"quantity": 2}, ("quantity", "minimum", "3")),
    "nothing": ({"quantity": 0}, ("quantity", "minimum", "3")),
    "under nothing": ({"quantity": -5}, ("quantity", "minimum", "3")),
    "not whole": ({"quantity": "3.5"}, ("quantity", "whole", "4")),
    "not whole and under nothing": ({"quantity": "-50.5"}, ("quantity", "whole", "1")),
    "not whole and far too many": ({"quantity": "10000000.5"}, ("quantity", "maximum", "10000000")),
    "more than amounts are kept for": (
        {"lines": [{"kind": "service", "label": "All of it", "unit_price": "1000000000000", "quantity": 10}]},
        ("lines", "amount", ""),
    ),
    "half a character": ({"legal_review": "\ud800"}, ("legal_review", "text", "")),
    "six years": ({"term_years": 6}, ("term_years", "term", "5")),
    "no year": ({"term_years": 0}, ("term_years", "term", "1")),
    "a ramp too short": ({"quantity": [50, 100]}, ("quantity", "ramp", "")),
    "a ramp too long": ({"quantity": [50, 60, 70, 80]}, ("quantity", "ramp", "")),
    "a ramp year under the minimum": ({"quantity": [2, 100, 100]}, ("quantity", "minimum", "3")),
    "two strategic discounts": (
        {"strategic": [{"reason": "lighthouse", "percent": "1"}, {"reason": "displacement", "percent": "1"}]},
        ("strategic", "one_strategic", ""),
    ),
    "perpetual with subscription": (
        {"lines": [{"price_model": "perpetual", "quantity": 5}]},
        ("lines", "perpetual_mixed", ""),
    ),
    "two price books": ({"lines": [{"price_model": "plan_basic", "quantity": 1}]}, ("lines", "books_mixed", "")),
    "a large deal that is none": (
        {"strategic": {"reason": "large_deal", "percent": "5"}},
        ("strategic.reason", "large_deal", ""),
    ),
    "net 60 without the commitment": (
        {"payment_terms": "net_60", "term_years": 2},
        ("payment_terms", "commitment", "net_30"),
    ),
    "quarterly without the commitment": (
        {"billing": "quarterly", "term_years": 1},
        ("billing", "commitment", "annual"),
    ),
    "use without a rate": (
        {"price_model": "consumption"},
        ("rate", "rate", "0.05"),
    ),
    "a rate too low": (
        {"price_model": "consumption", "rate": "0.01"},
        ("rate", "rate", "0.02"),
    ),
    "a rate for a list price": ({"rate": "1"}, ("rate", "rate", "")),
    "a reseller's percentage out of its range": (
        {"partner": {"model": "reseller", "percent": "36"}},
        ("partner.percent", "partner_range", "35"),
    ),
    "a partner twice": (
        {"partner": {"model": "reseller", "percent": "30"}, "partner_tier": "gold"},
        ("partner.model", "one_partner", ""),
    ),
    "a programme over its limit": (
        {"price_model": "per_node", "quantity": 101, "programme": "research"},
        ("quantity", "programme_limit", "100"),
    ),
    "a pilot under its price": ({"lines": [PILOT]}, ("lines.0.unit_price", "catalogue_price", "50000")),
    "a year that is not there": ({"locked_year": 4}, ("locked_year", "price_lock", "3")),
    "use billed in advance": (
        {"price_model": "consumption", "rate": "0.03", "billing": "quarterly"},
        ("billing", "billing", "monthly_arrears"),
    ),
    "nothing at all": ({"price_model": None, "quantity": None}, ("lines", "empty", "")),
    "an unknown model": ({"price_model": "per_rack"}, ("price_model", "choice", "")),
    "an unknown reason": (
        {"strategic": {"reason": "friendship", "percent": "5"}},
        ("strategic.reason", "choice", ""),
    ),
    "an unknown field": ({"discount": "90"}, ("discount", "unknown", "")),
    "not a number": ({"quantity": "many"}, ("quantity", "number", "")),
    "not a finite number": ({"quantity": "Infinity"}, ("quantity", "number", "")),
    "true for a number": ({"quantity": True}, ("quantity", "number", "")),
    "a comma that is no thousand": ({"quantity": "1,5"}, ("quantity", "number", "")),
    "too many": ({"quantity": 10_000_001}, ("quantity", "maximum", "10000000")),
    "a text for a flag": ({"prepaid": "yes"}, ("prepaid", "flag", "")),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal(case):
    changes, expected = REFUSALS[case]
    found = refused(**changes)
    assert [(one.field, one.rule, one.instead) for one in found] == [expected]
    assert found[0].text.endswith(".")


def test_every_refusal_is_told_at_once():
    found = refused(quantity=2, term_years=9, strategic=LIGHTHOUSE)
    assert [one.field for one in found] == ["term_years", "quantity", "strategic.percent"]


def test_further_lines_are_named_as_they_were_sent():
    assert [one.field for one in refused(lines=[{"price_model": "per_node", "quantity": 0}])] == ["lines.0.quantity"]


def test_what_is_exactly_at_the_edge_is_had():
    assert priced(strategic={"reason": "lighthouse", "percent": "30"}).total
    assert priced(quantity=3, term_years=5).total
    assert priced(payment_terms="net_60", term_years=3).total


def test_a_thousand_separator_is_read():
    assert priced(quantity="1,000").total == priced(quantity=1000).total


def test_every_option_and_model_of_the_playbook_can_be_asked_for():
    for kind, options in RULES.options.items():
        for key in options:
            if kind != "billing":
                assert priced(**{kind: key}).total
