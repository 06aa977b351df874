"""The editors' queue: use x staleness x harm, explained. And win rates with their intervals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from battlecards.rules.queue import Case, ranked, reasons, weigh
from crm.rules.rates import rate

TODAY = dt.date(2026, 6, 15)


def claim(wrong, uses=0, views=0, days=0, **values):
    return Case("claim", values.pop("id", 1), uses, views, TODAY - dt.timedelta(days=days), tuple(wrong.items()))


@pytest.mark.parametrize(
    "case, points",
    [
        pytest.param(claim({"expired": 1}), 1 * 1 * 3, id="expired today and never used"),
        pytest.param(claim({"expired": 1}, uses=31), 32 * 1 * 3, id="each use is one more"),
        pytest.param(claim({"expired": 1}, views=29), 3 * 1 * 3, id="ten looks at the card are one use"),
        pytest.param(claim({"expired": 1}, days=29), 1 * 1 * 3, id="less than a month is fresh"),
        pytest.param(claim({"expired": 1}, days=60), 1 * 3 * 3, id="two months"),
        pytest.param(claim({"expired": 1}, days=4_000), 1 * 13 * 3, id="a year is as stale as it gets"),
        pytest.param(claim({"backfired": 3, "wrong": 2}), 1 * 1 * 14, id="each time it hurt counts"),
        pytest.param(claim({"expired": 1, "news": 1, "unsourced": 1}), 1 * 1 * 8, id="what is wrong adds up"),
        pytest.param(Case("gap", 1, 4, 0, TODAY, (("unanswered", 1),)), 4 * 1 * 5, id="raised four times"),
        pytest.param(Case("card", 1, 0, 12, TODAY, (("lost", 2), ("due", 1))), 2 * 1 * 8, id="two losses and a review"),
    ],
)
def test_points(case, points):
    assert weigh(case, TODAY).points == points


def test_the_most_points_stand_first_and_what_is_right_does_not_stand_there():
    cases = [claim({"expired": 1}, id=1), claim({"news": 1}, id=2), claim({"news": 0}, uses=99, id=3)]
    cases += [claim({"expired": 1, "unsourced": 1}, days=40, id=4)]
    assert [row.case.id for row in ranked(cases, TODAY)] == [4, 2, 1]


def test_a_row_explains_itself():
    row = weigh(claim({"expired": 1, "backfired": 2}, uses=2, views=1_234, days=61), TODAY)
    assert row.sum == "126 × 3 × 7 = 2,646"
    assert reasons(row, TODAY) == [
        "Use 126: twice used or said something of, its card looked at 1,234 times in 180 days.",
        "Staleness 3: verified 61 days ago.",
        "Harm 7: expired 3, backfired 2 × 2.",
    ]


@pytest.mark.parametrize(
    "won, closed, shown",
    [
        pytest.param(9, 15, ("60.0", "35.7", "80.2"), id="VMware, by the document"),
        pytest.param(0, 10, ("0.0", "0.0", "27.8"), id="none"),
        pytest.param(10, 10, ("100.0", "72.2", "100.0"), id="all"),
        pytest.param(50, 100, ("50.0", "40.4", "59.6"), id="half of a hundred"),
    ],
)
def test_a_rate_has_its_interval(won, closed, shown):
    found = rate(won, closed, 10)
    assert (found.percent, found.low, found.high) == tuple(map(Decimal, shown))


def test_few_deals_have_no_rate():
    found = rate(6, 8, 10)
    assert (found.hidden, found.percent, found.low) == (True, None, None)
    with pytest.raises(ValueError, match="3 won of 2"):
        rate(3, 2, 1)
