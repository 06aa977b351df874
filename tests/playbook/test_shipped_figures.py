"""The figures of the shipped playbook, as the source documents have them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from tests.playbook.samples import shipped

M = 1_000_000


def test_criteria_weigh_what_they_should() -> None:
    assert {c.key: c.weight for c in shipped().bant.criteria} == {
        "budget": 20,
        "authority": 25,
        "need": 20,
        "timeline": 15,
        "technical_fit": 10,
        "strategic_alignment": 10,
    }
    assert all([a.score for a in c.anchors] == [5, 3, 1] for c in shipped().bant.criteria)


def test_classes_begin_where_they_should() -> None:
    assert [(c.key, int(c.at_least)) for c in shipped().bant.classes] == [("A", 4), ("B", 3), ("C", 2), ("D", 1)]


def test_stages() -> None:
    assert [(s.key, int(s.probability_percent)) for s in shipped().stages] == [
        ("prospect", 5),
        ("discovery", 10),
        ("qualified", 20),
        ("demo", 30),
        ("poc", 50),
        ("proposal", 65),
        ("negotiation", 80),
        ("contracting", 90),
        ("won", 100),
        ("lost", 0),
    ]
    assert shipped().stage("poc").expected_days == 45


def test_meddpicc_has_its_eight_elements() -> None:
    assert "".join(element.letter for element in shipped().meddpicc.elements) == "MEDDPICC"
    assert shipped().meddpicc.stale_after_days == 60
    assert (shipped().meddpicc.confirmed_worth, shipped().meddpicc.claimed_worth) == (Decimal(1), Decimal("0.5"))


def test_default_decision_criteria() -> None:
    element = next(e for e in shipped().meddpicc.elements if e.key == "decision_criteria")
    assert [row["weight"] for row in element.fields[0].default] == [25, 20, 18, 15, 12, 10]


def test_champion_has_five_tests_and_paper_five_steps() -> None:
    fields = {(e.key, f.key): f for e in shipped().meddpicc.elements for f in e.fields}
    assert [c.key for c in fields["champion", "tests"].choices] == [
        "credibility",
        "influence",
        "motivation",
        "access",
        "willingness",
    ]
    assert len(fields["paper_process", "steps"].default) == 5


def test_questions_stand_once_for_each_place_in_their_source() -> None:
    assert Counter(q.bank for q in shipped().questions) == {"meddpicc": 43, "segment": 78, "bant": 23, "general": 64}
    assert Counter(q.source.split(",")[0] for q in shipped().questions) == {
        "sales-playbook 1": 43,
        "sales-playbook 2.1": 20,
        "sales-playbook 2.2": 20,
        "sales-playbook 2.3": 19,
        "sales-playbook 2.4": 19,
        "sales-playbook 3.1": 23,
        "sales-playbook 4.2": 64,
    }


def test_each_question_is_worded_once_and_asked_of_someone() -> None:
    assert len({q.text for q in shipped().questions}) == len(shipped().questions)
    assert all(q.text.endswith((".", "?")) and q.personas for q in shipped().questions)


def test_every_criterion_and_element_has_questions() -> None:
    asked = {key for q in shipped().questions for key in (*q.criteria, *q.elements)}
    assert asked == {c.key for c in shipped().bant.criteria} | {e.key for e in shipped().meddpicc.elements}


def test_every_anchor_fact_can_be_asked_for() -> None:
    asked = {key for q in shipped().questions for key in q.facts}
    wanted = {key for c in shipped().bant.criteria for key in c.facts}
    assert wanted <= asked


@pytest.mark.parametrize(
    "segment, cycle",
    [("enterprise_it", (6, 12)), ("cloud", (3, 6)), ("edge", (6, 12)), ("research", (6, 18))],
)
def test_cycles(segment: str, cycle: tuple[int, int]) -> None:
    found = shipped().segment(segment)
    assert (found.cycle_months_low, found.cycle_months_high) == cycle


def test_documented_win_rates() -> None:
    rates = {c.key: (c.documented_won, c.documented_of) for c in shipped().competitors}
    assert rates == {
        "vmware": (9, 15),
        "hyper_v": (4, 5),
        "kvm": (6, 8),
        "proxmox": (None, None),
        "kubernetes": (None, None),
    }


def _targets(group: str, **wanted: object) -> list[int]:
    rows = [t for t in shipped().targets if t.set == group]
    return [int(t.amount) for t in rows if all(getattr(t, name) == value for name, value in wanted.items())]


def test_company_targets() -> None:
    assert _targets("company", quarter=None) == [45 * M, 180 * M, 420 * M]
    assert _targets("company", year=1)[1:] == [3 * M, 7 * M, 12 * M, 23 * M]
    assert _targets("company", year=2)[1:] == [30 * M, 40 * M, 50 * M, 60 * M]
    assert _targets("company", year=3)[1:] == [85 * M, 100 * M, 110 * M, 125 * M]


def test_product_line_targets() -> None:
    assert _targets("product_lines", product_line=None) == [30 * M, 80 * M, 160 * M]
    assert _targets("product_lines", product_line="core_platform") == [10 * M, 20 * M, 35 * M]


def test_segment_targets() -> None:
    assert sum(_targets("segments", year=3)) == 305_200_000
    assert _targets("segments", year=4) == [420 * M, 280 * M, 95 * M, 55 * M]


def test_segment_targets_are_customers_times_average() -> None:
    for segment in shipped().segments:
        planned = [int(row.customers * row.amount) for row in segment.average_arr]
        assert _targets("segments", segment=segment.key)[:3] == planned


def test_the_market_has_18_sub_segments() -> None:
    assert [len(vertical.sub_segments) for vertical in shipped().verticals] == [3] * 6
    assert [str(v.market_size) for v in shipped().verticals] == [f"{n}000000000" for n in (45, 38, 52, 28, 31, 35)]
    assert len(shipped().product_lines) == 5


def test_what_departs_from_its_document_says_so() -> None:
    assert "18 to 24" in shipped().segment("enterprise_it").note
    assert "67 %" in shipped().stage("poc").note
    assert all("850 M" in t.note for t in shipped().targets if t.year == 4)
