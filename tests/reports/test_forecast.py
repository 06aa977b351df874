"""The forecast of a quarter: what it adds up to, whose it is, what people call, and what changed in a week."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.lib.errors import EditConflict
from crm.models import Person
from crm.rules.calendar import fiscal_quarter
from crm.services.audit import Act
from deals.models import Deal
from deals.services.deals import update_deal
from deals.services.stages import close_deal, reopen_deal
from reports.models import ForecastCall
from reports.services.forecast_calls import call_forecast
from tests.factories import make_deal, make_person
from tests.reports.book import book as book
from tests.reports.book import day, on, table
from tests.reports.book import read as read

Q3 = fiscal_quarter(dt.date(2026, 8, 1), 1)
NOW = {"quarter": "2026-Q3", "as_of": day(45)}


@pytest.fixture
def called(book: dict[str, Deal], rae: Person, remy: Person, otto: Person, mona: Person, east: Any) -> dict[str, Deal]:
    """Renewal is won (150,000 in July). Breadth, Remy's, 41,666.66 to close in September and committed on day 42. Campus,
    Rae's, 20,000.01 to close in August in the best case. Rae calls on day 33 and 43, Mona her team on day 44."""

    def said(deal: str, at: float, **values: Any) -> None:
        update_deal(act=Act(by=otto, at=on(at), why="They told us."), deal_id=book[deal].pk, values=values)

    said("two", 31, close_date=dt.date(2026, 9, 15))
    said("two", 42, forecast_category="commit")
    said("three", 35, close_date=dt.date(2026, 8, 20), amount=Decimal("20000.01"), forecast_category="best_case")
    for days, who, team, commit in ((33, rae, None, 90_000), (43, rae, None, 160_000), (44, mona, east, 175_000)):
        call_forecast(
            act=Act(by=who, at=on(days)), quarter=Q3, team=team, commit=Decimal(commit), best_case=Decimal(180_000),
            note=f"Day {days}.",
        )  # fmt: skip
    return book


def test_a_quarter_adds_up_down_and_up_the_tree(called, read, sue, rae):
    found = read(sue, "forecast", **NOW)
    assert table(found, "categories") == [
        ["Won", 1, "150000.00", "150000.00", "0.00", "150000.00"],
        ["Commit", 1, "41666.66", "191666.66", "0.00", "41666.66"],
        ["Best case", 1, "20000.01", "211666.67", "20000.01", "0.00"],
        ["Pipeline", 0, "0.00", "211666.67", "191666.66", "-191666.66"],
    ]
    assert table(found, "teams") == [
        ["Sales", "150000.00", "41666.66", "20000.01", "0.00", "191666.66", "191666.66", None, None],
        ["East", "150000.00", "0.00", "20000.01", "0.00", "150000.00", "150000.00", "175000.00", "180000.00"],
        ["Rae Test", "150000.00", "0.00", "20000.01", "0.00", "150000.00", "150000.00", "160000.00", "180000.00"],
        ["West", "0.00", "41666.66", "0.00", "0.00", "41666.66", "41666.66", None, None],
        ["Remy Test", "0.00", "41666.66", "0.00", "0.00", "41666.66", "41666.66", None, None],
        ["All", "150000.00", "41666.66", "20000.01", "0.00", "191666.66", "191666.66", None, None],
    ]
    levels = [row["level"] for row in next(one for one in found["tables"] if one["key"] == "teams")["rows"]]
    assert levels == [0, 1, 2, 1, 2, 0]
    assert table(found, "months") == [
        ["July 2026", "150000.00", "0.00", "0.00", "0.00", "150000.00"],
        ["August 2026", "0.00", "0.00", "20000.01", "0.00", "20000.01"],
        ["September 2026", "0.00", "41666.66", "0.00", "0.00", "41666.66"],
        ["Quarter", "150000.00", "41666.66", "20000.01", "0.00", "211666.67"],
    ]
    assert table(found, "calls") == [
        ["East", "Mona Test", "2026-07-15", "175000.00", "180000.00", "150000.00", "25000.00", "Day 44."],
        ["Rae Test", "Rae Test", "2026-07-14", "160000.00", "180000.00", "150000.00", "10000.00", "Day 43."],
        ["Rae Test", "Rae Test", "2026-07-04", "90000.00", "180000.00", None, None, "Day 33."],
    ]
    assert table(found, "target") == [["12000000.00", "150000.00", "1.3", "191666.66", "1.6", "11850000.00"]]
    assert found["says"][0].replace("\xa0", " ") == (
        "Q3 2026: 150 K USD won, 192 K USD with what is committed, 192 K more than a week ago; 212 K USD in the best case."
    )
    assert [row[:3] for row in table(found, "changes")] == [
        ["Breadth", "Called Pipeline → Commit", "Otto Test"],
        ["Renewal", "Closes 30 Sep 2026 → 11 Jul 2026", "Rae Test"],
        ["Renewal", "Proposal → Won", "Rae Test"],
    ]
    assert table(found, "changes")[0][4] == "They told us."
    rows = table(read(rae, "forecast", **NOW), "teams")
    assert [row[0] for row in rows] == ["Rae Test", "All"]
    assert rows[1][1:6] == ["150000.00", "0.00", "20000.01", "0.00", "150000.00"]


