"""The playbook's risks, held against deals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from crm.rules.fact_words import names_of
from deals.rules.risks import risks_of
from deals.rules.snapshot import ElementSnapshot, ScoreSnapshot
from tests.rules.worlds import SHIPPED, TODAY, deal

FINE = deal(
    stage="proposal",
    stage_entered_date=TODAY,
    close_date=TODAY + dt.timedelta(days=200),
    next_step_date=TODAY,
    close_date_moves=0,
    score=ScoreSnapshot(lead_class="B"),
    meddpicc={key: ElementSnapshot(strength="claimed") for key in ("champion", "economic_buyer", "paper_process")},
)


def keys(one) -> list[str]:
    return [found.risk for found in risks_of(SHIPPED, one, TODAY, names_of(SHIPPED))]


def test_a_deal_in_order_has_none():
    assert keys(FINE) == []


@pytest.mark.parametrize(
    "change, risks",
    [
        ({"close_date": TODAY - dt.timedelta(days=1)}, ["close_date_passed"]),
        ({"close_date": TODAY}, []),
        ({"next_step_date": TODAY - dt.timedelta(days=1)}, ["next_step_late"]),
        ({"next_step_date": None}, ["no_next_step"]),
        ({"stage_entered_date": TODAY - dt.timedelta(days=45)}, []),
        ({"stage_entered_date": TODAY - dt.timedelta(days=46)}, ["over_usual_time"]),
        ({"close_date_moves": 2}, []),
        ({"close_date_moves": 3}, ["close_date_moved"]),
        ({"score": ScoreSnapshot(lead_class="C")}, ["weak_and_late"]),
        ({"stage": "demo", "score": ScoreSnapshot(lead_class="C")}, []),
        ({"meddpicc": {}}, ["no_economic_buyer", "no_champion"]),
        ({"meddpicc": {}, "stage": "discovery"}, []),
        (
            {"meddpicc": {}, "close_date": TODAY + dt.timedelta(days=20)},
            ["paper_process_unknown", "no_economic_buyer", "no_champion"],
        ),
    ],
)
def test_each_rule_holds_where_it_says(change, risks):
    assert keys(replace(FINE, **change)) == risks


def test_a_risk_says_by_what():
    found = risks_of(SHIPPED, replace(FINE, close_date_moves=4), TODAY, names_of(SHIPPED))
    assert found[0].because == ("Times the close date was moved: 4, at least 3",)
