"""The condition language: three-valued logic, every comparison, and its boundaries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from playbook.conditions import AnyCondition, FactValueError, add_months, evaluate
from playbook.schema.conditions import Condition

TODAY = date(2026, 3, 31)
T, F, U = {"fact": "t", "equals": True}, {"fact": "f", "equals": True}, {"fact": "u", "equals": True}
LOGIC = {"t": True, "f": False, "u": None}


def condition(data: Any) -> AnyCondition:
    parsed: AnyCondition = TypeAdapter(Condition).validate_python(data)
    return parsed


def holds(test: dict[str, Any], value: object) -> bool | None:
    return evaluate(condition({"fact": "x", **test}), {"x": value}, today=TODAY)


@pytest.mark.parametrize(
    "data, expected",
    [
        (T, True),
        (F, False),
        (U, None),
        ({"not": T}, False),
        ({"not": F}, True),
        ({"not": U}, None),
        ({"all": [T, T]}, True),
        ({"all": [T, F]}, False),
        ({"all": [T, U]}, None),
        ({"all": [U, F]}, False),
        ({"all": [U, U]}, None),
        ({"any": [F, F]}, False),
        ({"any": [F, T]}, True),
        ({"any": [F, U]}, None),
        ({"any": [U, T]}, True),
        ({"any": [U, U]}, None),
        ({"not": {"any": [F, U]}}, None),
        ({"all": [{"any": [U, T]}, {"not": F}]}, True),
    ],
)
def test_logic_has_three_values(data: dict[str, Any], expected: bool | None) -> None:
    assert evaluate(condition(data), LOGIC, today=TODAY) is expected


@pytest.mark.parametrize(
    "test, value, expected",
    [
        ({"at_least": 1000000}, "1000000.00", True),
        ({"at_least": 1000000}, "999999.99", False),
        ({"over": 1000000}, "1000000.00", False),
        ({"over": 1000000}, "1000000.01", True),
        ({"under": 50}, 50, False),
        ({"under": 50}, 49, True),
        ({"at_most": "0.1"}, "0.1", True),
        ({"at_most": "0.1"}, "0.1000001", False),
        ({"at_least": 10}, Decimal(10), True),
        ({"equals": 0}, "0.00", True),
        ({"equals": 0}, 1, False),
        ({"equals": True}, True, True),
        ({"equals": False}, True, False),
        ({"equals": "hard"}, "hard", True),
        ({"equals": "hard"}, "soft", False),
        ({"one_of": ["hard", "soft"]}, "soft", True),
        ({"one_of": ["hard", "soft"]}, "none", False),
        ({"includes_any": ["ai_ml", "quantum"]}, ["vms", "ai_ml"], True),
        ({"includes_any": ["ai_ml", "quantum"]}, ["vms"], False),
        ({"only": ["vms", "legacy"]}, ["legacy"], True),
        ({"only": ["vms", "legacy"]}, ["legacy", "edge"], False),
        ({"known": True}, False, True),
        ({"known": True}, 0, True),
        ({"known": True}, None, False),
        ({"known": False}, [], True),
        ({"known": False}, "", True),
        ({"known": False}, "x", False),
        # 31 March plus 6 months is 30 September: the last day a month has.
        ({"within_months": 6}, "2026-09-29", True),
        ({"within_months": 6}, "2026-09-30", False),
        ({"within_months": 6, "or_on": True}, "2026-09-30", True),
        ({"within_months": 6, "or_on": True}, "2026-10-01", False),
        ({"within_months": 6}, "2026-03-31", True),
        ({"within_months": 6}, "2026-03-30", False),
        ({"passed": True}, "2026-03-30", True),
        ({"passed": True}, "2026-03-31", False),
        ({"passed": False}, "2026-03-31", True),
        ({"older_than_days": 60}, "2026-01-30", False),
        ({"older_than_days": 60}, "2026-01-29", True),
        ({"passed": True}, date(2026, 1, 1), True),
    ],
)
def test_comparison(test: dict[str, Any], value: object, expected: bool) -> None:
    assert holds(test, value) is expected


TESTS: list[dict[str, Any]] = [
    {"at_least": 1},
    {"over": 1},
    {"under": 1},
    {"at_most": 1},
    {"equals": 1},
    {"one_of": ["a"]},
    {"includes_any": ["a"]},
    {"only": ["a"]},
    {"within_months": 1},
    {"passed": True},
    {"older_than_days": 1},
]


@pytest.mark.parametrize("test", TESTS, ids=str)
@pytest.mark.parametrize("value", [None, "", []], ids=str)
def test_what_is_not_known_is_neither_true_nor_false(test: dict[str, Any], value: object) -> None:
    assert holds(test, value) is None


@pytest.mark.parametrize(
    "test, value",
    [
        ({"at_least": 1}, "many"),
        ({"at_least": 1}, True),
        ({"at_least": 1}, "NaN"),
        ({"passed": True}, "31.3.2026"),
        ({"passed": True}, 5),
        ({"only": ["a"]}, "a"),
    ],
)
def test_a_value_of_another_form_is_refused_by_name(test: dict[str, Any], value: object) -> None:
    with pytest.raises(FactValueError, match=r"^x: "):
        holds(test, value)


@pytest.mark.parametrize("data", [{"fact": "x"}, {"fact": "x", "at_least": 1, "under": 2}, {"all": []}, {}, "x", None])
def test_a_condition_needs_exactly_one_test(data: Any) -> None:
    with pytest.raises(ValidationError):
        condition(data)


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), 36, date(2029, 3, 31)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


leaves = st.sampled_from([T, F, U])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)


@given(trees, st.booleans())
def test_an_answer_given_early_stays_when_more_is_known(tree: dict[str, Any], later: bool) -> None:
    early = evaluate(condition(tree), LOGIC, today=TODAY)
    assert early is None or evaluate(condition(tree), LOGIC | {"u": later}, today=TODAY) is early
