"""Facts in their one spelling, and what is refused."""

from __future__ import annotations

import pytest

from playbook.facts import canonical
from playbook.schema.qualification import Fact
from tests.playbook.samples import shipped

MONEY = shipped().fact("budget_amount")
NUMBER = Fact(key="load", label="Load", kind="decimal", scope="deal")


@pytest.mark.parametrize(
    "written, kept",
    [
        ("1,250.50", "1250.5"),
        ("1.10", "1.1"),
        ("1E+5", "100000"),
        ("0e-9999999", "0"),
        ("0.000000000001", "0.000000000001"),
    ],
)
def test_a_number_has_one_spelling(written: str, kept: str) -> None:
    assert canonical(NUMBER, written) == kept


@pytest.mark.parametrize("fact", [NUMBER, MONEY], ids=["decimal", "money"])
@pytest.mark.parametrize("written", ["1e-9999999", "1e-999999999999999999", "0.0000000000001"])
def test_what_is_smaller_than_anybody_measures_is_refused_not_written_out(fact: Fact, written: str) -> None:
    with pytest.raises(ValueError, match="decimal places"):
        canonical(fact, written)


@pytest.mark.parametrize("written", ["1e13", "1e999999999999", "-1", "NaN", "Infinity", "many", True, "1,5", "1_000"])
def test_what_is_no_such_number_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="Load is"):
        canonical(NUMBER, written)
