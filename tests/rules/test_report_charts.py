"""A chart on screen and the same on paper draw the same figures under the same names, for every kind of chart."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from reports.rules.charts import drawn
from reports.rules.plotly_charts import figure
from reports.rules.report import Chart, Column, Report, Row, Stated, Table
from reports.rules.svg_charts import svg

NAMES = "{http://www.w3.org/2000/svg}"
STATED = Stated(dt.date(2026, 6, 30), "UTC", dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC), "USD", 1)


def report(rows, kind, x="text", series=("a",), unit="money", target=""):
    columns = (
        Column("x", "What", x),
        *(Column(key, f"Series {key}", unit) for key in series),
        *((Column("goal", "Goal", unit),) if target else ()),
    )
    table = Table("t", "T", columns, tuple(Row(tuple(row), is_sum=row[0] == "All") for row in rows))
    return Report(
        "r", "R", STATED, (), (table,), (Chart("c", "A chart", kind, "t", "x", tuple(series), "It says.", target),)
    )


MONEY = [["<One> & two", Decimal("1234567.89")], ["Nothing known", None], ["Zero", Decimal(0)], ["All", Decimal(9)]]
DAYS = [[dt.date(2026, month, 1), Decimal(month) / 3, Decimal(month), Decimal(month) * 2] for month in (1, 2, 6)]
CASES = {
    "bars": report(MONEY, "bars"),
    "bars with a negative": report([["Down", Decimal(-5)], ["Up", Decimal("7.5")]], "bars"),
    "two series of bars": report([["A", 1, 2], ["B", 3, None]], "bars", series=("a", "b"), unit="count"),
    "bars with targets": report([["Q1", 3, 5], ["Q2", 4, None]], "bars", unit="count", target="goal"),
    "all nought": report([["A", 0], ["B", 0]], "bars", unit="count"),
    "nothing at all": report([], "bars"),
    "forty long names": report([["x" * 80 + str(n), n] for n in range(60)], "bars", unit="count"),
    "huge and tiny": report([["Huge", Decimal(10) ** 13], ["Tiny", Decimal("0.01")]], "bars"),
    "stacked": report([["A", 1, 2, 3], ["B", 4, None, 6]], "stacked", series=("a", "b", "c"), unit="count"),
    "steps": report([["Start", 10], ["Won", -4], ["Opened", 3], ["End", 9]], "steps", unit="count"),
    "lines": report([row[:3] for row in DAYS], "lines", x="date", series=("a", "b"), unit="number"),
    "one point": report([[dt.date(2026, 1, 1), 4]], "lines", x="date", unit="number"),
    "fan": report(DAYS, "fan", x="date", series=("a", "b", "c"), unit="number"),
    "reliability": report(
        [[Decimal("0.1"), Decimal("0.15")], [Decimal("0.8"), None]], "reliability", x="chance", unit="chance"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_screen_and_paper_draw_the_same(name):
    one = CASES[name]
    marks = drawn(one, one.charts[0])
    on_screen = figure(marks)
    paper = ET.fromstring(svg(marks))
    shapes = [node for node in paper.iter() if node.get("data-value") is not None]
    expected = [(mark.value, mark.exact) for series in marks.series for mark in series.marks if mark.value is not None]
    found = [(Decimal(node.get("data-value", "")), node.findtext(f"{NAMES}title")) for node in shapes]
    assert sorted(found) == sorted(expected)
    traces = on_screen["data"][: len(marks.series)]
    texts = [
        text
        for trace, series in zip(traces, marks.series, strict=True)
        for text, mark in zip(trace["hovertext"], series.marks, strict=True)
        if mark.value is not None
    ]
    assert texts == [exact for _, exact in expected]
    along = "x" if marks.is_lying else "y"
    lengths = [
        [None if mark.value is None else float(mark.high - mark.low) for mark in series.marks]
        for series in marks.series
    ]
    assert [trace[along] for trace in traces] == lengths


def test_steps_stand_on_one_another_and_end_where_they_lead():
    one = CASES["steps"]
    marks = drawn(one, one.charts[0]).series[0].marks
    assert [(int(mark.low), int(mark.high)) for mark in marks] == [(0, 10), (10, 6), (6, 9), (0, 9)]
    assert [mark.text for mark in marks] == ["10", "\u22124", "+3", "9"]


def test_what_is_not_known_is_a_gap_and_a_sum_is_not_drawn():
    one = CASES["bars"]
    found = drawn(one, one.charts[0])
    assert found.labels == ("<One> & two", "Nothing known", "Zero")
    assert [mark.value for mark in found.series[0].marks] == [Decimal("1234567.89"), None, Decimal(0)]
    assert found.series[0].marks[0].exact == "<One> & two, Series a: 1,234,567.89"


def test_only_the_first_rows_are_drawn_and_the_rest_is_counted():
    one = CASES["forty long names"]
    found = drawn(one, one.charts[0])
    assert (len(found.labels), found.left_out) == (40, 20)


def test_ticks_are_round():
    one = CASES["bars"]
    assert [text for _, text in drawn(one, one.charts[0]).ticks] == ["0", "500\u00a0K", "1.00\u00a0M"]
