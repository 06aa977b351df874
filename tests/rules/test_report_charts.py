"""A chart on screen and the same on paper draw the same figures under the same names, for every kind of chart."""

from __future__ import annotations

import datetime as dt
import html
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from reports.rules.chart_parts import pieces, spread
from reports.rules.charts import drawn
from reports.rules.plotly_charts import figure
from reports.rules.report import Chart, Column, Report, Row, Stated, Table
from reports.rules.svg_charts import rows_within, svg

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
    "gains and losses stacked": report(
        [["A", 5, -3, 2], ["B", 1, None, -4]], "stacked", series=("a", "b", "c"), unit="count"
    ),
    "a day that is not known": report([[None, 2], [dt.date(2026, 1, 1), 4]], "lines", x="date", unit="number"),
    "a chance that is not known": report(
        [[None, Decimal("0.5")], [Decimal("0.2"), Decimal("0.3")]], "reliability", x="chance", unit="chance"
    ),
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
        html.unescape(text)
        for trace, series in zip(traces, marks.series, strict=True)
        for text, mark in zip(trace["hovertext"], series.marks, strict=True)
        if mark.value is not None
    ]
    assert texts == [exact for _, exact in expected]
    assert [[html.unescape(text) for text in trace["text"]] for trace in traces] == [list(one) for one in marks.written]
    if marks.kind == "bars":
        beside = [node.text for node in paper.iter(f"{NAMES}text") if node.get("class") == "figure"]
        assert sorted(text or "" for text in beside) == sorted(
            text for texts in marks.written for text in texts if text
        )
    along = "x" if marks.is_lying else "y"
    lengths = [
        [None if mark.value is None else float(mark.high - mark.low) for mark in series.marks]
        for series in marks.series
    ]
    assert [trace[along] for trace in traces] == lengths


def test_few_series_are_called_by_their_names_where_they_begin_and_need_no_legend():
    for name, written in {
        "two series of bars": (("Series a 1", "3"), ("Series b 2", "")),
        "stacked": (("1", "Series a 4"), ("Series b 2", ""), ("3", "Series c 6")),
        "bars": (("1.23\u00a0M", "", "0"),),
    }.items():
        marks = drawn(CASES[name], CASES[name].charts[0])
        assert (marks.written, marks.has_legend) == (written, False), name
        assert figure(marks)["layout"]["showlegend"] is False
        assert (
            figure(marks)["layout"]["annotations"] == []
        )  # what stands at the ends of lines would bend the axes of bars
        assert svg(marks).count("Series a 4") == (name == "stacked")


def test_a_name_stands_where_there_is_a_bar_to_see_and_no_target_in_its_way():
    one = report(
        [["A", 0, 5, 20], ["B", 90, 80, 95], ["C", 50, 60, 100]], "bars", series=("a", "b"), unit="count", target="goal"
    )
    marks = drawn(one, one.charts[0])
    assert marks.written == (("0", "90", "Series a 50"), ("5", "80", "Series b 60"))


def test_a_name_that_does_not_fit_into_its_stack_stands_in_the_legend():
    one = report([["A", 1000, 1]], "stacked", series=("a", "b"), unit="count")
    marks = drawn(one, one.charts[0])
    assert (marks.written, marks.has_legend) == ((("1,000",), ("1",)), True)
    assert figure(marks)["layout"]["showlegend"] is True
    assert "Series b" in svg(marks).split("</title>")[1]


def test_what_is_longest_beside_a_bar_stays_on_the_paper():
    one = report([["A", Decimal(10) ** 9, 1]], "bars", series=("a" * 20, "b"))
    paper = ET.fromstring(svg(drawn(one, one.charts[0])))
    for node in paper.iter(f"{NAMES}text"):
        if node.get("class") == "figure":
            assert float(node.get("x", "")) + 6.4 * len(node.text or "") <= 640


def test_what_a_mark_beside_a_bar_is_stands_over_it_on_both():
    one = CASES["bars with targets"]
    marks = drawn(one, one.charts[0])
    assert [note["text"] for note in figure(marks)["layout"]["annotations"]] == ["Goal"]
    names = [
        node.text for node in ET.fromstring(svg(marks)).iter(f"{NAMES}text") if node.get("text-anchor") == "middle"
    ]
    assert "Goal" in names


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


def test_what_is_stacked_covers_nothing():
    one = CASES["gains and losses stacked"]
    found = [[(int(mark.low), int(mark.high)) for mark in series.marks] for series in drawn(one, one.charts[0]).series]
    assert [bars[0] for bars in found] == [(0, 5), (0, -3), (5, 7)]
    assert found[2][1] == (0, -4)


def test_a_row_without_a_place_on_the_axis_is_left_to_the_table():
    for name in ("a day that is not known", "a chance that is not known"):
        one = CASES[name]
        found = drawn(one, one.charts[0])
        assert (len(found.labels), found.left_out) == (1, 1)
        assert len(found.places) == 1


@pytest.mark.parametrize(
    "unit, top", [("money", "0.02"), ("count", "1"), ("percent", "0.6"), ("chance", "0.03"), ("money", "0")]
)
def test_no_two_ticks_read_the_same(unit, top):
    one = report([["A", Decimal(top)]], "bars", unit=unit)
    texts = [text for _, text in drawn(one, one.charts[0]).ticks]
    assert len(set(texts)) == len(texts)
    assert texts[0].startswith("0")


def test_shares_read_as_in_the_table_and_exactly_when_asked():
    one = report([["A", Decimal("12.45")], ["B", Decimal("12.4567")]], "bars", unit="percent")
    marks = drawn(one, one.charts[0]).series[0].marks
    assert [mark.text for mark in marks] == ["12.5\u00a0%", "12.5\u00a0%"]
    assert [mark.exact for mark in marks] == ["A, Series a: 12.45\u00a0%", "B, Series a: 12.46\u00a0%"]


def test_a_chart_too_tall_for_a_page_goes_on_in_another_and_loses_no_row():
    one = CASES["forty long names"]
    marks = drawn(one, one.charts[0])
    found = pieces(marks, rows_within(marks, 840))
    assert [len(piece.labels) for piece in found] == [20, 20]
    assert tuple(label for piece in found for label in piece.labels) == marks.labels
    assert {(piece.floor, piece.ceiling) for piece in found} == {(marks.floor, marks.ceiling)}
    for piece in found:
        assert float(ET.fromstring(svg(piece)).get("viewBox", "").split()[3]) <= 840


def test_names_at_the_ends_of_lines_stand_apart():
    found = spread([10.0, 11.0, 10.5], 13)
    assert sorted(found) == pytest.approx([found[0], found[0] + 13, found[0] + 26], abs=0.1)
    assert found[0] < found[2] < found[1]


def test_a_fan_is_filled_between_its_edges_on_both():
    one = CASES["fan"]
    marks = drawn(one, one.charts[0])
    band = figure(marks)["data"][3]
    assert band["y"] == [
        *(float(mark.high) for mark in marks.series[0].marks),
        *(float(mark.high) for mark in reversed(marks.series[2].marks)),
    ]
    assert len(ET.fromstring(svg(marks)).findall(f"{NAMES}polygon")) == 1


def test_what_plotly_would_read_as_html_is_text():
    one = report([['<a href="https://evil.example">Deal</a>', 1]], "bars", unit="count")
    made = figure(drawn(one, one.charts[0]))
    assert "<" not in str(made["data"][0]["hovertext"]) + str(made["layout"])
    assert made["says"][0][0].startswith("<a href")
