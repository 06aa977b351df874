"""The weighted lead score, against the golden rows and by its properties."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from scoring.rules.lead_score import InvalidScores, check, class_of, format_total, score
from tests.rules.worlds import CRITERIA, SHIPPED, UNEVEN, scores, some_scores

GOLDEN: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "golden/leads.yaml").read_text())


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: str(row["scores"]))
def test_golden_row(bant, row):
    result = score(bant, scores(*row["scores"]))
    assert result.lead_class == row["class"]
    if "total" in row:
        assert result.total is not None
        assert format_total(result.total) == row["total"]
        assert (result.low, result.high) == (result.total, result.total)
    else:
        assert result.total is None
        assert [format_total(result.low), format_total(result.high)] == row["range"]


CLASSES = [
    ("4 is an A", "4", "A"),
    ("just under 4 is a B, however close", "3.9999999", "B"),
    ("3 is a B", "3", "B"),
    ("just under 3 is a C", "2.9999999", "C"),
    ("2 is a C", "2", "C"),
    ("just under 2 is a D", "1.9999999", "D"),
    ("the worst class has no floor", "0", "D"),
]


@pytest.mark.parametrize("total, expected", [row[1:] for row in CLASSES], ids=[row[0] for row in CLASSES])
def test_class_of_an_unrounded_total(bant, total, expected):
    assert class_of(bant, Decimal(total)).key == expected


def test_contributions_say_score_weight_and_product(bant):
    part = score(bant, scores(5, 4, None, 3, 3, 4)).contribution("authority")
    assert (part.score, part.weight_percent, part.product) == (4, Decimal(25), Decimal("1.00"))


def test_an_unscored_criterion_contributes_a_range_and_no_product(bant):
    part = score(bant, scores(5, 4, None, 3, 3, 4)).contribution("need")
    assert (part.product, part.low, part.high) == (None, Decimal("0.20"), Decimal("1.00"))


def test_a_criterion_left_out_is_not_scored(bant):
    assert score(bant, {"budget": 5}) == score(bant, scores(5, None, None, None, None, None))


def test_undecided_names_every_class_that_is_possible_from_worst_to_best(bant):
    assert score(bant, scores(*[None] * 6)).possible_classes == ("D", "C", "B", "A")
    assert score(bant, scores(4, 5, 4, 3, 3, None)).possible_classes == ("B", "A")
    assert score(bant, scores(3, 3, 3, 3, 4, None)).possible_classes == ("C", "B")


def test_missing_names_what_is_not_scored(bant):
    assert score(bant, scores(5, None, 5, 5, None, 5)).missing == ("authority", "technical_fit")


def test_as_json_is_the_api_shape(bant):
    shape = score(bant, scores(5, 4, None, 3, 3, 4)).as_json()
    assert shape["total"] is None
    assert shape["range"] == ["3.35", "4.15"]
    assert shape["lead_class"] is None
    assert shape["possible_classes"] == ["B", "A"]
    contributions = shape["contributions"]
    assert isinstance(contributions, list)
    assert contributions[0] == {
        "criterion": "budget",
        "label": "Budget",
        "score": 5,
        "weight_percent": "20",
        "product": "1.00",
        "low": "1.00",
        "high": "1.00",
    }


WRONG = [
    ("over the scale", {"budget": 6}),
    ("under the scale", {"budget": 0}),
    ("not a whole number", {"budget": 3.0}),
    ("a text", {"budget": "3"}),
    ("true is not 1", {"budget": True}),
    ("a criterion the playbook lacks", {"charm": 3}),
]


@pytest.mark.parametrize("wrong", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_refused(bant, wrong):
    with pytest.raises(InvalidScores) as refused:
        score(bant, wrong)
    assert list(refused.value.problems) == list(wrong)


def test_every_problem_is_named_at_once(bant):
    assert set(check(bant, {"budget": 6, "charm": 3, "need": 3, "timeline": None})) == {"budget", "charm"}


FORMATS = [("3.95", "3.95"), ("4", "4.00"), ("3.125", "3.125"), ("3.1200", "3.12"), ("1E+1", "10.00"), ("0", "0.00")]


@pytest.mark.parametrize("value, text", FORMATS)
def test_a_total_shows_two_decimals_or_as_many_as_it_needs(value, text):
    assert format_total(Decimal(value)) == text


@pytest.mark.parametrize("playbook", [SHIPPED, UNEVEN], ids=["shipped weights", "uneven weights"])
@given(given_scores=some_scores)
def test_the_range_is_exactly_what_completions_reach(playbook, given_scores):
    result = score(playbook.bant, given_scores)
    missing = [key for key in CRITERIA if given_scores[key] is None][:3]
    partly = {**given_scores, **dict.fromkeys([key for key in CRITERIA if given_scores[key] is None][3:], 1)}
    totals = [
        score(playbook.bant, {**partly, **dict(zip(missing, values, strict=True))})
        for values in product((1, 3, 5), repeat=len(missing))
    ]
    assert all(result.low <= completed.low <= completed.high <= result.high for completed in totals)
    assert min(completed.low for completed in totals) == result.low
    if result.lead_class is not None:
        assert {completed.lead_class for completed in totals} == {result.lead_class}
    assert all(set(completed.possible_classes) <= set(result.possible_classes) for completed in totals)


@given(given_scores=some_scores)
def test_contributions_add_up(given_scores):
    result = score(UNEVEN.bant, given_scores)
    assert sum(part.low for part in result.contributions) == result.low
    assert sum(part.high for part in result.contributions) == result.high
    assert (result.total is None) == bool(result.missing)
