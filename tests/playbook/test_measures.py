"""KPIs, indicators, documented win rates and the quarterly review as they ship."""

from __future__ import annotations

from decimal import Decimal

import pytest

from playbook.schema.measures import QUANTITIES, split
from playbook.schema.reports import Kpis, Qbr, RiskRegister, Threshold, WinRate
from tests.playbook.samples import shipped


def kpis() -> Kpis:
    found = shipped().kpis
    assert found is not None
    return found


def register() -> RiskRegister:
    found = shipped().risk_register
    assert found is not None
    return found


def rates() -> tuple[WinRate, ...]:
    found = shipped().win_rates
    assert found is not None
    return found.rates


def qbr() -> Qbr:
    found = shipped().qbr
    assert found is not None
    return found


def test_four_documents_have_their_sheets() -> None:
    assert {sheet.key: len(sheet.kpis) for sheet in kpis().sheets} == {
        "market_analysis": 21,
        "market_playbook": 28,
        "product_portfolio": 15,
        "sales_playbook": 4,
    }
    assert [one.frequency for one in kpis().tracking] == ["daily", "weekly", "monthly", "quarterly"]
    assert [one.grade for one in kpis().kpi("magic_quadrant").targets] == ["Not included", "Niche Player", "Challenger"]


def test_targets_of_arr_are_the_plans() -> None:
    for kpi, group in (("arr", "company"), ("portfolio_arr", "product_lines")):
        planned = {
            one.year: one.amount
            for one in shipped().targets
            if one.set == group and not (one.quarter or one.product_line)
        }
        assert {one.year: one.value for one in kpis().kpi(kpi).targets} == planned


def test_what_the_crm_computes_is_asked_for_where_it_can_be() -> None:
    asked = {split(one.computed)[0] for sheet in kpis().sheets for one in sheet.kpis if one.computed}
    asked |= {split(one.computed)[0] for one in register().indicators if one.computed}
    assert asked == set(QUANTITIES) - {"target_attainment", "pipeline_coverage"}


def test_the_five_leading_indicators_are_followed_each_month_and_no_threshold_is_a_documents() -> None:
    found = register().indicators
    assert list(dict.fromkeys(one.topic for one in found)) == [
        "Competitor pricing",
        "Technology trends",
        "Economic indicators",
        "Deals won and lost",
        "Customer sentiment",
    ]
    assert {one.frequency for one in found} == {"monthly"}
    assert {one.threshold.origin for one in found if one.threshold} == {"ours"}
    assert all(one.note.startswith(("Document names", "Ours")) for one in found)
    assert [risk.likelihood_percent for risk in register().risks[:5]] == [80, 40, 35, 25, 50]


@pytest.mark.parametrize(
    "direction, crossed",
    [
        ("over", [False, False, True]),
        ("at_least", [False, True, True]),
        ("under", [True, False, False]),
        ("at_most", [True, True, False]),
    ],
)
def test_a_threshold_is_crossed_on_its_side(direction: str, crossed: list[bool]) -> None:
    one = Threshold.model_validate({"direction": direction, "number": 60, "origin": "ours"})
    assert [one.crossed(Decimal(reading)) for reading in ("59.9", "60", "60.1")] == crossed


def test_win_rates_are_those_of_the_documents() -> None:
    found = {one.key: (one.won, one.of, int(one.percent)) for one in rates()}
    assert found == {
        "vmware": (9, 15, 60),
        "kvm": (6, 8, 75),
        "hyper_v": (4, 5, 80),
        "poc": (12, 18, 67),
        "vmware_displacement": (None, None, 15),
        "open_source_upgrade": (None, None, 25),
        "all_competitors": (None, None, 90),
    }


def test_every_reason_of_the_shipped_rates_is_one() -> None:
    """The checks pass over a reason that is gone; what ships has none."""
    known = {one.key: one.outcome for one in shipped().outcome_reasons}
    given = [
        (one.reason, outcome)
        for rate in rates()
        for outcome, reasons in (("won", rate.won_because), ("lost", rate.lost_because))
        for one in reasons
        if one.reason
    ]
    assert [one for one in given if known.get(one[0]) != one[1]] == []
    assert len(given) == 26


def test_the_review_begins_with_the_seven_parts_of_the_document() -> None:
    parts = [part.key for part in qbr().parts]
    assert parts[:7] == ["market_share", "revenue", "customers", "product", "competition", "partners", "brand"]
    assert parts[7:] == ["forecast", "risks"]
