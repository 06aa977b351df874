"""The parts of the forecast, on figures worked by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules.forecast import Horizon, backtest, book_from, events_of, ground, outlook
from reports.rules.forecast.arrays import DAY, seconds
from reports.rules.forecast.calendar import quarter_end, shares
from reports.rules.forecast.chances import Sums, rates_of
from reports.rules.forecast.combining import simplex, size_ratio
from reports.rules.forecast.looking import look, raw_totals
from reports.rules.forecast.measures import bias, compare, reliability, wape
from reports.rules.forecast.rows import BANDS
from reports.rules.forecast.simulating import spread_of
from reports.rules.forecast.stages import within_window
from tests.rules.forecasts import BOOK, day, raw

FEW = [
    ("a", 0, "Open", 100, ""),
    ("a", 20, "Open", 100, "won"),
    ("b", 2, "Open", 100, ""),
    ("b", 30, "Open", 100, "lost"),
    ("c", 4, "Open", 100, ""),
    ("c", 33, "Open", 50, "won"),
    ("d", 6, "Open", 100, ""),
    ("e", 40, "Open", None, ""),
]


def test_rivals_by_hand():
    base = ground(events_of(raw(FEW)), book_from({"Open": 40}))
    found = look(base, day(41), 14)
    assert (found.closed, found.won, len(found.deals)) == (3, 2, 2)
    assert found.column("historical_win_rate").tolist() == [2.5 / 4] * 2
    assert found.column("flat_playbook").tolist() == [0.4, 0.4]
    totals = raw_totals(base, found, found.column("rates"))
    assert totals[2] == 50  # won in the 14 days before: c on day 33, for 50
    assert found.values.amounts(found.deals)[0] == 100  # d's; e's is not known
    assert totals[6] == pytest.approx(0.4 * (100 + found.values.usual / found.values.ratio))


def sums(won, deals):
    """A stage whose deals all stood in one band, at one look each."""
    cell_deals, cell_won = np.zeros(2 * BANDS), np.zeros(2 * BANDS)
    cell_deals[0], cell_won[0] = deals, won
    stage_deals, stage_won = np.array([float(deals), 0.0]), np.array([float(won), 0.0])
    age = np.zeros(BANDS)
    return Sums(stage_deals, stage_won, stage_deals, cell_deals, cell_won, cell_deals, age, age, age)


def test_a_rate_is_shrunk_as_a_beta_prior_does():
    rates = rates_of(sums(6, 10), np.array([0.2, np.nan]), 0.1, 20.0)
    stage = (6 + 20 * 0.2) / (10 + 20)
    assert rates.stage[0] == pytest.approx(stage)
    assert rates.cell[0] == pytest.approx((6 + 20 * stage) / (10 + 20))
    assert rates.overall == pytest.approx((6 + 2 * 0.1) / 12)
    assert rates.stage[1] == pytest.approx(rates.overall)  # a stage the playbook doesn't know


@given(
    won=st.integers(0, 50),
    lost=st.integers(0, 50),
    more=st.integers(1, 20),
    strength=st.floats(1, 200),
    prior=st.floats(0, 1),
)
def test_more_wins_are_never_less_chance(won, lost, more, strength, prior):
    before = rates_of(sums(won, won + lost), np.array([prior, np.nan]), 0.2, strength)
    after = rates_of(sums(won + more, won + more + lost), np.array([prior, np.nan]), 0.2, strength)
    assert (after.cell >= before.cell - 1e-12).all()
    assert ((before.cell > 0) & (before.cell < 1)).all()


def test_the_playbooks_chance_within_a_window():
    assert within_window(np.array([0.5]), np.array([90.0]), 90.0)[0] == pytest.approx(0.5 * (1 - np.exp(-1)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.floats(-1, 1), min_size=3, max_size=3), min_size=1, max_size=8), st.floats(0.001, 10))
def test_weights_are_shares(errors, hold):
    rows = np.array(errors)
    weights = simplex(rows.T @ rows, np.array([0.5, 0.5, 0.0]), hold)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


def test_the_better_method_gets_the_weight():
    errors = np.array([[1.0, 0.1, 1.0]] * 5)
    assert simplex(errors.T @ errors, np.array([1.0, 0.0, 0.0]), 0.01)[1] > 0.9


def test_size_is_the_weighted_median_of_what_came_true():
    ones = np.ones(3)
    assert size_ratio(ones, np.array([0.5, 0.5, 9.0]), ones, 0.0) == pytest.approx(0.5)
    assert size_ratio(np.zeros(3), ones, ones, 1.0) == 1.0
    assert 0.5 < size_ratio(ones, np.full(3, 0.5), ones, 3.0) < 1


def test_measures_by_hand():
    said, came = np.array([10.0, 30.0]), np.array([20.0, 20.0])
    assert (wape(said, came), bias(said, came), wape(said, came * 0)) == (0.5, 0.0, None)
    bins = reliability(np.array([0.1, 0.15, 0.9]), np.array([True, False, True]), np.array([100.0, 300.0, 10.0]))
    assert [(each.low, each.deals, each.came_true, each.came_true_by_value) for each in bins] == [
        (0.1, 2, 0.5, 0.25),
        (0.9, 1, 1.0, 1.0),
    ]
    assert bins[0].said_by_value == pytest.approx((10 + 45) / 400)


def test_a_rival_is_better_beyond_chance_only_with_enough_windows():
    model, other, under = np.full(40, 3.0), np.full(40, 1.0), np.full(40, 10.0)
    found = compare("last_period", "wape", model, other, under, 5)
    assert found is not None
    assert (round(found.by, 9), found.beyond_chance, found.rival_is_better) == (0.2, True, True)
    few = compare("last_period", "wape", model[:15], other[:15], under[:15], 5)
    assert few is not None
    assert (round(few.by, 9), few.low, few.beyond_chance) == (0.2, None, False)
    assert compare("last_period", "wape", model, other, under * 0, 5) is None


def test_an_interval_stands_around_what_is_shown():
    found = spread_of(np.linspace(0, 200, 2001), 50.0, 1.0)
    assert [found.low, found.middle, found.high] == pytest.approx([10, 50, 90])
    assert spread_of(np.linspace(0, 200, 2001), 50.0, 2.0).low == 0
    assert spread_of(np.zeros(10), 0.0, 1.0).high == 0


@pytest.mark.parametrize(
    "date, expected", [((2024, 1, 1), (2024, 4, 1)), ((2024, 6, 30), (2024, 7, 1)), ((2024, 12, 31), (2025, 1, 1))]
)
def test_the_end_of_a_quarter(date, expected):
    at, end = (dt.datetime(year, month, number, tzinfo=dt.UTC) for year, month, number in (date, expected))
    assert quarter_end(seconds(at)) == seconds(end)


def test_how_much_of_a_window_lies_at_the_quarters_end():
    march = seconds(dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    first, last, late = shares(np.array([march]), 30)
    assert [round(float(each[0]), 3) for each in (first + 1 / 3, last + 1 / 3, late + 1 / 9)] == [0.0, 1.0, 0.333]


def test_reasons_are_told_in_words():
    rows = []
    for number in range(100):
        outcome = "won" if number % 3 else "lost"
        rows += [
            (f"c{number:03d}", number, "Proposal", 10, ""),
            (f"c{number:03d}", number + 25, "Proposal", 10, outcome),
        ]
    rows += [("z", 130, "Proposal", 10, ""), ("y", 120, "Elsewhere", 10, "")]
    base = ground(events_of(raw(rows)), BOOK)
    found = outlook(base, backtest(base, Horizon(30), 14), day(140))
    elsewhere, proposal = sorted(found.deals, key=lambda deal: deal.stage)
    assert (proposal.case_id, proposal.seen, proposal.seen_won, proposal.days_in_stage) == ("z", 84, 56, 10.0)
    assert proposal.reasons[0] == "56 of 84 deals that stood 7 to 14 days in Proposal were won within 30 days."
    assert proposal.reasons[1].startswith("The playbook says 65\u00a0% in the end, which is ")
    assert elsewhere.reasons[:2] == (
        "No deal whose window is over stood 14 to 21 days in Elsewhere.",
        "The playbook doesn't know this stage; it starts at the rate of all deals.",
    )
    assert not found.thin


def test_thin_history_is_said():
    base = ground(events_of(raw(FEW)), BOOK)
    found = outlook(base, backtest(base, Horizon(14), 7), day(41))
    assert found.thin
    assert (
        found.warnings[0]
        == "Too little history: 3 closed deals. Chances lean on the playbook's until there are 50 and more."
    )


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.integers(0, 150),
            st.sampled_from(["Demo", "Odd", "Proposal"]),
            st.one_of(st.none(), st.floats(0, 1e9)),
            st.sampled_from(["", "", "won", "lost"]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_happened_chances_stay_between_0_and_1(rows):
    base = ground(events_of(raw(rows)), BOOK)
    found = outlook(base, backtest(base, Horizon(20), 30), base.events.until + DAY)
    assert all(0 < deal.chance < 1 and deal.expected >= 0 for deal in found.deals)
    assert 0 <= found.spread.low <= found.spread.high
    assert np.isfinite(found.total)
