"""How rows become runs, and what was known when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules.forecast.arrays import NEVER
from reports.rules.forecast.events import events_of
from reports.rules.forecast.rows import UNKNOWN, rows_of, standing
from tests.rules.forecasts import day, raw

ONE = [
    ("a", 0, "Demo", 100, ""),
    ("a", 10, "Proposal", None, ""),
    ("a", 15, "Proposal", 80, ""),
    ("a", 20, "Proposal", 75, "won"),
    ("b", 5, "Demo", None, ""),
]


def stood(rows, number):
    events = events_of(raw(rows))
    deals = standing(events, day(number))
    return [
        (events.cases[events.case[run]], events.stages[stage], float(days), None if np.isnan(amount) else float(amount))
        for run, stage, days, amount in zip(deals.run, deals.stage, deals.in_stage, deals.amount, strict=True)
    ]


@pytest.mark.parametrize(
    "number, expected",
    [
        (-1, []),
        (4, [("a", "Demo", 4.0, 100.0)]),
        (10, [("a", "Proposal", 0.0, 100.0), ("b", "Demo", 5.0, None)]),
        (16, [("a", "Proposal", 6.0, 80.0), ("b", "Demo", 11.0, None)]),
        (20, [("b", "Demo", 15.0, None)]),
    ],
)
def test_a_standing_knows_what_was_known(number, expected):
    assert stood(ONE, number) == expected


def test_a_reopened_deal_has_a_second_run():
    rows = [*ONE, ("a", 30, "Demo", 60, ""), ("a", 40, "Demo", 60, "lost")]
    events = events_of(raw(rows))
    assert [(events.cases[case], bool(won)) for case, won in zip(events.case, events.won, strict=True)] == [
        ("a", True),
        ("a", False),
        ("b", False),
    ]
    assert events.closed.tolist() == [day(20), day(40), NEVER]
    assert events.value.tolist() == [75.0, 0.0, 0.0]
    assert [(each.count, each.why[:9]) for each in events.dropped] == [(1, "after the")]


def test_repetitions_and_second_outcomes_are_left_out():
    rows = [*ONE, ONE[1], ("a", 21, "Proposal", 99, "lost")]
    events = events_of(raw(rows))
    assert (len(events.at), events.value.tolist()) == (5, [75.0, 0.0])
    assert [(each.count, each.row) for each in events.dropped] == [(1, 7), (1, 8)]


def test_of_one_moment_the_outcome_is_last_and_else_the_order_of_the_file_counts():
    rows = [
        ("a", 0, "Demo", 1, "won"),
        ("a", 0, "Proposal", 1, ""),
        ("b", 0, "Proposal", 1, ""),
        ("b", 0, "Demo", 2, ""),
    ]
    events = events_of(raw(rows))
    assert events.won.tolist() == [True, False]
    assert stood(rows, 1) == [("b", "Demo", 1.0, 2.0)]


def test_what_stands_in_a_file_from_its_first_day_has_no_known_time_in_stage():
    rows = [("a", 0, "Demo", 1, ""), ("b", 3, "Demo", 1, ""), ("a", 5, "Proposal", 1, "")]
    events = events_of(raw(rows))
    assert standing(events, day(4)).stage_band.tolist() == [UNKNOWN, 0]
    assert standing(events, day(6)).stage_band.tolist() == [0, 0]


def test_looks_begin_with_the_first_outcome_and_labels_with_a_whole_window():
    rows = rows_of(events_of(raw([*ONE, ("b", 60, "Demo", None, "lost")])))
    assert sorted({(at - day(0)) // 86_400 for at in rows.at.tolist()}) == [21, 28, 35, 42, 49, 56]
    assert rows.usable(day(60), 30) == 2  # the looks of days 21 and 28: their windows are over by day 60


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order):
    rows = [
        (case, number * 3, stage, 10 * number, "")
        for case in "abc"
        for number, stage in enumerate(["x", "y", "x", "z"])
    ]
    events, other = events_of(raw(rows)), events_of(raw([rows[place] for place in order]))
    for name in ("run", "at", "stage", "amount", "entered", "moves", "opened", "closed", "value"):
        assert np.array_equal(getattr(events, name), getattr(other, name)), name
