"""Two playbooks rule by rule: what each rule is called, what it said and says, and how many are equal."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from crm.rules.playbook_compare import compare, equal_rules
from crm.rules.playbook_prices import price_rules
from playbook.storing import to_json
from tests.rules.worlds import SHIPPED

DATA = to_json(SHIPPED)
NESTED = {"market_sizes": "sets", "kpis": "sheets", "risk_register": "risks", "win_rates": "rates", "qbr": "parts"}
PRICES = ("pricing", "discounts", "terms", "approvals")


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
    elif part in NESTED:
        after[part][NESTED[part]].pop()
    elif part == "intel":
        after[part]["scenarios"][0]["steps"][0]["within"] = {"hours": 2, "days": None, "weeks": None}
    else:
        name = {
            "identity": "company",
            "bant": "highest",
            "meddpicc": "stale_after_days",
            "pricing": "hours_per_month",
            "discounts": "strategic_per_quote",
            "terms": "validity_days",
            "approvals": "remind_after_working_days",
            "agenda": "minutes",
            "demo": "minutes",
            "poc": "days_usual",
            "cards": "minimum_deals",
        }[part]
        after[part][name] = "another"
    assert compare(DATA, after) != ()


def tier(data: dict[str, Any]) -> None:
    data["pricing"]["models"][0]["tiers"][1]["price"] = "2600"


def cap(data: dict[str, Any]) -> None:
    data["discounts"]["strategic"][1]["cap_percent"] = "35"


def level(data: dict[str, Any]) -> None:
    data["discounts"]["volume"][3]["approval"] = "svp"


def asked(data: dict[str, Any]) -> None:
    data["terms"]["kinds"][0]["options"][1] |= {"uplift_percent": "6", "approval": "vp"}


def clock(data: dict[str, Any]) -> None:
    data["approvals"]["escalate_after_working_days"] = 5


@pytest.mark.parametrize(
    "change, expected",
    [
        (
            tier,
            (
                "prices",
                "Per socket",
                "Tiers, Enterprise",
                "50 to 499 sockets: 2,500 per socket and year",
                "50 to 499 sockets: 2,600 per socket and year",
            ),
        ),
        (
            cap,
            (
                "discounts",
                "Lighthouse customer",
                "Discount",
                "Up to 30 %, with the approval of SVP",
                "Up to 35 %, with the approval of SVP",
            ),
        ),
        (
            level,
            (
                "discounts",
                "Volume from 1,000",
                "",
                "1,000 units and more: 20 %, with the approval of VP",
                "1,000 units and more: 20 %, with the approval of SVP",
            ),
        ),
        (
            asked,
            (
                "terms",
                "Payment terms: Net 60",
                "Asks for",
                "a price 5 % higher, a term of 3 years or more",
                "a price 6 % higher, a term of 3 years or more, the approval of VP",
            ),
        ),
        (
            clock,
            (
                "approvals",
                "A step nobody answers goes one level up",
                "",
                "after 4 working days",
                "after 5 working days",
            ),
        ),
    ],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_a_price_a_cap_and_a_level_read_as_sentences(change, expected):
    chapter, label, field, before, after = expected
    assert rows(change) == [(chapter, label, "changed", [(field, before, after)])]


def leaves(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Where every single value of a part stands, lists of words included; keys name things and are not told."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, *path, name) if name != "key" else ()
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, item in enumerate(value):
            yield from leaves(item, *path, place)
    else:
        yield path


@pytest.mark.parametrize("part", PRICES)
def test_no_value_about_prices_is_left_out(part):
    """Whoever publishes approves prices and caps by reading this page."""
    told, untold = list(price_rules(DATA)), []
    odd = {
        "rate": {"low": "1", "high": "2"},
        "period": "month",
        "charged": "once",
        "free": {"label": "Free", "up_to": 4, "units": "hosts"},
        "tiers": DATA["pricing"]["models"][0]["tiers"],
    }
    for path in leaves(DATA[part], part):
        after = {part: copy.deepcopy(DATA[part])}
        *way, last = path
        holder = reduce(getitem, way, after)
        old = holder[last]
        other = (not old) if isinstance(old, bool) else old[1:] or ["volume"] if isinstance(old, list) else "7"
        holder[last] = odd.get(last, other)
        if old != holder[last] and list(price_rules(DATA | {part: after[part]})) == told:
            untold.append(path)
    assert untold == []


def test_a_playbook_without_prices_compares_with_one_that_has_them():
    without = DATA | dict.fromkeys(PRICES)
    chapters = {chapter.key: {row.kind for row in chapter.rows} for chapter in compare(without, DATA)}
    assert chapters == {chapter: {"added"} for chapter in ("prices", "discounts", "terms", "approvals")}
    assert compare(without, without) == ()
