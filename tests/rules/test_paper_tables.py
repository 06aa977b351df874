"""No figure of a table falls off the paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.rules.paper_tables import sheets_of
from reports.rules.report import Column, Row, Table


def table(columns: int, amount: str = "12345678.55") -> Table:
    heads = (
        Column("who", "Who"),
        *(Column(f"c{number}", f"Column {number}", "money") for number in range(columns - 1)),
    )
    return Table("t", "T", heads, (Row(("Person 12", *[Decimal(amount)] * (columns - 1))),))


@pytest.mark.parametrize(
    "columns, lying, size, count", [(4, False, "", 1), (8, True, "", 1), (9, True, "small", 1), (14, True, "small", 2)]
)
def test_a_table_is_printed_as_large_as_it_fits(columns, lying, size, count):
    found = sheets_of(table(columns))
    assert {(one.is_lying, one.size, one.count) for one in found} == {(lying, size, count)}
    assert len(found) == count


def test_columns_on_several_sheets_are_all_there_each_beside_the_first():
    whole = table(14)
    found = sheets_of(whole)
    assert [one.number for one in found] == [1, 2]
    assert all(one.table.columns[0].key == "who" for one in found)
    assert [column for one in found for column in one.table.columns[1:]] == list(whole.columns[1:])
    assert [value for one in found for value in one.table.rows[0].values[1:]] == list(whole.rows[0].values[1:])


def test_one_column_and_no_rows_are_a_table_too():
    assert len(sheets_of(Table("t", "T", (Column("who", "Who"),), ()))) == 1
