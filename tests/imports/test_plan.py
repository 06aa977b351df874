"""What is made of rows, and what is said about odd ones. Nothing here writes records."""

from __future__ import annotations

import pytest

from crm.importing.records import Ref, Refused
from tests.imports.conftest import edit, plan

pytestmark = pytest.mark.usefixtures("playbook")

ODD = {
    "near-match": [(3, "product", "BigBox", "Matched to 'Big Box'.")],
    "placeholder": [(4, "customer", "", "Brought under 'Customer not known yet'.")],
    "corrected": [(3, "trade", "retial", "Taken as 'retail'.")],
    "alike": [(6, "nr", "D5", "Brought as a deal of its own; nothing is merged because it looks alike.")],
    "bad-number": [(7, "value", "12.345", "Row not brought.")],
    "value-unknown": [(8, "status", "Dreaming", "Row not brought.")],
    "closed-undated": [(10, "closed", "", "Row not brought.")],
    "dates-backwards": [(11, "talked, closed", "", "Row not brought.")],
    "id-repeated": [(12, "nr", "D1", "Row not brought.")],
    "ragged": [(13, "", "", "Row not brought.")],
    "unused": [(4, "seller", "Cy Crow", "Brought all the same.")],
    "no-reasons": [(None, "", "", "None were made up; reasons and competitors of these deals stay empty.")],
}


@pytest.mark.parametrize("rule, rows", ODD.items(), ids=ODD.keys())
def test_odd(shop, rule, rows):
    found = [(each.line, each.column, each.value, each.done) for each in plan(shop).remarks if each.rule == rule]
    assert found == rows


def test_names_that_lead_nowhere(shop):
    found = [(each.level, each.line, each.value) for each in plan(shop).remarks if each.rule == "unknown-reference"]
    assert found == [("warning", 4, "Omega"), ("error", 9, "Nobody")]


def test_what_is_left(shop):
    made = plan(shop)
    assert [record.source_id for record in made.records["deal"]] == ["D1", "D2", "D3", "D4", "D5"]
    assert list(made.records)[-1] == "deal"
    assert made.records["deal"][2].values["account"] == Ref("account", "(none)")
    assert made.records["deal"][2].values["name"] == "Small Box, customer not known yet"
    assert made.records["deal"][1].values["name"] == "Big Box for Beta"


def test_rows_that_refer_to_a_dropped_row_are_dropped_too(shop):
    edit(shop / "customers.csv", "Alpha,retail,1200.5", "Alpha,retail,lots")
    said = [each.said for each in plan(shop).remarks if each.rule == "unknown-reference" and each.line == 2]
    assert said == ["No account 'Alpha': the one on line 2 was not brought."]


def test_two_that_are_equally_near_are_not_guessed_between(shop):
    edit(shop / "goods.csv", "Small Box,40", "Small Box,40\nBig-Box,3")
    found = [(each.rule, each.line) for each in plan(shop).remarks if each.value == "BigBox"]
    assert found == [("near-unclear", 3)]


def test_a_mapping_may_refuse_near_matches(shop):
    edit(shop / "mapping.yaml", "refers_to: goods}", "refers_to: goods, near: refuse}")
    assert [each.line for each in plan(shop).remarks if each.rule == "near-refused"] == [3]


def test_a_tree_that_bites_its_tail_is_opened(shop):
    edit(shop / "customers.csv", "Alpha,retail,1200.5,", "Alpha,retail,1200.5,Beta")
    made = plan(shop)
    assert sum("is above itself" in each.said for each in made.remarks) == 1
    assert [bool(record.values.get("parent")) for record in made.records["account"][:2]] == [False, True]


def test_an_ambiguous_column_stops_the_run_and_names_the_key(shop):
    edit(shop / "deals.csv", "3/25/2024", "3/5/2024")
    with pytest.raises(Refused) as refusal:
        plan(shop)
    assert [each.rule for each in refusal.value.remarks] == ["date-ambiguous"]
    assert "Set tables.deals.dates.closed to dmy" in refusal.value.remarks[0].said


def test_the_key_settles_it(shop):
    edit(shop / "deals.csv", "3/25/2024", "3/5/2024")
    edit(shop / "mapping.yaml", "    history:", "    dates: {closed: mdy}\n    history:")
    assert plan(shop).records["deal"][0].values["close_date"].isoformat() == "2024-03-05"


def test_a_contradictory_column_is_refused_by_line(shop):
    edit(shop / "deals.csv", "5/9/2024,5", "25/9/2024,5")
    with pytest.raises(Refused) as refusal:
        plan(shop)
    assert [each.line for each in refusal.value.remarks if each.column == "closed"] == [None, 11]


MISSING = {
    "column": (
        "deals.csv",
        "value\n",
        "worth\n",
        "deals.csv has no column 'value', which is needed for amount of deals",
    ),
    "no table": (
        "deals.csv",
        "nr,",
        "\x00",
        "deals.csv is no table: it holds bytes that no text has. Expected: a table with",
    ),
}


@pytest.mark.parametrize("file, old, new, said", MISSING.values(), ids=MISSING.keys())
def test_refused(shop, file, old, new, said):
    edit(shop / file, old, new)
    with pytest.raises(Refused) as refusal:
        plan(shop)
    assert said in str(refusal.value)


def test_a_file_of_another_name_is_found_by_its_columns(shop):
    (shop / "deals.csv").rename(shop / "opportunities 2024.csv")
    assert len(plan(shop).records["deal"]) == 5


def test_a_missing_file_is_named(shop):
    (shop / "deals.csv").unlink()
    with pytest.raises(Refused, match=r"There is no deals\.csv: no table with the columns"):
        plan(shop)
