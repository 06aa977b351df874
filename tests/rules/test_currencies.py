"""Money of several currencies in one: exact, by the rate of the day, never a guess."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules.currencies import Rate, Rates, converted, needs_reason, removal_needs_reason, summed, to_cents

JAN, APR, JUL = dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 7, 1)
DAY = dt.timedelta(days=1)
RATES = Rates(
    "USD",
    [
        Rate("EUR", APR, Decimal("1.10")),
        Rate("EUR", JAN, Decimal("1.0834")),
        Rate("GBP", JAN, Decimal("1.2501")),
        Rate("IDR", JAN, Decimal("0.0000612345")),
    ],
)


@pytest.mark.parametrize(
    "currency, day, value",
    [
        ("USD", JAN - DAY, "100.00"),
        ("EUR", JAN - DAY, None),
        ("EUR", JAN, "108.340000"),
        ("EUR", APR - DAY, "108.340000"),
        ("EUR", APR, "110.0000"),
        ("EUR", dt.date(2031, 1, 1), "110.0000"),
        ("SEK", APR, None),
    ],
)
def test_an_amount_is_worth_what_the_rate_of_its_day_says(currency, day, value):
    assert converted(Decimal("100.00"), currency, day, RATES) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "exact, cents", [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_cents_are_rounded_half_up(exact, cents):
    assert to_cents(Decimal(exact)) == Decimal(cents)


def test_a_sum_is_rounded_once_and_says_what_it_rests_on():
    found = summed(
        {"EUR": [Decimal("0.01")], "GBP": [Decimal("0.01")], "SEK": [Decimal(9)], "USD": [Decimal(1)]}, JAN, RATES
    )
    assert found.amounts == (Decimal("1.02"),)
    assert [rate.currency for rate in found.used] == ["EUR", "GBP"]
    assert found.missing == ("SEK",)
    half = Rates("USD", [Rate("EUR", JAN, Decimal("0.5")), Rate("GBP", JAN, Decimal("0.5"))])
    assert summed({"EUR": [Decimal("0.01")], "GBP": [Decimal("0.01")]}, JAN, half).amounts == (Decimal("0.01"),)


CENTS = st.integers(0, 10**15 - 1).map(lambda cents: Decimal(cents).scaleb(-2))
WORTH = st.integers(1, 10**18 - 1).map(lambda units: Decimal(units).scaleb(-10))


@given(st.dictionaries(st.sampled_from(["EUR", "GBP", "JPY", "USD"]), st.tuples(CENTS, WORTH), min_size=1))
def test_sums_are_exact_to_the_last_digit(book):
    rates = Rates("USD", [Rate(code, JAN, rate) for code, (_, rate) in book.items() if code != "USD"])
    exact = sum(Fraction(amount) * (1 if code == "USD" else Fraction(rate)) for code, (amount, rate) in book.items())
    found = summed({code: [amount] for code, (amount, _) in book.items()}, JAN, rates).amounts[0]
    assert Fraction(found) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)


@pytest.mark.parametrize(
    "rate, today, needed",
    [
        (Rate("EUR", JAN, Decimal("1.09")), APR, True),
        (Rate("EUR", JAN, Decimal("1.0834")), APR, False),
        (Rate("EUR", JAN + DAY, Decimal("1.09")), APR, True),
        (Rate("EUR", JUL, Decimal("1.2")), APR, False),
        (Rate("EUR", JUL, Decimal("1.2")), JUL, False),
        (Rate("EUR", APR, Decimal("1.2")), APR, True),
        (Rate("EUR", JAN - DAY, Decimal("1.2")), APR, False),
        (Rate("SEK", JAN, Decimal("0.1")), APR, False),
    ],
)
def test_what_was_converted_until_today_changes_only_for_a_reason(rate, today, needed):
    assert needs_reason(RATES, rate, today) is needed


def test_taking_a_rate_away_needs_one_too_unless_it_is_still_to_come():
    assert removal_needs_reason(RATES, Rate("EUR", APR, Decimal("1.10")), APR)
    assert not removal_needs_reason(RATES, Rate("EUR", APR, Decimal("1.10")), APR - DAY)
