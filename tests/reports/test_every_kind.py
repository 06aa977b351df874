"""What holds for every kind of report: one set of figures wherever it is had, and no money for who may not see any."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.rules.calendar import fiscal_quarter
from crm.services.audit import Act
from deals.models import Deal, DealLine, DealSpan
from reports.kinds import report_kinds
from reports.models import ForecastCall
from reports.rules.exporting import cells, heads
from reports.services.forecast_calls import call_forecast
from tests.factories import make_person
from tests.reports.book import book as book
from tests.reports.book import day

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BEGINS = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates."""
SAID_WHEN = re.compile(r'\d\d:\d\d UTC|csrfmiddlewaretoken" value="\w+|"X-CSRFToken": "\w+|nonce="[^"]+')


def asks(kind: Any) -> Iterator[dict[str, str]]:
    """As it opens; and on a day gone by, by whose deals they are."""
    yield {}
    if "as_of" in kind.asks:
        yield {"as_of": day(25)} | ({"by": "owner"} if kind.by else {})


@pytest.mark.parametrize("key", [kind.key for kind in report_kinds])
def test_page_files_and_api_have_one_set_of_figures(key, book, sign_in, sue, mona, rae, eve):
    kind = report_kinds.get(key)
    for person in (sue, mona, rae, eve):
        client = sign_in(person)
        for asked in asks(kind):
            page = client.get(reverse("reports:report-page", args=[key]), asked)
            api = client.get(f"/api/reports/{key}/", asked)
            file = client.get(reverse("reports:report-file", args=[key, "all", "xlsx"]), asked)
            if not kind.allowed(person.roles):
                assert {page.status_code, api.status_code, file.status_code} == {403}
                continue
            report, sent, book_of = page.context["report"], api.json(), sheets(file.getvalue())
            assert sent["says"] == list(report.says)
            assert [one["key"] for one in sent["tables"]] == [one.key for one in report.tables]
            assert len(book_of) == len(report.tables) + 1
            for table, one, sheet in zip(report.tables, sent["tables"], book_of, strict=False):
                assert [row["values"] for row in one["rows"]] == [
                    [plain(each) for each in row.values] for row in table.rows
                ]
                assert sheet[0] == heads(table, "USD")
                assert sheet[1:] == [[typed(each) for each in row] for row in cells(table)], table.key
                if person == sue and asked == [*asks(kind)][-1]:
                    found = lines(client, key, table.key, asked)
                    assert found == [[written(each) for each in row] for row in cells(table)], table.key
                columns = {column.key for column in table.columns}
                assert all(set(row.opens) <= columns | {""} for row in table.rows)


def plain(value: Any) -> Any:
    """As the API sends it."""
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, dt.date) else value


def typed(value: Any) -> Any:
    """As a workbook holds it: numbers as numbers, days as days."""
    return Decimal(value) if isinstance(value, int) else value or None if isinstance(value, str) else value


def written(value: Any) -> str:
    """As CSV has it; nothing in this book begins like a formula."""
    return "" if value is None else str(plain(value))


def lines(client: Client, key: str, table: str, asked: dict[str, str]) -> list[list[str]]:
    said = client.get(reverse("reports:report-file", args=[key, table, "csv"]), asked).getvalue().decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(said)))
    return found[1 : found.index([])]


def sheets(made: bytes) -> list[list[list[Any]]]:
    """The sheets of a workbook, in order."""
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        texts = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        days = {place for place, style in enumerate(_styles(book)) if "yyyy" in style}
        names = sorted(
            (name for name in book.namelist() if name.startswith("xl/worksheets/")), key=lambda one: (len(one), one)
        )
        found = [ElementTree.fromstring(book.read(name)).iter(f"{SHEET}row") for name in names]
        return [[[_cell(cell, texts, days) for cell in row] for row in sheet] for sheet in found]


def _styles(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter(f"{SHEET}numFmt")}
    used = root.find(f"{SHEET}cellXfs")
    return [codes.get(one.get("numFmtId"), "") for one in (used if used is not None else ())]


def _cell(cell: ElementTree.Element, texts: list[str], days: set[int]) -> Any:
    assert cell.find(f"{SHEET}f") is None
    value = cell.findtext(f"{SHEET}v")
    if value is None:
        return None
    if cell.get("t") == "s":
        return texts[int(value)] or None
    return BEGINS + dt.timedelta(days=int(value)) if int(cell.get("s", "0")) in days else Decimal(value)


def everything(client: Client, *, rows: bool = True) -> dict[str, str]:
    """All that somebody is sent by any kind, but for the hour at which it was made and tokens of forms."""
    found = {}
    for kind in report_kinds:
        for asked in asks(kind):
            page = client.get(reverse("reports:report-page", args=[kind.key]), asked)
            if page.status_code == 403:
                break
            assert page.status_code == 200, kind.key
            found[f"{kind.key} {asked}"] = SAID_WHEN.sub("", page.content.decode())
    for condition in ("in=step:up", "in=worth:0", "in=outcome:open", "sort=-amount") if rows else ():
        for key in ("pipeline", "changes"):
            answer = client.get(f"{reverse('reports:report-rows', args=[key])}?{condition}&as_of={day(25)}")
            assert answer.status_code == 200
            found[f"{key} {condition}"] = str([row.values for row in answer.context["found"].table.rows])
    return found