def test_a_day_before_shows_its_own_figures_and_calls(called, read, sue, mona):
    found = read(sue, "forecast", quarter="2026-Q3", as_of=day(34))
    assert table(found, "categories")[0][:3] == ["Won", 0, "0.00"]
    assert table(found, "categories")[3][:3] == ["Pipeline", 2, "191666.66"]
    assert table(found, "calls") == [
        ["Rae Test", "Rae Test", "2026-07-04", "90000.00", "180000.00", "0.00", "90000.00", "Day 33."]
    ]
    mine = read(mona, "forecast", **NOW)
    assert [row[0] for row in table(mine, "teams")] == ["East", "Rae Test", "All"]
    assert "target" not in [one["key"] for one in mine["tables"]]
    before = read(mona, "forecast", quarter="2026-Q3", as_of=day(31))
    note = next(one for one in before["tables"] if one["key"] == "changes")["note"]
    assert note == ""  # Breadth was handed over on day 30, and belongs to the West since


def test_a_date_written_again_is_no_change(called, read, sue, remy):
    close_deal(
        act=Act(by=remy, at=on(60)), deal_id=called["two"].pk, outcome="lost", reasons=["price"], no_competitor=True,
        note="Too dear.", close_date=on(60).date(),
    )  # fmt: skip
    found = table(read(sue, "forecast", quarter="2026-Q3", as_of=day(61)), "changes")
    assert [row[1] for row in found] == ["Closes 15 Sep 2026 → 31 Jul 2026", "Discovery → Lost"]
    reopen_deal(act=Act(by=remy, at=on(62)), deal_id=called["two"].pk, stage="discovery", why="They called.")
    close_deal(
        act=Act(by=remy, at=on(63)), deal_id=called["two"].pk, outcome="lost", reasons=["price"], no_competitor=True,
        note="Too dear.", close_date=on(60).date(),
    )  # fmt: skip
    found = table(read(sue, "forecast", quarter="2026-Q3", as_of=day(68)), "changes")
    assert [row[1] for row in found] == ["Discovery → Lost", "Lost → Discovery"]


def test_who_knows_deals_by_name_learns_no_category_no_call_and_no_amount(called, read, vera, eve):
    seen = read(vera, "forecast", **NOW)
    assert [row[:3] for row in table(seen, "categories")] == [["Won", 1, "150000.00"], ["Open", 2, "61666.67"]]
    assert [one["key"] for one in seen["tables"]] == ["categories", "target", "teams", "months", "changes"]
    assert [row[1:3] for row in table(seen, "changes")] == [
        ["Closes 30 Sep 2026 → 11 Jul 2026", None],
        ["Proposal → Won", None],
    ]
    counted = read(eve, "forecast", **NOW)
    assert table(counted, "categories") == [["Won", 1, 0, 1], ["Open", 2, 3, -1]]
    assert "150" not in str(counted["tables"])
    assert [row[0] for row in table(counted, "teams")][:2] == ["Sales", "East"]


