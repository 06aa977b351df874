"""Two playbooks rule by rule: what each rule is called, what it said and says, and how many are equal."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from crm.rules.playbook_compare import compare, equal_rules
from playbook.storing import to_json
from tests.rules.worlds import SHIPPED

DATA = to_json(SHIPPED)


def rows(change: Callable[[dict[str, Any]], None]) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    after = copy.deepcopy(DATA)
    change(after)
    return [
        (chapter.key, row.label, row.kind, [(line.label, line.before, line.after) for line in row.lines])
        for chapter in compare(DATA, after)
        for row in chapter.rows
    ]


def weight(data: dict[str, Any]) -> None:
    data["bant"]["criteria"][0]["weight"] = "25"


def verdict(data: dict[str, Any]) -> None:
    data["bant"]["criteria"][0]["segments"]["research"]["qualified"] = {"fact": "budget_amount", "at_least": "50000"}


def floor(data: dict[str, Any]) -> None:
    data["bant"]["classes"][0]["at_least"] = "4.2"


def anchor(data: dict[str, Any]) -> None:
    data["bant"]["criteria"][1]["anchors"][0]["text"] = "They signed"


def order(data: dict[str, Any]) -> None:
    data["stages"][1], data["stages"][2] = data["stages"][2], data["stages"][1]


def exit_criterion(data: dict[str, Any]) -> None:
    data["stages"][1]["exit_criteria"][0]["text"] = "The pain is clear to us"


def element(data: dict[str, Any]) -> None:
    data["meddpicc"]["elements"][0]["weight"] = "2"
    data["meddpicc"]["stale_after_days"] = 30


def reason(data: dict[str, Any]) -> None:
    data["outcome_reasons"] = data["outcome_reasons"][1:]


def question(data: dict[str, Any]) -> None:
    data["questions"][0]["personas"] = ["cio"]


BUDGET = "Budget in Research and advanced computing: qualified"
ASKED = "CFO or finance\nCIO\nVP or director of infrastructure\nVP operations"
STAGES = [stage["label"] for stage in DATA["stages"]]


@pytest.mark.parametrize(
    "change, expected",
    [
        (weight, [("weights", "Budget", "changed", [("", "20 %", "25 %")])]),
        (floor, [("classes", "A, hot", "changed", [("From", "4", "4.2")])]),
        (anchor, [("anchors", "Authority: score 5", "changed", [("Text", "Economic buyer engaged", "They signed")])]),
        (
            order,
            [
                (
                    "stages",
                    "Order of stages",
                    "changed",
                    [("", "\n".join(STAGES), "\n".join([STAGES[0], STAGES[2], STAGES[1], *STAGES[3:]]))],
                )
            ],
        ),
        (
            exit_criterion,
            [
                (
                    "exit",
                    "Discovery: The pain is clear",
                    "changed",
                    [("Text", "The pain is clear", "The pain is clear to us")],
                )
            ],
        ),
        (
            element,
            [
                ("meddpicc", "Days until a confirmation ages", "changed", [("", "60", "30")]),
                ("meddpicc", "Metrics", "changed", [("Weight", "1", "2")]),
            ],
        ),
        (reason, [("reasons", "Cost savings", "removed", [("", "Label: Cost savings\nOutcome: won", "")])]),
        (question, [("questions", DATA["questions"][0]["text"], "changed", [("Asked of", ASKED, "CIO")])]),
    ],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_only_what_differs_is_told(change, expected):
    assert rows(change) == expected


def test_a_threshold_of_a_segment_is_a_sentence_each():
    ((chapter, label, kind, lines),) = rows(verdict)
    assert (chapter, label, kind) == ("verdicts", BUDGET, "changed")
    ((_, before, after),) = lines
    assert before.startswith("Budget at least 100,000 USD")
    assert after.startswith("Budget at least 50,000 USD")


def test_what_is_equal_is_counted():
    after = copy.deepcopy(DATA)
    weight(after)
    assert equal_rules(DATA, DATA) == equal_rules(DATA, after) + 1
    assert compare(DATA, DATA) == ()


@pytest.mark.parametrize("part", DATA)
def test_no_part_of_a_playbook_is_left_out(part):
    """A new part of the schema belongs to a chapter, or people would publish what they were not shown."""
    after = copy.deepcopy(DATA)
    if isinstance(after[part], list):
        after[part] = after[part][1:]
    else:
        name = {"identity": "company", "bant": "highest", "meddpicc": "stale_after_days"}[part]
        after[part][name] = "another"
    assert compare(DATA, after) != ()
