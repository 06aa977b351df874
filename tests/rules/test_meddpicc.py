"""Lights with ageing, exact health, red flags, evidence, sums and tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from deals.rules.meddpicc import checks_passed, confirm_problems, health_of, percent, red_flags, sum_problems
from deals.rules.signals import known, signals
from deals.rules.snapshot import ElementSnapshot, ScoreSnapshot
from playbook.signals import all_signals
from tests.rules.worlds import SHIPPED, TODAY, deal, person

MEDDPICC = SHIPPED.meddpicc
ELEMENT = {element.key: element for element in MEDDPICC.elements}


def confirmed(days_ago: int, **known_of_it) -> ElementSnapshot:
    return ElementSnapshot("confirmed", confirmed_date=TODAY - dt.timedelta(days=days_ago), **known_of_it)


AGES = [
    ("confirmed today counts", 0, "f", False),
    ("60 days old still counts", 60, "f", False),
    ("61 days old counts as claimed", 61, "c", True),
]


@pytest.mark.parametrize("days, state, stale", [row[1:] for row in AGES], ids=[row[0] for row in AGES])
def test_evidence_ages(days, state, stale):
    light = health_of(MEDDPICC, {"metrics": confirmed(days)}, TODAY).light("metrics")
    assert (light.state, light.stale) == (state, stale)


def test_a_light_says_why():
    found = health_of(MEDDPICC, {"metrics": confirmed(61), "champion": confirmed(60)}, TODAY)
    assert found.light("metrics").because == (
        "Confirmed 1 Dec 2025, more than 60 days ago, so it counts as claimed until reconfirmed."
    )
    assert found.light("champion").because == "Confirmed 2 Dec 2025; counts until 31 Jan 2026."


def test_confirmed_on_no_known_day_counts_as_claimed():
    light = health_of(MEDDPICC, {"metrics": ElementSnapshot("confirmed")}, TODAY).light("metrics")
    assert (light.state, light.stale, light.stale_date) == ("c", True, None)


def test_lights_stand_in_the_playbooks_order():
    found = health_of(MEDDPICC, {"competition": confirmed(1), "economic_buyer": ElementSnapshot("claimed")}, TODAY)
    assert found.lights_string == "ucuuuuuf"
    assert [light.letter for light in found.lights] == list("MEDDPICC")


def test_the_next_stale_date_is_the_day_the_health_falls():
    elements = {"metrics": confirmed(10), "champion": confirmed(30), "competition": confirmed(90)}
    found = health_of(MEDDPICC, elements, TODAY)
    assert found.next_stale_date is not None
    day_before = found.next_stale_date - dt.timedelta(days=1)
    assert health_of(MEDDPICC, elements, day_before).percent == found.percent
    assert health_of(MEDDPICC, elements, found.next_stale_date).percent < found.percent


def test_nothing_confirmed_never_goes_stale():
    assert health_of(MEDDPICC, {"metrics": ElementSnapshot("claimed")}, TODAY).next_stale_date is None


def test_four_confirmed_and_three_claimed_are_68_and_three_quarters():
    keys = list(ELEMENT)
    elements = {key: confirmed(1) for key in keys[:4]} | {key: ElementSnapshot("claimed") for key in keys[4:7]}
    assert health_of(MEDDPICC, elements, TODAY).percent == Fraction(275, 4)


def test_health_stays_exact_with_uneven_weights():
    weighted = MEDDPICC.model_copy(
        update={
            "elements": tuple(
                each.model_copy(update={"weight": Decimal(5 if each.key == "champion" else 1)})
                for each in MEDDPICC.elements
            )
        }
    )
    assert percent(weighted, {"champion": "claimed", "metrics": "confirmed"}) == Fraction(175, 6)
    assert health_of(weighted, {"champion": ElementSnapshot("claimed")}, TODAY).stored_percent == Decimal("20.83")


LAST_MET = {"economic_buyer": ElementSnapshot("claimed", {"last_met": "2026-01-02"})}
NO_ACCESS = {"champion": ElementSnapshot("claimed", {"tests": {"access": False}})}
RAISED = [
    ("economic buyer never met", {}, "buyer_never_met", True),
    ("economic buyer met", {"meddpicc": LAST_MET}, "buyer_never_met", False),
    ("no deadline", {"facts": {"deadline": "none"}}, "no_deadline", True),
    ("a deadline nobody asked about", {}, "no_deadline", None),
    ("no next step dated", {}, "no_next_step", True),
    ("a next step that has passed", {"next_step_date": dt.date(2026, 1, 30)}, "no_next_step", True),
    ("a next step today", {"next_step_date": TODAY}, "no_next_step", False),
    ("champion without access", {"meddpicc": NO_ACCESS}, "champion_without_access", True),
    ("champion whose access is unknown", {"meddpicc": {"champion": ElementSnapshot("claimed")}}, "champion_without_access", None),
]  # fmt: skip


@pytest.mark.parametrize("of_deal, key, raised", [row[1:] for row in RAISED], ids=[row[0] for row in RAISED])
def test_red_flag(of_deal, key, raised):
    flags = {flag.key: flag for flag in red_flags(SHIPPED, known(SHIPPED, deal(**of_deal), TODAY), TODAY)}
    assert flags[key].raised is raised
    assert bool(flags[key].because) is bool(raised)


def test_reminders_are_listed_but_never_raised():
    flags = {flag.key: flag for flag in red_flags(SHIPPED, {}, TODAY)}
    assert (flags["avoids_price"].reminder, flags["avoids_price"].raised) == (True, None)


def test_raised_flags_come_first():
    raised = [bool(flag.raised) for flag in red_flags(SHIPPED, known(SHIPPED, deal(), TODAY), TODAY)]
    assert raised == sorted(raised, reverse=True)


def test_confirmed_needs_evidence_and_a_named_contact():
    assert confirm_problems(ELEMENT["champion"], ElementSnapshot()) == (
        "Champion needs evidence to be confirmed: a call, a document, a dated note or a contact.",
        "Champion needs a named contact to be confirmed.",
    )
    assert confirm_problems(ELEMENT["champion"], ElementSnapshot(contact_id=7, has_evidence=True)) == ()


SUMS = [
    ("the default set", [25, 20, 18, 15, 12, 10], {}),
    ("exact decimals", ["33.4", "33.3", "33.3"], {}),
    ("no rows yet", [], {}),
    ("too little", [50, 49], {"criteria": "Weight adds up to 99; it should be 100."}),
    ("too much", ["50.5", 50], {"criteria": "Weight adds up to 100.5; it should be 100."}),
    ("a row without a weight", [50, None, 50], {}),
]


@pytest.mark.parametrize("weights, problems", [row[1:] for row in SUMS], ids=[row[0] for row in SUMS])
def test_decision_criteria_weigh_100(weights, problems):
    rows = [{"name": "Performance", "weight": weight} for weight in weights]
    assert sum_problems(ELEMENT["decision_criteria"], {"criteria": rows}) == problems


def test_a_champions_tests_are_counted():
    fields = {"tests": {"credibility": True, "influence": True, "motivation": True, "access": False}}
    passed = checks_passed(ELEMENT["champion"], fields)
    assert (passed.passed, passed.failed, passed.unknown, passed.total) == (3, 1, 1, 5)


def test_every_signal_of_the_playbook_has_a_value_and_no_other_has():
    assert signals(SHIPPED, deal(), TODAY).keys() == all_signals(MEDDPICC.elements).keys()


def test_strength_signals_are_those_after_ageing():
    values = signals(SHIPPED, deal(meddpicc={"metrics": confirmed(61), "champion": confirmed(2)}), TODAY)
    assert values["meddpicc.metrics.strength"] == "claimed"
    assert (values["meddpicc.confirmed"], values["meddpicc.unknown"]) == (1, 6)


def test_signals_tell_of_contacts_days_and_the_stored_score():
    values = signals(SHIPPED, deal(contacts=(person(),), score=ScoreSnapshot(Decimal("3.95"), "B")), TODAY)
    assert (values["contacts.count"], values["deal.days_in_stage"]) == (1, 30)
    assert (values["score.total"], values["score.class"], values["score.complete"]) == (Decimal("3.95"), "B", False)


def test_facts_that_do_not_fit_stay_out_of_what_is_known():
    assert "decision_date" not in known(SHIPPED, deal(facts={"decision_date": "soon"}), TODAY)