def test_the_rows_behind_a_figure_are_as_many(called, sign_in, sue):
    client = sign_in(sue)
    page = client.get(reverse("reports:report-page", args=["forecast"]), NOW)
    assert page.status_code == 200
    teams = page.context["tables"]["teams"]
    months = page.context["tables"]["months"]
    address = reverse("reports:report-rows", args=["forecast"])

    def behind(query: str) -> list[str]:
        return [row.values[0] for row in client.get(f"{address}?{query}").context["found"].table.rows]

    assert behind(teams.rows[1].opens["won"]) == ["Renewal"]
    assert behind(teams.rows[0].opens["commit"]) == ["Breadth"]
    assert behind(teams.rows[3].opens["best_case"]) == []
    assert behind(months.rows[1].opens["best_case"]) == ["Campus"]
    assert behind("in=month:2026-13") == []


def test_it_asks_the_database_as_often_for_many_deals(called, sign_in, sue, rae, remy):
    client, address = sign_in(sue), reverse("reports:report-page", args=["forecast"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address, {"quarter": quarter.key}).status_code == 200
        return len(found)

    quarter = fiscal_quarter(timezone.now().date(), 1)
    for number in range(14):
        deal = make_deal([rae, remy][number % 2], f"One more {number}", close_date=quarter.last_date)
        update_deal(act=Act(by=deal.owner), deal_id=deal.pk, values={"forecast_category": "commit"})
        if number == 1:
            asked()
            few = asked()
    assert asked() == few


def test_calling_from_the_page_and_two_windows(mona, east, sign_in):
    quarter = fiscal_quarter(timezone.now().date(), 1)
    client = sign_in(mona)
    address = f"{reverse('reports:forecast-call')}?quarter={quarter.key}&team={east.pk}"
    page = client.get(reverse("reports:report-page", args=["forecast"]))
    assert [label for label, _ in page.context["to_call"]] == ["Call my own deals", "Call East"]
    typed = {"commit": "1,000.50", "best_case": "900", "note": "Two of three.", "seen": "0"}
    assert client.post(address, typed).status_code == 422
    assert not ForecastCall.objects.exists()
    assert client.post(address, typed | {"best_case": "2000"}).status_code == 302
    refused = client.post(address, typed | {"commit": "7", "best_case": "8"})
    assert refused.status_code == 409
    assert ForecastCall.objects.count() == 1
    form = refused.context["form"]
    assert (form["commit"].value(), form["note"].value()) == ("7", "Two of three.")
    assert "Mona Test called 1,000.50 USD since." in refused.content.decode()
    again = {name: form[name].value() for name in ("commit", "best_case", "note", "seen")}
    dialog = client.post(address, again, headers={"HX-Request": "true"})
    assert (dialog.status_code, dialog["HX-Redirect"]) == (204, f"/reports/forecast/?quarter={quarter.key}&anew=1")
    assert [call.commit for call in ForecastCall.objects.all()] == [Decimal("7.00"), Decimal("1000.50")]


def test_another_teams_forecast_is_not_called(mona, rae, west, east, vik, sign_in):
    address = reverse("reports:forecast-call")
    typed = {"commit": "1", "best_case": "2", "seen": "0"}
    assert sign_in(mona).post(f"{address}?team={west.pk}", typed).status_code == 403
    assert sign_in(rae).post(f"{address}?team={east.pk}", typed).status_code == 403
    assert sign_in(rae).post(f"{address}?quarter=2026-Q7", typed).status_code == 404
    assert sign_in(rae).get(f"{address}?team=99999").status_code == 404
    assert sign_in(rae).post(f"{address}?quarter=2020-Q1", typed).status_code == 422
    assert not ForecastCall.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_of_two_managers_who_call_one_team_at_once_the_second_is_told(mona, east, beside):
    """Both have seen no call; the second waits for the first, and then learns of it."""
    other_manager = make_person("milo", "manager", team=east)
    quarter = fiscal_quarter(timezone.now().date(), 1)
    called, done = threading.Event(), threading.Event()

    def call(who: Person, amount: int) -> ForecastCall:
        return call_forecast(
            act=Act(by=who), quarter=quarter, team=east, commit=Decimal(amount), best_case=Decimal(amount), seen=0
        )

    def first() -> None:
        call(mona, 100)
        called.set()
        assert not done.wait(0.3), "did not wait for the call that is being made"

    thread = beside(first)
    assert called.wait(10)
    with pytest.raises(EditConflict) as told:
        call(other_manager, 200)
    done.set()
    thread.join(10)
    assert "Mona Test called 100.00 USD since." in str(told.value)
    assert [call.commit for call in ForecastCall.objects.all()] == [Decimal("100.00")]
