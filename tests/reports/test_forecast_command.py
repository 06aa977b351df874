"""`manage.py forecast_backtest`: JSON on stdout, one sentence for a file that can't be read, no database."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.rules.forecasts import BEGIN, steady

HEADING = "case_id,at,stage,amount,outcome"
pytestmark = pytest.mark.any_engine("it asks no database")


def text(rows, delimiter=","):
    lines = [HEADING.replace(",", delimiter)]
    for case, number, stage, amount, outcome in rows:
        on = (BEGIN + dt.timedelta(days=number)).date().isoformat()
        lines.append(delimiter.join([case, on, stage, "" if amount is None else f"{amount:.2f}", outcome]))
    return "\n".join(lines) + "\n"


def run(path, **options):
    out = StringIO()
    call_command("forecast_backtest", str(path), stdout=out, **options)
    return json.loads(out.getvalue())


def test_it_prints_json_of_all_methods_without_a_database(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(text(steady()))
    told = run(path, horizon_days="30", every_days="14")
    assert list(told["methods"]) == ["model", "flat_playbook", "historical_win_rate", "last_period", "age_only"]
    assert told["methods"]["last_period"]["brier"] is None
    assert all(type(each["wape"]) is float and type(each["bias"]) is float for each in told["methods"].values())
    assert (told["rows"], told["origins"], told["warnings"]) == (762, 12, [])


@pytest.mark.parametrize(
    "content",
    [
        text(steady(60, 100)).encode("utf-8-sig"),
        text(steady(60, 100)).encode("utf-16"),
        gzip.compress(text(steady(60, 100)).encode()),
        text(steady(60, 100), ";").replace(".", ",").encode(),
    ],
    ids=["mark", "utf-16", "gzip", "semicolons and decimal commas"],
)
def test_files_as_programs_write_them_say_the_same(tmp_path, content):
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(text(steady(60, 100)))
    other.write_bytes(content)
    assert {**run(plain), "file": ""} == {**run(other), "file": ""}


@pytest.mark.parametrize(
    "content, sentence",
    [
        ("", "events.csv is empty. Its first row must be: case_id, at, stage, amount, outcome."),
        ("case_id,at,stage\n", "events.csv has no columns amount and outcome. Its first row says: case_id, at, stage."),
        (HEADING + "\n", "The file has a heading and no rows."),
        (HEADING + "\na,2024-01-01,x,1,\na,soon,x,1,\n", "Row 3, column at: 'soon' is no date."),
        (HEADING + "\na,3/4/2024,x,1,\n", "Row 2, column at: '3/4/2024' can be read two ways"),
        (HEADING + "\na,2024-01-01,x,-1,\n", "Row 2, column amount: '-1' is below zero."),
        (HEADING + "\na,2024-01-01,x,lots,\n", "Row 2, column amount: 'lots' is no amount."),
        (HEADING + "\na,2024-01-01,x,1,closed\n", "Row 2, column outcome: 'closed' is no outcome."),
        (HEADING + "\n,2024-01-01,x,1,\n", "Row 2, column case_id: is empty."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_row_and_column(tmp_path, content, sentence):
    path = tmp_path / "events.csv"
    path.write_text(content)
    with pytest.raises(CommandError) as raised:
        run(path)
    assert sentence in str(raised.value)


def test_odd_rows_are_read_and_told(tmp_path):
    rows = [
        "a,2024-01-05,Demo,1,",
        "a,2024-01-01,Strange,1,",
        "a,2024-01-01,Strange,1,",
        "a,2024-01-09T10:00:00Z,Demo,1,lost",
    ]
    path = tmp_path / "events.csv"
    path.write_text("\n".join([HEADING, *rows, "a,2024-02-01,Demo,,won", ""]))
    assert run(path)["warnings"][:5] == [
        "4 rows have times without a zone, 1 with one; those without are read as UTC.",
        "The rows of a case are not in order of time; they were put in order.",
        "1 row: exact repetition of another row, left out (the first is row 4).",
        "1 row: another outcome of a closed case, left out; the first one stands (the first is row 6).",
        "Stages the playbook doesn't know start at the rate of the training rows: Strange.",
    ]


def test_stages_come_from_a_file(tmp_path):
    path, stages = tmp_path / "events.csv", tmp_path / "stages.yaml"
    path.write_text(text(steady(60, 100, stages=("One", "Two"))))
    stages.write_text("one: 10\nTWO: 100.5\n")
    with pytest.raises(CommandError, match=r"'TWO' is 100\.5; it must lie between 0 and 100"):
        run(path, stages=stages)
    stages.write_text("{one: 10, TWO: 60}")
    own, shipped = run(path, stages=stages), run(path)
    assert [each for each in shipped["warnings"] if each not in own["warnings"]] == [
        "Stages the playbook doesn't know start at the rate of the training rows: One, Two."
    ]
    assert own["methods"]["flat_playbook"] != shipped["methods"]["flat_playbook"]
