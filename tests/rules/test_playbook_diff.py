"""What differs between two playbooks, as a page and the command line show it."""

from __future__ import annotations

from typing import Any

from crm.rules.playbook_diff import Difference, differences, written

BEFORE: dict[str, Any] = {
    "identity": {"company": "A"},
    "facts": [{"key": "budget", "label": "Budget"}],
    "stages": [{"key": "demo", "label": "Demo", "days": 20}, {"key": "poc", "label": "POC", "days": 60}],
    "bant": {
        "criteria": [
            {
                "key": "budget",
                "weight": "20",
                "anchors": [{"score": 5, "when": {"fact": "budget", "at_least": "1000000"}}],
            }
        ]
    },
    "targets": [{"set": "company", "year": 1, "quarter": None, "amount": "45"}],
}


def changed(**parts: Any) -> tuple[Difference, ...]:
    return differences(BEFORE, {**BEFORE, **parts})


def test_equal_playbooks_do_not_differ() -> None:
    assert changed() == ()


def test_an_entry_is_named_by_its_key_wherever_it_stands() -> None:
    stages = [{"key": "poc", "label": "POC", "days": 90}, {"key": "demo", "label": "Demo", "days": 20}]
    assert changed(stages=stages) == (
        Difference("stages", "poc › days", "changed", 60, 90),
        Difference("stages", "order", "changed", "demo, poc", "poc, demo"),
    )


def test_added_and_removed_entries() -> None:
    proposal = {"key": "proposal", "label": "Proposal", "days": 30}
    found = changed(stages=[BEFORE["stages"][0], proposal])
    assert [(one.path, one.kind) for one in found] == [("poc", "removed"), ("proposal", "added")]
    assert written(found[1].after) == "key: proposal\nlabel: Proposal\ndays: 30"


def test_a_threshold_that_moved_is_one_sentence_each() -> None:
    criterion = {
        "key": "budget",
        "weight": "20",
        "anchors": [{"score": 5, "when": {"fact": "budget", "at_least": "2000000"}}],
    }
    (found,) = changed(bant={"criteria": [criterion]})
    assert (found.part, found.path) == ("bant", "criteria › budget › anchors › score 5 › when")
    assert (found.before, found.after) == ("Budget at least 1,000,000", "Budget at least 2,000,000")


def test_targets_are_named_by_set_and_period() -> None:
    (found,) = changed(targets=[{"set": "company", "year": 1, "quarter": None, "amount": "50"}])
    assert (found.path, found.before, found.after) == ("company year 1 › amount", "45", "50")


def test_values_are_written_without_what_is_empty() -> None:
    value = {"key": "a", "note": "", "tags": [], "open": True, "of": None, "sub": [{"key": "b", "n": 1}]}
    assert written(value) == "key: a\nopen: yes\nsub:\n  - key: b\n    n: 1"
