"""How the dates of a column are read: one answer for the column, or none."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.rules.import_dates import DateOrder, Verdict, read_column

pytestmark = pytest.mark.any_engine("asks no database")

DECIDED = {
    "year first": (["2017-03-01", "2017-12-31"], DateOrder.YMD),
    "year first with a time": (["2018-12-19 00:00:00", "2018-12-19T19:51:13.829Z"], DateOrder.YMD),
    "compact": (["20170301"], DateOrder.YMD),
    "one value above twelve decides for all: month first": (["3/4/2017", "3/25/2017"], DateOrder.MDY),
    "one value above twelve decides for all: day first": (["3/4/2017", "25/3/2017"], DateOrder.DMY),
    "hyphens": (["03-25-2017"], DateOrder.MDY),
    "dots mean day first": (["3.4.2017"], DateOrder.DMY),
    "month names": (["3 Mar 2017", "March 4, 2017", "5-Sep-17", "6th September 2017"], DateOrder.NAMED),
    "two-digit years and a clock": (["02/23/26 08:55 PM", "03/01/26"], DateOrder.MDY),
    "both readings are the same day": (["5/5/2017", "6/6/2017"], DateOrder.DMY),
}


@pytest.mark.parametrize("values, order", DECIDED.values(), ids=DECIDED.keys())
def test_order_is_decided(values, order):
    reading = read_column(values)
    assert (reading.verdict, reading.order, reading.bad) == (Verdict.DECIDED, order, [])
    assert set(reading.dates) == set(values)


def test_every_value_follows_the_one_that_decides():
    assert read_column(["3/4/2017", "3/25/2017"]).dates["3/4/2017"] == dt.date(2017, 3, 4)
    assert read_column(["3/4/2017", "25/3/2017"]).dates["3/4/2017"] == dt.date(2017, 4, 3)


def test_all_values_reading_both_ways_is_ambiguous():
    reading = read_column(["3/4/2017", "11/12/2017"])
    assert reading.verdict is Verdict.AMBIGUOUS
    assert set(reading.evidence) == {DateOrder.DMY, DateOrder.MDY}
    assert not reading.dates


def test_a_bad_value_does_not_settle_an_ambiguous_column():
    assert read_column(["3/4/2017", "soon"]).verdict is Verdict.AMBIGUOUS


def test_proof_for_both_orders_is_contradictory():
    reading = read_column(["3/25/2017", "3/26/2017", "25/3/2017", "1/2/2017"])
    assert reading.verdict is Verdict.CONTRADICTORY
    assert reading.minority == ["25/3/2017"]


def test_two_families_in_one_column_are_contradictory():
    reading = read_column(["2017-03-01", "2017-03-02", "3/4/2017"])
    assert (reading.verdict, reading.minority) == (Verdict.CONTRADICTORY, ["3/4/2017"])


def test_what_is_no_date_is_named_and_the_rest_is_read():
    reading = read_column(["2017-02-28", "2017-02-30", "soon"])
    assert (reading.verdict, reading.bad) == (Verdict.DECIDED, ["2017-02-30", "soon"])


def test_no_date_at_all_is_contradictory():
    assert read_column(["red", "blue"]).verdict is Verdict.CONTRADICTORY


def test_a_stated_order_settles_an_ambiguous_column():
    reading = read_column(["3/4/2017"], order=DateOrder.DMY)
    assert reading.dates == {"3/4/2017": dt.date(2017, 4, 3)}


def test_a_stated_order_makes_other_values_bad():
    assert read_column(["3/25/2017"], order=DateOrder.DMY).bad == ["3/25/2017"]


def test_no_values_decide_nothing():
    assert read_column([]).verdict is Verdict.EMPTY


def test_two_digit_years_turn_at_69():
    dates = read_column(["1/13/68", "1/13/69"]).dates
    assert [date.year for date in dates.values()] == [2068, 1969]
