"""The examples on the page about the format are true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from playbook.checks.conditions import COMPARISONS_OF
from playbook.reading import read
from playbook.schema.base import Part
from playbook.schema.cards import KINDS, SECTIONS, Row
from playbook.schema.conditions import COMPARISONS, Condition
from playbook.schema.measures import QUANTITIES
from playbook.schema.qualification import ElementField, Fact, Question
from playbook.spec import FILES

PAGE = (Path(__file__).parents[2] / "docs" / "playbook-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_can_be_read(text: str) -> None:
    document = read("example", text)
    assert document.problems == []
    if isinstance(document.data, dict):
        TypeAdapter(Condition).validate_python(document.data["when"])
    else:
        for item in document.data:
            _type_of(item).model_validate(item)


def _type_of(item: dict[str, Any]) -> type[Part]:
    if "winner" in item:
        return Row
    return Question if "bank" in item else ElementField if "columns" in item else Fact


def test_every_file_and_every_comparison_is_named() -> None:
    assert not [spec.name for spec in FILES if f"`{spec.name}`" not in PAGE]
    assert not [name for name in COMPARISONS if f"`{name}" not in PAGE]
    assert set(COMPARISONS_OF) <= set(re.findall(r"`(\w+)`", PAGE))


def test_every_quantity_is_named_with_its_unit() -> None:
    told = dict(re.findall(r"`(\w+)(?::<[\w ]+>)?` \| (\w+)", PAGE))
    assert {name: told.get(name) for name in QUANTITIES} == {name: one.unit for name, one in QUANTITIES.items()}


def test_every_section_and_field_of_a_card_is_named() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert [name for name in SECTIONS if name not in named] == []
    assert [field for kind in KINDS.values() for field in kind.model_fields if field not in named] == []
