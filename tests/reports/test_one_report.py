"""Page, files and API of a report say the same, because they are made from the same object."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from reports.kinds import ReportKind, report_kinds
from reports.rules.exporting import basis
from reports.rules.report import Chart, Column, Report, Row, Stated, Table
from tests.factories import make_deal

COLUMNS = (
    Column("name", "Who"),
    Column("arr", "ARR", "money"),
    Column("deals", "Deals", "count"),
    Column("on", "On", "date"),
)
ROWS = (
    Row(("=SUM(A1)", Decimal("1234567.89"), 3, dt.date(2026, 1, 31))),
    Row(("Beneath", None, 0, None), level=1),
    Row(("All", Decimal("1234567.89"), 3, None), is_sum=True),
)


@pytest.fixture
def sample(monkeypatch):
    def build(asked):
        table = Table("people", "Who has what?", COLUMNS, ROWS)
        chart = Chart("people", "Who has what?", "bars", "people", "name", ("arr",))
        return Report(
            "sample", "A sample", asked.stated(notes=["Drawn for a test."]), ("Three deals.",), (table,), (chart,)
        )

    kind = ReportKind(
        key="sample", title="A sample", icon="reports", says="For a test.", asks=("as_of", "team"), build=build
    )
    monkeypatch.setitem(report_kinds._items, kind.key, kind)
    return kind


def test_page_csv_and_api_show_the_same_figures(sample, mona, sign_in):
    mona = sign_in(mona)
    page = mona.get(reverse("reports:report-page", args=["sample"]))
    assert page.status_code == 200
    assert "1,234,567.89" in page.content.decode()
    assert "Drawn for a test." in page.content.decode()
    said = mona.get(reverse("reports:report-file", args=["sample", "people", "csv"])).getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(said)))
    assert rows[:4] == [
        ["Who", "ARR, USD", "Deals", "On"],
        ["'=SUM(A1)", "1234567.89", "3", "2026-01-31"],
        ["  Beneath", "", "0", ""],
        ["All", "1234567.89", "3", ""],
    ]
    answer = mona.get("/api/reports/sample/").json()
    assert answer["tables"][0]["rows"][0] == {
        "values": ["=SUM(A1)", "1234567.89", 3, "2026-01-31"],
        "level": 0,
        "is_sum": False,
        "opens": {},
    }


def test_a_chart_may_be_shown_as_the_table_of_what_it_draws(sample, mona, sign_in):
    """Without a script, too: the style sheet shows what is chosen, and the address remembers it."""
    address, client = reverse("reports:report-page", args=["sample"]), sign_in(mona)
    for query, chosen in (({}, "chart"), ({"as_table": "people"}, "table"), ({"as_table": "another"}, "chart")):
        page = client.get(address, query).content.decode()
        assert re.findall(r'name="shape-people" value="(\w+)" checked', page) == [chosen]
    table = page.partition('class="as-table')[2].partition("</table>")[0]
    assert re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", table) == [
        "Who", "ARR", "=SUM(A1)", "1,234,567.89", "Beneath", "\u2014",
    ]  # fmt: skip


def test_a_tone_is_a_sign_and_a_word_and_never_colour_alone(sample, mona, sign_in, monkeypatch):
    toned = (
        Row(("Won", 1, 1, None), tone="good"),
        Row(("Slow", 1, 1, None), tone="warn"),
        Row(("Lost", 1, 1, None), tone="bad"),
    )
    build = sample.build

    def with_tones(asked):
        found = build(asked)
        return dataclasses.replace(found, tables=(dataclasses.replace(found.tables[0], rows=toned),))

    monkeypatch.setitem(report_kinds._items, "sample", dataclasses.replace(sample, build=with_tones))
    page = sign_in(mona).get(reverse("reports:report-page", args=["sample"])).content.decode()
    heads = re.findall(r'<th scope="row">(\w+) <span class="tone \w+">(.*?)</span></th>', page)
    assert [(name, re.findall('aria-label="(.*?)"', sign)) for name, sign in heads] == [
        ("Won", ["Good"]), ("Slow", ["To watch"]), ("Lost", ["Bad"]),
    ]  # fmt: skip


def test_a_workbook_runs_nothing_somebody_typed(sample, mona, sign_in):
    made = sign_in(mona).get(reverse("reports:report-file", args=["sample", "all", "xlsx"])).getvalue()
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "=SUM(A1)" in strings
    assert "<f>" not in sheet
    assert "1234567.89" in sheet


def test_what_can_not_be_read_is_said_at_its_field(sample, mona, sign_in):
    page = sign_in(mona).get(reverse("reports:report-page", args=["sample"]), {"as_of": "2999-01-01"})
    assert page.status_code == 200
    assert "That day is still to come." in page.content.decode()
    refused = sign_in(mona).get("/api/reports/sample/?as_of=2999-01-01")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["as_of"])
    assert sign_in(mona).get("/api/reports/sample/?nonsense=1").status_code == 400


def test_somebody_without_a_role_finds_no_reports(sample, mona, charlie, sign_in):
    for address in ("/reports/", "/reports/sample/", "/reports/sample/people.csv", "/api/reports/sample/"):
        assert sign_in(charlie).get(address).status_code == 404, address
    assert sign_in(mona).get("/reports/nothing/").status_code == 404


def test_what_takes_long_stands_for_some_minutes_and_says_so(sample, mona, rae, sign_in, monkeypatch):
    times: list[int] = []

    def counted(asked):
        times.append(1)
        return sample.build(asked)

    monkeypatch.setitem(report_kinds._items, "sample", dataclasses.replace(sample, build=counted))
    address, client = reverse("reports:report-page", args=["sample"]), sign_in(mona)
    assert "it stands for five minutes" not in client.get(address).content.decode()
    monkeypatch.setattr("reports.services.built.LONG", 0.0)
    assert "it stands for five minutes" in client.get(address).content.decode()
    monkeypatch.setattr("reports.services.built.LONG", 1.0)
    assert "it stands for five minutes" in client.get(address).content.decode()
    client.get("/api/reports/sample/")
    client.get(reverse("reports:report-file", args=["sample", "people", "csv"]))
    assert len(times) == 2
    # Another day is another question, somebody else another reader, and anew is anew.
    client.get(address, {"as_of": "2026-01-31"})
    sign_in(rae).get(address)
    assert "it stands for five minutes" not in client.get(address, {"anew": "1"}).content.decode()
    assert len(times) == 5


def test_a_day_is_over_when_it_is_over_where_the_company_is():
    made_at = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    said = {
        (zone, day): basis(Stated(dt.date(2026, 11, day), zone, made_at, "USD", 1))[0][1]
        for zone in ("Pacific/Auckland", "America/Los_Angeles")
        for day in (22, 23)
    }
    assert said["Pacific/Auckland", 22] == "22 Nov 2026, end of day"
    assert said["Pacific/Auckland", 23] == "23 Nov 2026, 12:30"
    assert said["America/Los_Angeles", 22] == "22 Nov 2026, 15:30"


def test_quarters_are_offered_as_far_back_as_deals_were_closed(rae, sue, sign_in, playbook):
    day = dt.datetime(2017, 10, 3, tzinfo=dt.UTC)
    make_deal(
        rae, outcome="won", stage="won", close_date=day.date(), closed_at=day, created_at=day, stage_entered_at=day
    )
    answer = sign_in(sue).get("/api/reports/qbr/", {"quarter": "2017-Q4"})
    assert (answer.status_code, answer.json()["as_of"]) == (200, "2017-12-31")
    assert sign_in(sue).get("/api/reports/qbr/", {"quarter": "2017-Q3"}).status_code == 400
