"""What a playbook may not say even when every file has the right shape."""

from __future__ import annotations

import pytest

from tests.playbook.samples import problems, spoiled

NONSENSE: dict[str, tuple[tuple[str, str, str], str, str]] = {
    # case: ((file, old, new), key, words of the reason)
    "a weight finer than a total": (
        ("bant.yaml", "weight: 15", "weight: 14.999"),
        "criteria[timeline].weight",
        "finer",
    ),
    "weights that miss 100": (("bant.yaml", "weight: 15", "weight: 14.5"), "criteria", "the weights sum to 99.5"),
    "classes out of order": (
        ("bant.yaml", "at_least: 3, label", "at_least: 4, label"),
        "classes[B].at_least",
        "must lie below A",
    ),
    "totals without a class": (
        ("bant.yaml", "{key: D, at_least: 1", "{key: D, at_least: 1.5"),
        "classes[D].at_least",
        "leaves totals under 1.5",
    ),
    "a class nobody reaches": (
        ("bant.yaml", "{key: A, at_least: 4", "{key: A, at_least: 6"),
        "classes[A].at_least",
        "no total can reach",
    ),
    "anchors out of order": (
        ("bant.yaml", "- score: 3", "- score: 5"),
        "criteria[budget].anchors[1].score",
        "5 follows 5",
    ),
    "an anchor on a fact nobody is asked": (
        ("bant.yaml", "facts: [budget_amount, budget_status,", "facts: [budget_amount,"),
        "criteria[budget].anchors[0].when",
        "reads budget_status",
    ),
    "a fact that does not exist": (
        ("bant.yaml", "{fact: budget_status, equals: allocated}", "{fact: budget_state, equals: allocated}"),
        "criteria[budget].anchors[0].when.all[1].fact",
        "does not exist; did you mean budget_status?",
    ),
    "a signal where only facts count": (
        ("bant.yaml", "{fact: budget_status, equals: allocated}", "{fact: deal.amount, over: 0}"),
        "criteria[budget].anchors[0].when.all[1].fact",
        "'deal.amount', which does not exist",
    ),
    "a comparison the kind can't bear": (
        ("bant.yaml", "{fact: decision_date, within_months: 6}", "{fact: decision_date, at_least: 6}"),
        "criteria[timeline].anchors[0].when.all[0].at_least",
        "decision_date is of the kind date",
    ),
    "a choice that is none": (
        ("bant.yaml", "one_of: [path, none]", "one_of: [path, nobody]"),
        "criteria[authority].anchors[2].when.one_of[1]",
        "'nobody' is no choice of authority_access",
    ),
    "or_on where it says nothing": (
        ("bant.yaml", "{fact: vm_count, at_least: 500}", "{fact: vm_count, at_least: 500, or_on: true}"),
        "criteria[technical_fit].anchors[0].when.any[0].or_on",
        "belongs to within_months",
    ),
    "a segment that does not exist": (
        ("bant.yaml", "      research:", "      reserch:"),
        "criteria[budget].segments.reserch",
        "did you mean research?",
    ),
    "a class no stage can ask for": (
        ("stages.yaml", "{fact: score.class, one_of: [A, B]}", "{fact: score.class, one_of: [A, X]}"),
        "[qualified].exit_criteria[class_warm].when.one_of[1]",
        "'X' is no choice of score.class",
    ),
    "two won stages": (("stages.yaml", "kind: lost", "kind: won"), "", "has 2 stages of the kind won"),
    "a lost stage with a chance": (
        ("stages.yaml", "probability_percent: 0", "probability_percent: 1"),
        "[lost].probability_percent",
        "can't be 1 for a deal that is lost",
    ),
    "a chance that falls": (
        ("stages.yaml", "probability_percent: 50", "probability_percent: 30"),
        "[poc].probability_percent",
        "does not lie above",
    ),
    "default weights that miss their sum": (
        ("meddpicc.yaml", "{name: Performance, weight: 25}", "{name: Performance, weight: 24}"),
        "elements[decision_criteria].fields[criteria].default",
        "weight sums to 99",
    ),
    "a default row with a strange column": (
        ("meddpicc.yaml", "{name: Legal review, state: open}", "{name: Legal review, status: open}"),
        "elements[paper_process].fields[steps].default[0].status",
        "is no column",
    ),
    "a default row with a strange choice": (
        ("meddpicc.yaml", "{name: Legal review, state: open}", "{name: Legal review, state: closed}"),
        "elements[paper_process].fields[steps].default[0].state",
        "can't be 'closed'",
    ),
    "a red flag of no element": (
        ("meddpicc.yaml", "element: champion\n", "element: champ\n"),
        "red_flags[champion_without_access].element",
        "'champ', which does not exist",
    ),
    "a red flag on no signal": (
        ("meddpicc.yaml", "meddpicc.champion.access", "meddpicc.champion.acces"),
        "red_flags[champion_without_access].when.fact",
        "did you mean meddpicc.champion.access?",
    ),
    "a key used twice": (("personas.yaml", "key: cto", "key: cio"), "[cio].key", "is taken already"),
    "a question key used in two banks": (
        ("questions/general.yaml", "key: gen_priorities", "key: bant_budget"),
        "[bant_budget].key",
        "is taken already",
    ),
    "a question in the wrong file": (
        ("questions/general.yaml", "bank: general", "bank: bant"),
        "[gen_priorities].bank",
        "stands in questions/general.yaml",
    ),
    "a question of nobody": (
        ("questions/segment.yaml", "personas: [cio, cto]", "personas: [cio, ctoo]"),
        "[ent_priorities].personas[1]",
        "did you mean cto?",
    ),
    "a sub-segment in two verticals": (
        ("market.yaml", "key: oil_gas", "key: hospitals"),
        "verticals[energy].sub_segments[hospitals].key",
        "is taken already",
    ),
    "a cycle that ends before it begins": (
        ("segments.yaml", "cycle_months_high: 12", "cycle_months_high: 5"),
        "[enterprise_it].cycle_months_high",
        "5 lies below cycle_months_low",
    ),
    "a gap between sizes": (
        ("market.yaml", "employees_at_least: 1000,", "employees_at_least: 1001,"),
        "size_classes[mid_market].employees_at_least",
        "leaves a gap or an overlap",
    ),
    "more won than fought": (
        ("competitors.yaml", "documented_won: 9", "documented_won: 19"),
        "[vmware].documented_won",
        "19 of 15 is not possible",
    ),
    "quarters that miss the year": (
        ("targets.yaml", "{set: company, year: 2, amount: 180000000}", "{set: company, year: 2, amount: 181000000}"),
        "[5].amount",
        "the quarters of year 2 sum to 180,000,000",
    ),
    "lines that miss the total": (
        ("targets.yaml", "product_line: security, amount: 8000000", "product_line: security, amount: 9000000"),
        "[15].amount",
        "the product lines of this set sum to 31,000,000",
    ),
    "a target for no segment": (
        ("targets.yaml", "segment: cloud,", "segment: clouds,"),
        "[34].segment",
        "did you mean cloud?",
    ),
}


@pytest.mark.parametrize("change, key, reason", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_at_its_place(change: tuple[str, str, str], key: str, reason: str) -> None:
    found = problems(spoiled(change))
    assert any(p.file == change[0] and p.key == key and reason in p.reason for p in found), [str(p) for p in found]


def test_no_reason_for_lost_deals() -> None:
    files = spoiled()
    files["outcome_reasons.yaml"] = "- {key: price, label: Price, outcome: won}\n"
    assert [p.reason for p in problems(files)] == ["has no reason for deals that are lost"]
