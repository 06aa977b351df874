"""Lists that are pasted: every problem by its line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from crm.rules.currencies import Rate
from crm.rules.pasted import read_holidays, read_rates


def test_rates_come_by_commas_semicolons_or_tabs():
    text = "Currency,From,Rate\nEUR, 2026-01-01, 1.0834\n\ngbp;2026-01-01;1,2501\nJPY\t2026-01-01\t0.0067\n"
    found, problems = read_rates(text)
    day = dt.date(2026, 1, 1)
    assert problems == []
    assert found == [
        (2, Rate("EUR", day, Decimal("1.0834"))),
        (4, Rate("GBP", day, Decimal("1.2501"))),
        (5, Rate("JPY", day, Decimal("0.0067"))),
    ]


def test_every_wrong_line_is_named():
    lines = [
        "EUR, 2026-01-01, 1.08",
        "EUR, 2026-13-01, 1.08",
        "EUR, 2026-01-02, 1,08",
        "EUR, 2026-01-02, 1.0O",
        "Euro, 2026-01-02, 1.08",
        "EUR, 2026-01-01, 1.09",
        "EUR, 2026-01-03, 0",
        "EUR, 2026-01-03, 1.00000000001",
    ]
    found, problems = read_rates("\n".join(lines))
    assert len(found) == 1
    assert [str(problem) for problem in problems] == [
        "Line 2: “2026-13-01” is no day. Write it as 2026-01-31.",
        "Line 3: Write currency, day and rate, such as EUR, 2026-01-01, 1.0834.",
        "Line 4: “1.0O” is no rate. Write a number such as 1.0834.",
        "Line 5: “Euro” is no currency. Write three letters, such as EUR.",
        "Line 6: EUR from 2026-01-01 stands on line 1 already.",
        "Line 7: A rate is over zero and under a hundred million.",
        "Line 8: A rate has 10 decimal places at most.",
    ]


def test_holidays_are_a_day_and_a_name():
    found, problems = read_holidays("2026-12-25, Christmas Day\n2026-12-26\n26.12.2026, Boxing Day\n2026-12-25, Noël")
    assert found == [(dt.date(2026, 12, 25), "Christmas Day")]
    assert [problem.line for problem in problems] == [2, 3, 4]
