"""The worked examples, to the cent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from quotes.rules.pricing import price
from quotes.rules.reading import read
from quotes.rules.stored import priced_json
from tests.rules.asks import RULES

GOLDEN: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "golden/quotes.yaml").read_text())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_a_worked_example(case):
    body = {key: value for key, value in case.items() if key not in ("name", "expect")}
    found = priced_json(price(read(body, RULES), RULES))
    assert {
        "years": [year["amount"] for year in found["years"]],
        "total": found["total"],
        "discount_percent": found["discount_percent"],
        "approvals": [one["level"] for one in found["approvals"]],
    } == case["expect"]
