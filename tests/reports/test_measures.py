"""The plan, the market, KPIs and risks: exact figures over HTTP, readings typed in, and thresholds that are crossed once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.models import AuditEntry, Company, Competitor, ExchangeRate, Notification, Person, Product
from crm.queries import playbook as playbooks
from deals.models import Deal, DealLine
from playbook.schema.measures import QUANTITIES
from reports.models import Crossing, Reading
from reports.queries import qbr
from reports.queries.quantities import QUANTITY, Ground, computed, unasked
from reports.queries.sums import purse_for
from reports.services.readings import sweep
from tests.factories import make_account, make_deal
from tests.reports.book import read as read
from tests.reports.book import table

OPENED = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 6, 30, 12, 0, tzinfo=dt.UTC)
DAY = {"as_of": "2026-06-30"}


@pytest.fixture
def won(rae: Person, playbook: Any) -> list[Deal]:
    """Year 1 is 2026. Won: 1,500,000 and 300,000 EUR at 1.25 in Q1, and 600,000 the year before; open: 400,000 in Q3."""
    ExchangeRate.objects.create(currency="EUR", from_date=dt.date(2025, 1, 1), rate=Decimal("1.25"))
    Company.objects.update_or_create(defaults={"currencies": ["EUR"], "first_plan_year": 2026})
    it, cloud = make_account("Aster Health"), make_account("Brook", segment="cloud")

    def made(name: str, amount: str, day: dt.date, **values: Any) -> Deal:
        closed: dict[str, Any] = {
            "stage": "closed_won",
            "outcome": "won",
            "closed_at": dt.datetime.combine(day, dt.time(9), dt.UTC),
        }
        opened = closed["closed_at"] - dt.timedelta(days=60)
        given = closed | {"account": it, "created_at": opened, "close_date": day, "amount": Decimal(amount)} | values
        return make_deal(rae, name, **given)

    deals = [
        made("First", "1500000", dt.date(2026, 2, 10)),
        made("Second", "300000", dt.date(2026, 3, 31), currency="EUR", account=cloud),
        made("Before", "600000", dt.date(2025, 3, 1)),
        make_deal(rae, "Open", it, created_at=OPENED, amount=Decimal(400_000), close_date=dt.date(2026, 9, 30)),
    ]
    product = Product.objects.create(key="shield", name="Shield", line="security")
    DealLine.objects.create(deal=deals[0], product=product, amount=Decimal(1_000_000))
    return deals


def test_the_plan_by_year_quarter_line_and_segment(won, read, sue, mona, eve, sign_in):
    found = read(sue, "targets", **DAY)
    years = table(found, "years")
    assert years[0][:7] == [
        "Year 1 (fiscal 2026)",
        "45000000.00",
        "1875000.00",
        "4.2",
        "43125000.00",
        "400000.00",
        "0.00",
    ]
    assert years[1][:4] == ["Year 2 (fiscal 2027)", "180000000.00", "0.00", "0.0"]
    quarters = {row[0]: row[1:] for row in table(found, "quarters")}
    assert quarters["Q1 2026"][:4] == ["3000000.00", "1875000.00", "62.5", "1125000.00"]
    assert quarters["Q3 2026"][:5] == ["12000000.00", "0.00", "0.0", "12000000.00", "400000.00"]
    lines = {row[0]: row[1:] for row in table(found, "product_lines")[:6]}
    assert lines["Year 1 (fiscal 2026)"][:2] == ["30000000.00", "1875000.00"]
    assert lines["Enterprise Security"][:3] == ["8000000.00", "1000000.00", "12.5"]
    segments = {row[0]: row[1:] for row in table(found, "segments")[:5]}
    assert segments["Cloud service providers"][:3] == ["7200000.00", "375000.00", "5.2"]
    assert "never added together" in " ".join(found["notes"])
    assert "Year 1 of the plan is the fiscal year 2026, from 1 Jan 2026." in found["notes"]
    assert found["says"][0].replace("\xa0", " ") == "1.88 M USD won in year 1 of the plan, 4 % of 45.00 M USD."
    team = read(mona, "targets", **DAY)
    assert table(team, "years")[0][:5] == ["Year 1 (fiscal 2026)", "45000000.00", "1875000.00", None, None]
    assert sign_in(eve).get("/api/reports/targets/").status_code == 403


def test_the_market_and_where_it_does_not_add_up(won, read, sue):
    found = read(sue, "market", **DAY)
    assert table(found, "segments")[0] == [
        "All segments", "12100000000.00", "1875000.00", "0.015", "0.4", "48400000.00", "3.9"
    ]  # fmt: skip
    assert table(found, "segments")[2][:4] == ["Cloud service providers", "5800000000.00", "375000.00", "0.006"]
    assert table(found, "growth")[-1] == ["2030", "57200000000.00", "57600000000.00", "201"]
    apart = {row[0]: row[1:4] for row in table(found, "apart")}
    printed = next(key for key in apart if "Enterprise IT" in key and "Enterprise virtualisation" in key)
    assert apart[printed] == ["38\xa0%", "56\xa0%", "47.4"]
    note = next(one["note"] for one in found["tables"] if one["key"] == "apart")
    assert note.startswith("Of ")
    assert table(found, "rivals")[0][:3] == ["VMware vSphere and Cloud Foundation", "45", "Enterprise virtualisation"]
    vertical = next(row for row in table(found, "verticals") if row[0].startswith("Financial"))
    assert vertical[4] == "0.00"


def test_every_quantity_is_computed(won, playbook):
    assert set(QUANTITY) == set(QUANTITIES)
    number, _ = playbooks.current()
    asked = unasked(NOW, number, playbook)
    ground = Ground(asked, purse_for(asked), "monthly", 2026)
    assert {
        name: computed(name, ground) for name in ("new_arr_won", "new_arr_growth", "target_attainment", "customers")
    } == {
        "new_arr_won": Decimal("1875000.0000"),
        "new_arr_growth": Decimal("212.5000"),
        "target_attainment": Decimal("4.2000"),
        "customers": Decimal("2.0000"),
    }
    assert computed("new_customers", ground) == 1  # Aster bought the year before
    assert computed("pipeline_coverage", ground) == 0  # nothing closes in Q2
    assert computed("market_share_sam", ground) == Decimal("0.0155")
    few = ("win_rate", "win_rate_against:vmware", "loss_share:price", "average_deal_size", "sales_cycle_months",
           "renewal_rate", "poc_conversion")  # fmt: skip
    assert {computed(name, ground) for name in few} == {None}, "of fewer than five deals no rate is told"
    assert computed("news:price_change", ground) == 0


def test_a_kpi_is_read_corrected_and_overdue(won, read, sign_in, sue, vera, mona):
    page = "/readings/kpi/gross_margin/"
    assert (
        sign_in(sue).post(page, {"value": "71.5", "on_date": "2026-05-31", "note": "Books of May."}).status_code == 302
    )
    assert sign_in(sue).post(page, {"value": "72", "on_date": "2026-05-31"}).status_code == 302
    for values, said in (
        ({"value": "72", "on_date": "2999-01-01"}, "That day is still to come."),
        ({"value": "1e20", "on_date": "2026-05-31"}, "at most 14 digits"),
        ({"value": "", "on_date": "2026-05-31"}, "Give a number."),
    ):
        answer = sign_in(sue).post(page, values)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert sign_in(vera).post(page, {"value": "72", "on_date": "2026-05-31"}).status_code == 403
    assert sign_in(sue).post("/readings/kpi/arr/", {"value": "1", "on_date": "2026-05-31"}).status_code == 422
    assert [row.value for row in Reading.objects.all()] == [Decimal(72), Decimal("71.5")]
    assert AuditEntry.objects.filter(kind="reading").count() == 2
    found = read(vera, "kpis")
    rows = {row[0]: row for row in table(found, "market_analysis")}
    assert rows["Gross margin"][2].replace("\xa0", " ") == "72 %"
    assert rows["Gross margin"][4:6] == [f"Typed in by {sue}", "2026-05-31"]
    assert rows["Aided brand awareness"][2:4] == [None, "Never read"]
    assert rows["ARR"][2].replace("\xa0", " ") == "1.88 M USD"
    assert rows["ARR"][1].replace("\xa0", " ") == "45.00 M USD, year 1"
    quadrant = "/readings/kpi/magic_quadrant/"
    assert sign_in(sue).post(quadrant, {"value": "1", "on_date": "2026-05-31"}).status_code == 302
    rows = {row[0]: row for row in table(read(sue, "kpis"), "market_analysis")}
    assert rows["Place in Gartner's Magic Quadrant"][1:4] == ["Not included, year 1", "Niche Player", "Reached"]
    assert sign_in(mona).get("/reports/kpis/").status_code == 403


def test_readings_over_the_api(won, sign_in, sue):
    api = sign_in(sue)
    body = {"kind": "indicator", "key": "gdp_growth", "on_date": "2026-06-01", "value": "-0.4"}
    made = api.post("/api/readings/", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["value"] == "-0.4000"
    refused = api.post("/api/readings/", body | {"key": "renewals"}, content_type="application/json")
    assert refused.status_code == 422
    assert [row["key"] for row in api.get("/api/readings/?kind=indicator").json()["results"]] == ["gdp_growth"]


def test_a_crossing_is_noticed_once_and_so_is_its_end(won, read, sign_in, sue, otto, vik, rae, eve):
    page = "/readings/indicator/gdp_growth/"
    assert sweep() == 0
    sign_in(sue).post(page, {"value": "-0.5", "on_date": "2026-06-01"})
    assert (sweep(), sweep()) == (1, 0)
    (row,) = Crossing.objects.all()
    assert (row.key, row.value, row.to_at) == ("gdp_growth", Decimal("-0.5"), None)
    told = Notification.objects.filter(kind="report")
    assert set(told.values_list("to__username", flat=True)) == {"sue", "otto", "vik"}
    first = told.first()
    assert first is not None
    assert first.text.replace("\xa0", " ") == "Growth of the economy crossed its threshold: −0.5 %, under 0 %"
    found = read(sue, "risks")
    states = {row[0]: row for row in table(found, "indicators")}
    assert states["Growth of the economy"][3].startswith("Beyond it since ")
    assert found["says"][0].startswith("Growth of the economy is beyond its threshold")
    assert "Growth of the economy" in sign_in(sue).get("/today/indicators/").content.decode()
    sign_in(sue).post(page, {"value": "0.2", "on_date": "2026-06-02"})
    assert (sweep(), sweep()) == (1, 0)
    row.refresh_from_db()
    assert row.to_at is not None
    assert told.count() == 6
    assert "No leading indicator is beyond its threshold." in sign_in(sue).get("/today/indicators/").content.decode()
    assert table(read(sue, "risks"), "crossings")[0][4] == timezone.now().date().isoformat()
    assert list(AuditEntry.objects.filter(kind="crossing").order_by("pk").values_list("verb", flat=True)) == [
        "crossed",
        "came back",
    ]


def test_a_computed_indicator_crosses_too(won, rae, sue):
    rival = Competitor.objects.get(key="vmware")
    now = timezone.now()
    for n in range(5):
        make_deal(rae, f"Lost {n}", stage="closed_lost", outcome="lost", created_at=now - dt.timedelta(days=40),
                  closed_at=now, close_date=now.date(), outcome_competitor=rival)  # fmt: skip
    assert sweep() == 1
    assert Crossing.objects.get().key == "win_rate_vmware"


def test_what_the_review_of_a_quarter_holds(won, read, sue, playbook):
    found = read(sue, "qbr", quarter="2026-Q3")
    assert found["filters"][0] == {"label": "Quarter", "value": "Q3 2026"}
    assert [one["key"] for one in found["tables"]][:3] == ["market_share", "revenue", "customers"]
    assert [row[0] for row in table(found, "revenue")] == ["ARR", "Growth of ARR", "ARR"]
    asked = replace(unasked(NOW, playbooks.current()[0], playbook), user=sue)
    pack = qbr.reports_of(asked)
    assert [key for key, _ in pack] == [
        "qbr", "market", "targets", "wins", "pipeline", "changes", "forecast", "risks"
    ]  # fmt: skip
    wins = dict(pack)["wins"]
    assert (wins.as_of, wins.values["closed_since"]) == (dt.date(2026, 6, 30), dt.date(2026, 4, 1))
