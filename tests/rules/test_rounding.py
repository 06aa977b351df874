"""Percentages are rounded by one rule, half up, wherever they are shown."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from crm.rules import formatting
from reports.rules import wins
from reports.rules.report import Column
from reports.rules.shares import percent_of
from reports.templatetags.reports import words

ROOT = Path(__file__).parents[2]
OWN_ROUNDING = re.compile(r":\.\d%\}|:\.\df\}(\{(formatting\.)?NBSP\}| |\\u00a0)?%")
"""Python rounds half to even where it formats."""


@pytest.mark.parametrize("number, shown", [("12.5", "13"), ("13.5", "14"), ("-12.5", "\u221213"), ("0.49", "0")])
def test_half_is_rounded_up(number, shown):
    assert formatting.percent(Decimal(number)) == f"{shown}\u00a0%"
    assert formatting.share(Decimal(number) / 100) == f"{shown}\u00a0%"
    assert words(Column("x", "X", "chance"), Decimal(number) / 100)[0] == f"{shown}\u00a0%"


def test_a_table_rounds_to_the_tenth_as_sentences_round_to_the_whole():
    assert words(Column("x", "X", "percent"), Decimal("12.25"))[0] == "12.3\u00a0%"
    assert percent_of(1, 8) == Decimal("12.5")
    assert wins.percent(1, 8) == "13\u00a0%"


def test_nothing_else_rounds_percentages():
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in ("crm", "deals", "activities", "scoring", "quotes", "battlecards", "calls", "reports", "playbook")
        for path in (ROOT / app).rglob("*.py")
        for line in path.read_text().splitlines()
        if OWN_ROUNDING.search(line)
    ]
    assert found == []
