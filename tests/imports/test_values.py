"""Numbers and names in foreign files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.rules.import_values import near_matches, number, slug, split_name, truth

pytestmark = pytest.mark.any_engine("asks no database")

NUMBERS = {
    "1100.04": "1100.04",
    "1,054,000.50": "1054000.50",
    "$1,054": "1054",
    "USD 12": "12",
    "12 USD": "12",
    "-5": "-5",
    "$-5": "-5",
    ".5": "0.5",
    " 7 ": "7",
    "1 054": "1054",
}
NOT_NUMBERS = ["", "None", "NaN", "nan", "Infinity", "1e5", "1,5", "1.2.3", "12 34", "--5", "ten", "٣", "$"]


@pytest.mark.parametrize("text, value", NUMBERS.items())
def test_number(text, value):
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_no_number_stays_none(text):
    assert number(text) is None


def test_decimal_comma_when_the_mapping_says_so():
    assert number("1.054,50 €", decimal="comma") == Decimal("1054.50")
    assert number("1.5", decimal="comma") is None


def test_near_is_equal_without_spaces_case_and_punctuation():
    assert near_matches("GTXPro", ["GTX Pro", "GTX Plus Pro", "GTX Basic"]) == ["GTX Pro"]
    assert near_matches("GTX Pr", ["GTX Pro"]) == []
    assert near_matches("--", ["!!"]) == []


def test_near_gives_every_candidate_so_that_two_are_seen_as_two():
    assert near_matches("ab", ["A B", "a-b"]) == ["A B", "a-b"]


def test_slug_and_names():
    assert slug("Mei-Mei Johns") == "mei_mei_johns"
    assert slug("Ćosić, Ana", join=".") == "cosic.ana"
    assert split_name("Mei-Mei Johns") == ("Mei-Mei", "Johns")
    assert split_name("Losch, Cara") == ("Cara", "Losch")
    assert split_name("Cher") == ("", "Cher")


def test_truth():
    assert [truth(text) for text in ("TRUE", "no", "maybe")] == [True, False, None]
