"""Signals: the closed list, and an element's values under it."""

from __future__ import annotations

from playbook.signals import all_signals, element_values
from tests.playbook.samples import shipped

ELEMENTS = {element.key: element for element in shipped().meddpicc.elements}


def test_the_list_follows_from_the_elements() -> None:
    signals = all_signals(ELEMENTS.values())
    assert {
        "deal.amount",
        "score.class",
        "meddpicc.metrics.strength",
        "meddpicc.economic_buyer.last_met",
        "meddpicc.champion.access",
        "meddpicc.paper_process.steps.open",
    } <= set(signals)
    assert signals["meddpicc.economic_buyer.engaged"].choices == ("engaged", "not_yet")


def test_values_have_exactly_the_names_of_the_list() -> None:
    listed = {key for key in all_signals(ELEMENTS.values()) if key.count(".") > 1}
    found = {
        key
        for element in ELEMENTS.values()
        for key in element_values(element, strength="unknown", fields={}, has_contact=False)
    }
    assert found == listed


def test_checks_and_tables_are_counted() -> None:
    champion = element_values(
        ELEMENTS["champion"], strength="claimed", fields={"tests": {"access": False}}, has_contact=True
    )
    assert champion["meddpicc.champion.access"] is False
    assert champion["meddpicc.champion.influence"] is None
    assert champion["meddpicc.champion.contact"] is True
    rows = [{"name": "Legal", "state": "done"}, {"name": "Security", "state": "open"}, {"name": "Finance"}]
    paper = element_values(ELEMENTS["paper_process"], strength="claimed", fields={"steps": rows}, has_contact=False)
    assert paper["meddpicc.paper_process.steps.count"] == 3
    assert paper["meddpicc.paper_process.steps.open"] == 2


def test_a_table_nobody_filled_in_is_not_an_empty_one() -> None:
    paper = element_values(ELEMENTS["paper_process"], strength="unknown", fields={}, has_contact=False)
    assert paper["meddpicc.paper_process.steps.open"] is None
