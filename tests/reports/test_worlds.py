"""Reports in other worlds: other currencies, calendars and clocks, companies with nothing, and pasts in which people moved."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from crm.models import Company, ExchangeRate, Person
from crm.registry import bins
from crm.services.audit import Act
from crm.services.bin import restore
from crm.services.merging import merge
from crm.services.team_places import seat
from deals.services.deals import update_deal
from deals.services.deletion import delete_deal
from reports.kinds import report_kinds
from reports.models import ForecastCall
from reports.rules.report import Stated
from tests.factories import make_account, make_deal
from tests.reports.book import book as book
from tests.reports.book import day, on, table
from tests.reports.book import read as read
from tests.reports.test_every_kind import everything

NO_RATE = "There is no rate for USD: what is in USD is counted in no sum. Operations can give one under Company."


def in_euros(rate: str | None) -> None:
    """The company counts in euros, of which a dollar is worth `rate`."""
    Company.objects.update(reporting_currency="EUR", first_plan_year=2026)
    ExchangeRate.objects.all().delete()
    if rate:
        ExchangeRate.objects.create(currency="USD", from_date=dt.date(2026, 1, 1), rate=Decimal(rate))


def total(report: dict[str, Any]) -> str | None:
    """What is open, of a pipeline; of waterfalls the end, which their steps lead to exactly."""
    if report["key"] == "pipeline":
        rows = table(report, "stages")
        return rows[-1][3] if rows else "0.00"
    steps = [Decimal(row[2]) for row in table(report, "steps")]
    assert sum(steps[:-1]) == steps[-1]
    return f"{steps[-1]:f}"


def test_sums_in_another_currency(book, read, sue):
    in_euros("0.8")
    on_day = read(sue, "pipeline", as_of=day(25))
    assert total(on_day) == "153333.33"  # 150,000.00 USD at 0.8, and 33,333.33 EUR
    assert on_day["rates"] == ["1 USD is 0.8 EUR since 1 Jan 2026."]
    assert total(read(sue, "changes", since=day(11), as_of=day(25))) == "153333.33"
    assert table(read(sue, "targets", as_of=day(25)), "years")[0][1] == "36000000.00"


def test_what_has_no_rate_is_said_wherever_it_would_count(book, read, sue, sign_in):
    in_euros(None)
    asked = {"as_of": day(45)}
    for kind in report_kinds:
        found = read(sue, kind.key, **(asked if "as_of" in kind.asks else {}))
        if kind.key in {"pipeline", "changes", "model", "risks"}:  # on that day what was open is in euros alone
            continue
        assert NO_RATE in found["rates"], kind.key
    assert NO_RATE in read(sue, "pipeline", as_of=day(25))["rates"]
    assert NO_RATE in read(sue, "changes", since=day(11), as_of=day(45))["rates"]
    # No target is not a target of nought.
    assert table(read(sue, "targets", **asked), "years")[0][:5] == ["Year 1 (fiscal 2026)", None, "0.00", None, None]
    assert "target" not in [one["key"] for one in read(sue, "forecast", **asked)["tables"]]
    assert table(read(sue, "market", **asked), "segments")[0][1:4] == [None, "0.00", None]
    client, behind = sign_in(sue), {"as_of": day(25), "in": "stage:proposal"}
    page = client.get(reverse("reports:report-rows", args=["pipeline"]), behind)
    assert page.context["found"].table.rows[0].values[4] is None
    assert NO_RATE in page.content.decode()
    file = client.get(reverse("reports:report-rows-file", args=["pipeline", "csv"]), behind).getvalue().decode()
    assert NO_RATE in file


def test_a_call_in_the_currency_the_company_had_then(book, read, rae, sue, sign_in):
    Company.objects.update(reporting_currency="USD")
    client, address = sign_in(rae), reverse("reports:forecast-call")
    assert (
        client.post(address, {"commit": "100", "best_case": "200.50", "note": "Two.", "seen": "0"}).status_code == 302
    )
    for rate, amounts in (("0.8", ["80.00", "160.40"]), (None, [None, None])):
        in_euros(rate)
        found = read(sue, "forecast")
        row = table(found, "calls")[0]
        assert [*row[3:5], row[7]] == [*amounts, "Called 100\xa0USD. Two."]
        mine = next(row for row in table(found, "teams") if row[0] == "Rae Test")
        assert mine[-2:] == amounts
        assert (NO_RATE in found["rates"]) == (rate is None)
    page = client.get(address)
    assert page.context["form"].initial == {"seen": ForecastCall.objects.get().pk}  # to be typed anew


@pytest.mark.parametrize("start, label, first", [(2, "Q3 2027", "2026-08-01"), (7, "Q1 2027", "2026-07-01")])
def test_a_fiscal_year_that_begins_another_month(start, label, first, book, read, sue, sign_in):
    Company.objects.update(fiscal_year_start=start, first_plan_year=2027)
    quarter = f"2027-{label[:2]}"
    found = read(sue, "forecast", quarter=quarter, as_of=day(45))
    assert {"label": "Quarter", "value": label} in found["filters"]
    months = [row[0] for row in table(found, "months")]
    assert months[0] == f"{dt.date.fromisoformat(first):%B %Y}"
    review = read(sue, "qbr", quarter=quarter)
    assert {"label": "Quarter", "value": label} in review["filters"]
    assert total(read(sue, "pipeline", as_of=day(10), closing=quarter)) == "100000.10"
    everything(sign_in(sue))


def test_the_review_tells_what_changed_since_its_quarter_began(book, sue):
    from reports.forms import asked
    from reports.queries.qbr import reports_of

    review, _ = asked(sue, {"quarter": "2026-Q3"}, asks=("quarter",))
    changed = report_kinds.get("changes").build(dict(reports_of(review))["changes"])
    assert changed.stated.filters[0] == ("Changes since", "the beginning of 1 Jul 2026")


def test_a_company_with_nothing_and_one_with_everything_in_the_bin(cast, playbook, sign_in, request, read):
    for name in ("sue", "mona", "eve"):
        everything(sign_in(cast[name]))
    deals = request.getfixturevalue("book")
    for deal in deals.values():
        delete_deal(act=Act(by=cast["otto"]), deal_id=deal.pk)
    everything(sign_in(cast["mona"]))
    assert total(read(cast["sue"], "pipeline", as_of=day(25))) == "0.00"
    assert total(read(cast["sue"], "changes", since=day(11), as_of=day(25))) == "0.00"
    restore(act=Act(by=cast["otto"]), kind=bins.get("deal"), record_id=deals["two"].pk)
    assert total(read(cast["sue"], "pipeline", as_of=day(25))) == "41666.66"
    assert total(read(cast["sue"], "changes", since=day(11), as_of=day(25))) == "41666.66"


def test_one_deal_of_which_nothing_is_known(sue, rae, sign_in, read):
    make_deal(rae, "Bare", amount=None, close_date=None, forecast_category="omitted")
    everything(sign_in(sue))
    found = read(sue, "pipeline")
    assert table(found, "stages")[-1][:4] == ["All", 1, 1, "0.00"]
    assert "1\xa0deal is open, without an amount." in found["says"]


def test_steps_lead_exactly_from_day_to_day_while_people_move(book, read, sue, mona, remy, rae, otto, west):
    """Rae goes to West on day 35, with Campus; Remy is gone on day 38; Brook becomes Aster; Campus gets an amount and loses it."""
    for at, values in (
        (33, {"amount": Decimal("10.01")}),
        (36, {"amount": None}),
        (37, {"close_date": dt.date(2026, 8, 1)}),
    ):
        update_deal(act=Act(by=otto, at=on(at)), deal_id=book["three"].pk, values=values)
    Person.objects.filter(pk=rae.pk).update(team=west)
    seat([rae.pk], on(35))
    Person.objects.filter(pk=remy.pk).update(is_active=False)
    aster, brook = book["one"].account, book["two"].account
    merge(act=Act(by=otto), kind="account", survivor_id=aster.pk, loser_id=brook.pk)
    days = (-5, 19, 29, 33, 34, 36, 39, 45)
    for person, narrowed in (
        (sue, {}),
        (sue, {"team": str(west.pk)}),
        (sue, {"owner": str(rae.pk)}),
        (mona, {}),
        (sue, {"closing": "2026-Q3"}),
    ):
        open_on = {one: total(read(person, "pipeline", as_of=day(one), **narrowed)) for one in days}
        for since, until in [*pairwise(days), (days[0], days[-1])]:
            asked = {"since": day(since + 1), "as_of": day(until), **narrowed}
            found = read(person, "changes", **asked)
            assert table(found, "steps")[0][2] == open_on[since], asked
            assert total(found) == open_on[until], asked
    moved = [row[:2] for row in table(read(mona, "changes", since=day(35), as_of=day(35)), "steps")]
    assert moved == [["Start", 2], ["Handed over to others", 2], ["End", 0]]


@pytest.mark.parametrize(
    "zone, that_day, opened, counts",
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-29T21:59:59.999999", True),  # 23 hours long
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00", False),
        ("Europe/Berlin", "2025-10-26", "2025-10-26T22:59:59.999999", True),  # 25 hours long
        ("Europe/Berlin", "2025-10-26", "2025-10-26T23:00:00", False),
        ("Asia/Beirut", "2024-10-26", "2024-10-26T21:30:00", True),  # its last hour comes twice
        ("Asia/Beirut", "2024-10-26", "2024-10-26T22:00:00", False),
        ("UTC", "2024-02-29", "2024-02-29T23:59:59.999999", True),
    ],
)
def test_a_day_is_as_long_as_it_is_where_the_company_is(zone, that_day, opened, counts, sue, rae, read):
    Company.objects.update_or_create(defaults={"time_zone": zone})
    at = dt.datetime.fromisoformat(opened).replace(tzinfo=dt.UTC)
    make_deal(rae, created_at=at, stage_entered_at=at)
    assert (total(read(sue, "pipeline", as_of=that_day)) == "926606.25") is counts
    after = (dt.date.fromisoformat(that_day) + dt.timedelta(days=1)).isoformat()
    for since, until, came in ((that_day, that_day, counts), (after, after, not counts)):
        found = read(sue, "changes", since=since, as_of=until)
        assert ([row[1] for row in table(found, "steps") if row[0] == "Opened"] == [1]) is came


@pytest.mark.parametrize("zone, past", [("Pacific/Kiritimati", [True, False]), ("Pacific/Honolulu", [True, False])])
def test_whether_a_day_is_over_is_asked_where_the_company_is(zone, past):
    for hour in (5, 15):
        made = dt.datetime(2026, 6, 15, hour, tzinfo=dt.UTC)
        there = made.astimezone(dt.timezone(dt.timedelta(hours=14 if "Kiri" in zone else -10))).date()
        days = [there - dt.timedelta(days=1), there]
        assert [Stated(one, zone, made, "USD", 1).is_past for one in days] == past


def test_what_begins_like_a_formula_is_text_in_every_file(sue, rae, sign_in, playbook):
    wild = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
    for place, name in enumerate(wild):
        make_deal(rae, f"{name} {place}", make_account(name), amount=Decimal(place + 1))
    Person.objects.filter(pk=rae.pk).update(first_name="=CMD", last_name="()")
    client = sign_in(sue)
    addresses = [reverse("reports:report-rows-file", args=["pipeline", "csv"])]
    addresses += [reverse("reports:report-file", args=["pipeline", key, "csv"]) for key in ("largest", "oldest", "by")]
    for address in addresses:
        answer = client.get(address, {"by": "owner"})
        told = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))
        cells = [cell for line in told for cell in line]
        assert any("=" in cell for cell in cells)
        assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")] == []
        assert [cell for cell in cells if cell[:1] == "-" and not cell[1:].replace(".", "").isdigit()] == []
        assert answer["Content-Disposition"].startswith('attachment; filename="pipeline-')
