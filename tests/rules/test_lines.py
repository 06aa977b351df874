"""What product lines have to add up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.rules.lines import Line, balance, followed, in_words, may_take_sum, rests

CENTS = st.integers(0, 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
PARTS = st.lists(st.none() | CENTS, max_size=6)


def lines(*amounts):
    return [
        Line(name, None if amount is None else Decimal(amount)) for name, amount in zip("ABCDEF", amounts, strict=False)
    ]


@pytest.mark.parametrize(
    "amount, parts, said",
    [
        ("100", [], ""),
        ("100", [None, None], ""),
        (None, [None], ""),
        ("100", ["60", "40"], ""),
        ("0.30", ["0.10", "0.20"], ""),
        ("100", ["60", "39.99"], "The lines add up to 99.99 EUR, 0.01 EUR less than the deal's 100.00 EUR."),
        ("100", ["60", "50"], "The lines add up to 110.00 EUR, 10.00 EUR more than the deal's 100.00 EUR."),
        (None, ["60"], "The lines add up to 60.00 EUR, and the deal has no amount yet."),
        (
            "100",
            ["100", None],
            "B has no amount. Give every line one, zero if it comes free, or none at all.",
        ),
        (
            "100",
            ["60", None, None],
            "The lines add up to 60.00 EUR, 40.00 EUR less than the deal's 100.00 EUR. "
            "B and C have no amount. Give every line one, zero if it comes free, or none at all.",
        ),
    ],
)
def test_a_difference_is_named(amount, parts, said):
    found = balance(None if amount is None else Decimal(amount), lines(*parts))
    assert in_words(found, "EUR").replace("\u00a0", " ") == said
    assert found.holds == (said == "")


def test_the_rest_goes_where_it_leaves_nothing_open_or_below_zero():
    def offered(amount, *parts):
        given_lines = lines(*parts)
        return [(rest.product, rest.amount) for rest in rests(balance(Decimal(amount), given_lines), given_lines)]

    assert offered("100", "60", "30") == [("A", Decimal(70)), ("B", Decimal(40))]
    assert offered("100", "60", None) == [("B", Decimal(40))]
    assert offered("100", "60", None, None) == []
    assert offered("50", "60", "5") == [("A", Decimal(45))]
    assert offered("100", "60", "40") == []


def test_an_amount_that_changes_alone_takes_a_single_line_with_it_and_nothing_else():
    assert followed(Decimal(100), Decimal(120), lines("100")) == tuple(lines("120"))
    assert followed(Decimal(100), None, lines("100")) == tuple(lines(None))
    assert followed(Decimal(100), Decimal(120), lines(None, None)) == tuple(lines(None, None))
    assert followed(Decimal(90), Decimal(100), lines("60", "40")) == tuple(lines("60", "40"))
    assert followed(Decimal(100), Decimal(120), lines("60", "40")) is None
    assert followed(Decimal(100), Decimal(120), lines("70")) is None


@given(st.none() | CENTS, PARTS)
def test_every_way_out_leads_to_lines_that_add_up(amount, parts):
    there = lines(*parts)
    found = balance(amount, there)
    for rest in rests(found, there):
        put = [*there[: rest.place], Line(rest.product, rest.amount), *there[rest.place + 1 :]]
        assert balance(amount, put).holds
    if may_take_sum(found):
        assert balance(found.total, there).holds
