"""News of competitors: what the shipped playbook says, what would be nonsense, and playbooks of before there was any."""

from __future__ import annotations

import pytest

from playbook.loader import digest, dump, from_json, load_json, loads, to_json
from playbook.schema.intel import Intel
from tests.playbook.samples import Change, assert_refused, shipped, texts


def intel() -> Intel:
    found = shipped().intel
    assert found is not None
    return found


def test_the_shipped_one_answers_the_three_scenarios_by_the_clock() -> None:
    assert {kind.key: kind.response for kind in intel().kinds} == {
        "price_change": "price_drop",
        "feature": "new_feature",
        "acquisition": None,
        "review": "bad_review",
        "people": None,
    }
    clocks = {one.key: [step.within.model_dump(exclude_none=True) for step in one.steps] for one in intel().scenarios}
    assert clocks == {
        "price_drop": [{"hours": 1}, {"hours": 4}, {"days": 1}, {"days": 2}],
        "new_feature": [{"hours": 1}, {"days": 1}, {"days": 3}, {"weeks": 1}],
        "bad_review": [{"hours": 1}, {"days": 1}, {"days": 2}, {"weeks": 1}],
    }
    assert [(one.choose, len(one.options)) for one in intel().scenarios] == [("one", 5), ("all", 4), ("all", 5)]


def test_the_shipped_one_watches_twelve_things_in_twelve_places() -> None:
    every = [task.every for task in intel().cadence]
    assert [every.count(one) for one in ("day", "week", "month", "quarter")] == [3, 3, 3, 3]
    tiers = [source.tier for source in intel().sources]
    assert [tiers.count(one) for one in ("primary", "secondary", "tertiary")] == [4, 4, 4]


@pytest.mark.parametrize(
    "change, key, reason, allowed",
    [
        (
            ("intel.yaml", "response: price_drop", "response: price_drip"),
            "kinds[price_change].response",
            "names the scenario 'price_drip', which does not exist; did you mean price_drop?",
            "bad_review, new_feature, price_drop",
        ),
        (
            ("intel.yaml", "    response: price_drop\n", ""),
            "kinds[price_change].response_when",
            "says when to respond, but not how",
            "a response beside it",
        ),
        (
            ("intel.yaml", "within: {hours: 4}", "within: {days: 3}"),
            "scenarios[price_drop].steps[decide].within",
            "is due before convene, which stands before it",
            "steps in the order of their clocks",
        ),
        (
            ("intel.yaml", "within: {hours: 4}", "within: {hours: 4, days: 1}"),
            "scenarios[price_drop].steps[convene].within",
            "must give exactly one of hours, days, weeks",
            "",
        ),
    ],
)
def test_nonsense_is_refused_at_its_place(change: Change, key: str, reason: str, allowed: str) -> None:
    assert_refused(change, key, reason, allowed)


def test_a_playbook_of_before_there_was_any_is_read_and_kept() -> None:
    later = ("intel.yaml", "risk_register.yaml")  # the register counts news by their kind
    files = {name: text for name, text in texts().items() if name not in later}
    playbook = loads(files)
    assert playbook.intel is None
    assert set(dump(playbook)) == set(files)
    stored = {name: part for name, part in to_json(playbook).items() if name != "intel"}
    assert from_json(stored) == load_json(stored) == playbook
    assert digest(from_json(stored)) == digest(playbook)
