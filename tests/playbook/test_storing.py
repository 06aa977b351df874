"""A playbook goes out and comes back the same."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from playbook.loader import digest, dump, from_json, loads, to_json
from playbook.upgrade import upgrade
from tests.playbook.samples import shipped, spoiled, texts


def test_yaml_comes_back_the_same() -> None:
    files = dump(shipped())
    assert set(files) == set(texts())
    assert loads(files) == shipped()
    assert dump(loads(files)) == files


def test_json_comes_back_the_same_after_a_trip_through_text() -> None:
    data = json.loads(json.dumps(to_json(shipped())))
    assert from_json(data, 1) == shipped()
    assert to_json(from_json(data, 1)) == data


def test_decimals_are_exact() -> None:
    playbook = loads(spoiled(("meddpicc.yaml", "claimed_worth: 0.5", "claimed_worth: 0.1")))
    assert playbook.meddpicc.claimed_worth == Decimal("0.1")
    assert from_json(to_json(playbook)).meddpicc.claimed_worth == Decimal("0.1")
    assert loads(dump(playbook)) == playbook


def test_equal_content_has_an_equal_digest() -> None:
    assert digest(loads(spoiled(("bant.yaml", "weight: 25", "weight: 25.00")))) == digest(shipped())
    assert digest(loads(dump(shipped()))) == digest(shipped())


def test_any_change_changes_the_digest() -> None:
    assert digest(loads(spoiled(("identity.yaml", "company: NovaCron", "company: Other")))) != digest(shipped())


def test_an_older_schema_is_read_step_by_step() -> None:
    def rename(data: dict[str, Any]) -> dict[str, Any]:
        return {"second": data["first"]}

    def double(data: dict[str, Any]) -> dict[str, Any]:
        return {"third": data["second"] * 2}

    assert upgrade({"first": 2}, 1, steps={1: rename, 2: double}, present=3) == {"third": 4}


@pytest.mark.parametrize(
    "version, reason", [(4, "the newest one known here is 3"), (1, "no way to read schema version 1")]
)
def test_a_schema_without_a_way_up_is_refused(version: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        upgrade({}, version, steps={2: dict}, present=3)


def test_reading_leaves_the_stored_json_alone() -> None:
    data = to_json(shipped())
    before = json.dumps(data)
    from_json(data, 1)
    assert json.dumps(data) == before
