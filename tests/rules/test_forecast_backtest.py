"""Forecasts look back only, say how they fared, and never say 0 or 1 of an open deal."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from reports.rules.forecast import Horizon, backtest, events_of, ground, outlook, read_file
from reports.rules.forecast.horizons import QUARTER
from reports.rules.forecast.summary import as_json, warnings_of
from tests.rules.forecasts import BOOK, day, raw, steady


@pytest.fixture(scope="module")
def base():
    return ground(events_of(raw(steady())), BOOK)


@pytest.fixture(scope="module")
def past(base):
    return backtest(base, Horizon(30), 14)


def test_the_future_changes_nothing(base, past):
    """A leak is planted: after day 200 all amounts are a thousandfold, and what was lost is won."""
    planted = [
        row if row[1] <= 200 else (row[0], row[1], row[2], row[3] * 1000, "won" if row[4] else "") for row in steady()
    ]
    other = backtest(ground(events_of(raw(planted)), BOOK), Horizon(30), 14)
    before = [each for each in past.origins if each.at <= day(200)]
    same = [each for each in other.origins if each.at <= day(200)]
    assert len(before) == 7
    assert [(each.said, each.spread, each.said_open) for each in before] == [
        (each.said, each.spread, each.said_open) for each in same
    ]


def test_a_shorter_file_says_the_same_of_the_same_day(base, past):
    at = day(180)
    cut = ground(events_of(raw([row for row in steady() if row[1] <= 180])), BOOK)
    whole, short = outlook(base, past, at), outlook(cut, backtest(cut, Horizon(30), 14), at)
    assert [(deal.case_id, deal.chance, deal.expected, deal.reasons) for deal in whole.deals] == [
        (deal.case_id, deal.chance, deal.expected, deal.reasons) for deal in short.deals
    ]
    assert (whole.total, whole.spread, whole.rivals) == (short.total, short.spread, short.rivals)


def test_an_outlook_adds_up_and_is_never_sure(base, past):
    found = outlook(base, past, day(300), groups={"c0290": "East"})
    assert all(0 < deal.chance < 1 for deal in found.deals)
    assert sum(deal.expected for deal in found.deals) == pytest.approx(found.from_deals)
    assert found.total == pytest.approx(found.from_deals + found.not_open_yet + found.correction)
    assert found.spread.low < found.spread.middle < found.spread.high
    assert [(each.name, each.deals) for each in found.groups] == [
        ("", len(found.deals) - 1),
        ("East", 1),
        ("Not open yet", 0),
    ]
    assert sum(each.expected for each in found.groups) == pytest.approx(found.from_deals + found.not_open_yet)


def test_the_same_file_gives_the_same_numbers(base, past):
    again = backtest(ground(events_of(raw(list(reversed(steady())))), BOOK), Horizon(30), 14)
    assert as_json(again) == as_json(past)


def test_whoever_did_better_than_the_model_is_named(past):
    model, named = past.methods["model"], {(each.rival, each.measure) for each in past.yields_to}
    better = set()
    for name, scores in past.methods.items():
        better |= {(name, "wape")} if scores.wape < model.wape else set()
        better |= {(name, "brier")} if scores.brier is not None and scores.brier < model.brier else set()
    assert named == better


def test_nothing_is_learnt_from_windows_that_are_not_over(base, past):
    assert [outlook(base, past, day(number)).lessons for number in (60, 90, 104, 300)] == [0, 2, 3, 17]


@pytest.mark.parametrize("horizon", [Horizon(1), Horizon(30), Horizon(400), QUARTER])
@pytest.mark.parametrize(
    "rows",
    [
        [("a", 0, "Demo", 5, "")],
        [("a", 0, "Demo", 5, ""), ("a", 200, "Demo", 5, "won")],
        [("a", 3 * number, "Demo", 0, "won" if number % 2 else "") for number in range(80)],
        [(f"c{number}", number, "Demo", 5, "lost") for number in range(120)],
        [(f"c{number}", number, "Strange", None, "won") for number in range(120)],
    ],
    ids=["one open case", "one win", "reopened for nothing", "all lost at once", "all won at once"],
)
def test_odd_histories_give_plain_json(rows, horizon):
    events = events_of(raw(rows))
    found = backtest(ground(events, BOOK), horizon, 7)
    told = as_json(found, warnings_of(events, BOOK, found))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    seen = outlook(ground(events, BOOK), found, events.until)
    assert np.isfinite([seen.total, seen.spread.low, seen.spread.high]).all()


def test_a_golden_file():
    """A file as others bring it: these figures change with the model, and then knowingly."""
    golden = Path(__file__).parent.parent / "golden" / "forecast.json"
    read = read_file(golden.with_name("forecast_events.csv"))
    found = backtest(ground(read.events, BOOK), Horizon(30), 14)
    told = as_json(found, warnings_of(read.events, BOOK, found, read.warnings))
    kept = json.loads(golden.read_text())
    for name, scores in kept.pop("methods").items():
        for measure, figure in scores.items():
            assert told["methods"][name][measure] == pytest.approx(figure, rel=1e-4), (name, measure)
    assert {key: told[key] for key in kept} == kept