@pytest.mark.parametrize("roles", [("enablement",), ("enablement", "rep")])
def test_who_sees_no_money_is_sent_the_same_whatever_the_amounts(roles, book, sign_in, mona, sue, rae):
    """Who keeps battle cards and sells besides sees the amounts of a few: a sum would tell the others'."""
    quarter = fiscal_quarter(timezone.now().date(), 1)
    call_forecast(act=Act(by=mona), quarter=quarter, commit=Decimal(700), best_case=Decimal(900), team=mona.team)
    client, money = sign_in(make_person("edda", *roles)), sign_in(sue)
    before, shown = everything(client), money.get("/api/reports/pipeline/").json()["says"]
    for table in (DealSpan, Deal, DealLine):
        for row in table.objects.filter(amount__isnull=False):
            assert row.amount is not None
            table.objects.filter(pk=row.pk).update(amount=row.amount * (3 if row.pk % 2 else 7))
    ForecastCall.objects.update(commit=500, best_case=600)
    after = everything(client)
    assert money.get("/api/reports/pipeline/").json()["says"] != shown
    assert {"pipeline {}", "wins {}", "model {}"} <= set(before)
    assert [key for key in before if before[key] != after[key]] == []


def test_whose_team_and_owner_it_is_not_narrow_nothing_and_tell_no_names(book, sign_in, mona, remy, west, sales):
    client = sign_in(mona)
    for kind in report_kinds:
        if "team" not in kind.asks:
            continue
        usual = client.get(reverse("reports:report-page", args=[kind.key])).context["report"].stated.filters
        for question in ({"team": west.pk}, {"team": sales.pk}, {"owner": remy.pk}):
            page = client.get(reverse("reports:report-page", args=[kind.key]), question)
            assert page.status_code == 200
            assert 'class="field wrong"' in page.content.decode()
            assert page.context["report"].stated.filters == usual
            assert "West" not in page.content.decode()
            refused = client.get(f"/api/reports/{kind.key}/", question)
            assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, list(question))
    rows = reverse("reports:report-rows", args=["pipeline"])
    for condition in (f"team:{west.pk}", f"owner:{remy.pk}"):
        page = client.get(rows, {"in": condition}).content.decode()
        assert "Remy" not in page
        assert "West" not in page


def test_nobody_reads_what_their_role_does_not_have(cast, sign_in):
    for name, person in [*cast.items(), ("nobody", None)]:
        client = sign_in(person)
        for kind in report_kinds:
            if person is not None and kind.allowed(person.roles):
                continue  # as the other tests read it
            wanted = (302, 302, 302, 401) if person is None else (403 if person.roles else 404,) * 4
            addresses = [reverse(f"reports:report-{part}", args=[kind.key]) for part in ("page", "rows")]
            addresses.append(reverse("reports:report-file", args=[kind.key, "all", "xlsx"]))
            found = [client.get(one).status_code for one in (*addresses, f"/api/reports/{kind.key}/")]
            assert tuple(found) == wanted, (name, kind.key)


def test_rows_list_no_deal_somebody_does_not_see_and_say_how_many(book, sign_in, rae):
    # Breadth was Rae's until day 30; she counts it on day 25, and no longer sees it.
    client = sign_in(rae)
    rows = reverse("reports:report-rows", args=["pipeline"])
    page = client.get(rows, {"as_of": day(25), "in": "outcome:open"})
    assert sorted(row.values[0] for row in page.context["found"].table.rows) == ["Campus", "Renewal"]
    assert "1\xa0other of these 3 is not shown" in page.content.decode()
    file = client.get(reverse("reports:report-rows-file", args=["pipeline", "csv"]), {"as_of": day(25)})
    for said in (page.content, file.getvalue()):
        assert b"Breadth" not in said
        assert b"Brook" not in said


def test_an_order_tells_no_amounts_and_a_question_is_put_once(book, sign_in, eve, sue):
    asked = {"as_of": day(25), "in": "outcome:open", "sort": "-amount"}
    for person, names in ((sue, ["Renewal", "Breadth", "Campus"]), (eve, ["Breadth", "Campus", "Renewal"])):
        page = sign_in(person).get(reverse("reports:report-rows", args=["pipeline"]), asked)
        assert [row.values[0] for row in page.context["found"].table.rows] == names
    twice = sign_in(sue).get(f"/api/reports/pipeline/?as_of={day(25)}&as_of={day(26)}")
    assert (twice.status_code, twice.json()["error"]["fields"]) == (400, {"as_of": ["Give as_of once."]})
