"""Whether targets add up, said in words."""

from __future__ import annotations

from decimal import Decimal

from crm.rules.target_sums import sums_in_words
from playbook.schema.market import Target


def target(amount: int, year: int = 1, quarter: int | None = None, line: str | None = None) -> Target:
    return Target(set="company", year=year, quarter=quarter, product_line=line, amount=Decimal(amount))


def test_quarters_that_make_their_year() -> None:
    assert sums_in_words([target(10), *(target(2, quarter=q) for q in (1, 2)), target(6, quarter=3)]) == (
        "The quarters add up to the whole.",
    )


def test_parts_that_do_not_make_the_whole() -> None:
    found = sums_in_words([target(30_000_000), target(10_000_000, line="core"), target(5_000_000, line="security")])
    assert found == ("Year 1: the parts add up to 15.00\u00a0M, the whole says 30.00\u00a0M.",)


def test_each_year_by_itself() -> None:
    found = sums_in_words([target(5), target(5, quarter=1), target(7, year=2), target(6, year=2, quarter=1)])
    assert [sentence[:6] for sentence in found] == ["Year 2"]


def test_nothing_to_compare_says_nothing() -> None:
    assert sums_in_words([target(10, line="core"), target(5, line="security")]) == ()
