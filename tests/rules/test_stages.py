"""Moves between stages, exit criteria, time in stage, weighted amount, and closing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from deals.rules.closing import Closing, closing_problems, reasons_for
from deals.rules.signals import known
from deals.rules.stages import (
    TimeInStage,
    exit_criteria,
    exit_criteria_for_move,
    next_stage,
    stages_left,
    time_in_stage,
    transition,
    unmet,
    weighted_amount,
)
from tests.rules.worlds import SHIPPED, TODAY, deal, person

KINDS = {stage.key: stage.kind for stage in SHIPPED.stages}


@pytest.mark.parametrize("start", KINDS)
@pytest.mark.parametrize("end", KINDS)
def test_every_pair_of_stages(start, end):
    expected = {("open", "open"): "move", ("open", "closed"): "close", ("closed", "open"): "reopen"}
    first, second = ("open" if KINDS[key] == "open" else "closed" for key in (start, end))
    assert transition(SHIPPED, start, end) == (None if start == end else expected.get((first, second)))


LEFT = [
    ("one step forward leaves one stage", "discovery", "qualified", ["discovery"]),
    ("skipping leaves every stage passed", "discovery", "poc", ["discovery", "qualified", "demo"]),
    ("going back leaves none", "poc", "discovery", []),
    ("winning leaves all that remain", "negotiation", "won", ["negotiation", "contracting"]),
    ("losing leaves none", "negotiation", "lost", []),
    ("reopening leaves none", "won", "negotiation", []),
]


@pytest.mark.parametrize("start, end, keys", [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_stages_left(start, end, keys):
    assert [stage.key for stage in stages_left(SHIPPED, start, end)] == keys


def test_the_next_stage_is_the_next_open_one():
    assert next_stage(SHIPPED, "discovery") == SHIPPED.stage("qualified")
    assert next_stage(SHIPPED, "contracting") is None
    assert next_stage(SHIPPED, "won") is None


def checks(**of_deal):
    criteria = exit_criteria(SHIPPED.stage("discovery"), known(SHIPPED, deal(**of_deal), TODAY), TODAY)
    return {check.key: check.met for check in criteria}


def test_exit_criteria_are_met_unmet_or_cannot_be_told():
    assert checks(facts={"pain_clarity": "vague"}) == {
        "pain_clear": False,
        "impact_known": False,
        "next_step_dated": None,
    }
    assert checks(facts={"pain_clarity": "clear", "impact_amount": "1.00"}, next_step_date=TODAY) == {
        "pain_clear": True,
        "impact_known": True,
        "next_step_dated": True,
    }


def test_a_skip_asks_for_the_criteria_of_every_stage_left():
    found = exit_criteria_for_move(
        SHIPPED, "prospect", "qualified", known(SHIPPED, deal(contacts=(person(),)), TODAY), TODAY
    )
    assert [check.stage for check in found] == ["prospect", "prospect", "discovery", "discovery", "discovery"]
    assert found[0].met
    assert found[0].because == ("Contacts on the deal: 1, at least 1",)
    assert len(unmet(found)) == 4


def test_an_unmet_criterion_says_by_which_fact():
    found = exit_criteria_for_move(SHIPPED, "discovery", "qualified", known(SHIPPED, deal(), TODAY), TODAY)
    assert found[0].because == ("Pain: not known",)


TIMES = [
    ("within the usual time", dt.date(2026, 1, 1), TimeInStage(30, 30, 0)),
    ("a day over", dt.date(2025, 12, 31), TimeInStage(31, 30, 1)),
    ("entered today", TODAY, TimeInStage(0, 30, 0)),
    ("entered tomorrow by another clock", dt.date(2026, 2, 1), TimeInStage(0, 30, 0)),
]


@pytest.mark.parametrize("entered, expected", [row[1:] for row in TIMES], ids=[row[0] for row in TIMES])
def test_time_in_stage(entered, expected):
    assert time_in_stage(SHIPPED, "discovery", entered, TODAY) == expected


def test_a_closed_stage_has_no_usual_time():
    assert time_in_stage(SHIPPED, "won", dt.date(2025, 1, 1), TODAY).over_by == 0


WEIGHED = [
    ("a proposal at 65 %", "proposal", "926606.25", "602294.0625"),
    ("won counts whole", "won", "100.01", "100.0100"),
    ("lost counts nothing", "lost", "100.01", "0.0000"),
]


@pytest.mark.parametrize("stage, amount, expected", [row[1:] for row in WEIGHED], ids=[row[0] for row in WEIGHED])
def test_weighted_amount_is_exact(stage, amount, expected):
    assert weighted_amount(SHIPPED, stage, Decimal(amount)) == Decimal(expected)


def test_an_unknown_amount_weighs_nothing_known():
    assert weighted_amount(SHIPPED, "proposal", None) is None


WON, LOST = reasons_for(SHIPPED, "won")[0].key, reasons_for(SHIPPED, "lost")[0].key
CLOSINGS = [
    ("a win with all it needs", Closing("won", [WON], competitor="vmware", note="Price."), []),
    ("a loss to nobody", Closing("lost", [LOST], no_competitor=True, note="No decision."), []),
    ("several reasons", Closing("won", [reason.key for reason in reasons_for(SHIPPED, "won")], "kvm", note="All."), []),
    ("no reason", Closing("won", [], competitor="vmware", note="Price."), ["reasons"]),
    ("a reason of the other outcome", Closing("won", [LOST], competitor="vmware", note="Price."), ["reasons"]),
    ("a reason nobody knows", Closing("lost", ["weather"], competitor="vmware", note="Rain."), ["reasons"]),
    ("no word on the competitor", Closing("won", [WON], note="Price."), ["competitor"]),
    ("a competitor and none", Closing("won", [WON], "vmware", no_competitor=True, note="Price."), ["competitor"]),
    ("no note", Closing("won", [WON], competitor="vmware", note="  "), ["note"]),
    ("nothing at all", Closing("lost", []), ["reasons", "competitor", "note"]),
]


@pytest.mark.parametrize("closing, fields", [row[1:] for row in CLOSINGS], ids=[row[0] for row in CLOSINGS])
def test_closing(closing, fields):
    assert list(closing_problems(SHIPPED, closing)) == fields
