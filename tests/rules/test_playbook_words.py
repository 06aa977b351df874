"""Conditions of a playbook as its pages say them."""

from __future__ import annotations

from typing import Any

import pytest

from crm.rules.playbook_words import condition_in_words, is_condition, labels_of

FACTS = {
    "facts": [
        {"key": "budget_amount", "label": "Budget", "unit": "USD a year"},
        {
            "key": "status",
            "label": "Status",
            "choices": [{"key": "ok", "label": "Allocated"}, {"key": "no", "label": "None"}],
        },
        {"key": "poc", "label": "POC done"},
    ]
}


@pytest.mark.parametrize(
    "condition, said",
    [
        ({"fact": "budget_amount", "at_least": "1000000"}, "Budget at least 1,000,000 USD a year"),
        ({"fact": "budget_amount", "under": "12.50"}, "Budget under 12.5 USD a year"),
        ({"fact": "status", "equals": "ok"}, "Status: Allocated"),
        ({"fact": "status", "one_of": ["ok", "no"]}, "Status: Allocated or None"),
        ({"fact": "poc", "equals": True}, "POC done: yes"),
        ({"fact": "poc", "known": False}, "POC done not known"),
        ({"fact": "poc", "passed": False}, "POC done not passed"),
        ({"fact": "score.total", "at_least": "3"}, "Score total at least 3"),
        ({"not": {"fact": "status", "equals": "no"}}, "not (Status: None)"),
        (
            {
                "all": [
                    {"fact": "poc", "known": True},
                    {"any": [{"fact": "status", "equals": "ok"}, {"fact": "poc", "equals": True}]},
                ]
            },
            "POC done known and (Status: Allocated or POC done: yes)",
        ),
        (
            {"any": [{"fact": "status", "known": False}, {"fact": "status", "equals": "ok"}]},
            "Status: Allocated, if known",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: dict[str, Any], said: str) -> None:
    assert is_condition({"known": None, **condition} if "fact" in condition else condition)
    assert condition_in_words(condition, labels_of(FACTS)) == said
