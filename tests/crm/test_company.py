"""The company page: settings, rates, holidays; who reads and who writes; and what totals make of the rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.lib.errors import Invalid
from crm.models import AuditEntry, Company, ExchangeRate, Holiday
from crm.queries import company as queries
from crm.rules.currencies import Rate
from crm.services.audit import Act
from crm.services.company import set_rates, update_company
from deals.models import Deal
from deals.services.deals import create_deal, update_deal
from tests.factories import make_account, make_deal

SETTINGS = {
    "name": "NovaCron",
    "reporting_currency": "USD",
    "currencies": "usd, EUR sek",
    "fiscal_year_start": "2",
    "time_zone": "Europe/Berlin",
    "from_0": "08:00",
    "to_0": "16:30",
}


@pytest.fixture
def page(otto, sign_in):
    return sign_in(otto)


def rate(code="EUR", day=dt.date(2026, 1, 1), worth="1.0834"):
    return Rate(code, day, Decimal(worth))


def text(answer):
    return " ".join(answer.content.decode().split())


def test_operations_change_the_settings_and_everybody_reads_them(page, vera, sign_in):
    form = page.get("/company/edit/").context["form"]
    start = {name: form[name].value() for name in ("version", "started_from")}
    assert page.post("/company/edit/", start | SETTINGS).status_code == 302
    found = Company.objects.get()
    assert (found.currencies, found.fiscal_year_start) == (["EUR", "SEK", "USD"], 2)
    assert found.working_hours == {"0": ["08:00", "16:30"]}
    seen = text(sign_in(vera).get("/company/"))
    assert "NovaCron" in seen
    assert "from February" in seen
    assert "Change the settings" not in seen
    assert AuditEntry.objects.get(kind="company").changes["fiscal_year_start"] == [1, 2]
    stale = page.post("/company/edit/", start | SETTINGS | {"name": "Nova"})
    assert stale.status_code == 409
    assert Company.objects.get().name == "NovaCron"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"currencies": "USD, Euro"}, "currencies"),
        ({"from_0": "17:00"}, "working_hours"),
        ({"from_0": "", "to_0": ""}, "working_hours"),
        ({"to_0": ""}, "to_0"),
        ({"fiscal_year_start": "13"}, "fiscal_year_start"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_settings_that_cannot_be_are_refused(page, wrong, field):
    answer = page.post("/company/edit/", SETTINGS | wrong)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors or (field == "working_hours" and "__all__" in errors)
    assert not Company.objects.exclude(version=1).exists()


def test_rates_are_pasted_whole_or_not_at_all(page):
    wrong = page.post("/company/rates/", {"rates": "EUR, 2026-01-01, 1.0834\nGBP, 2026-01-01, one"})
    assert wrong.status_code == 422
    assert "Line 2: “one” is no rate." in text(wrong)
    assert not ExchangeRate.objects.exists()
    assert page.post("/company/rates/", {"rates": "EUR, 2026-01-01, 1.0834\nGBP;2026-01-01;1,25"}).status_code == 302
    assert list(ExchangeRate.objects.values_list("currency", "rate")) == [
        ("EUR", Decimal("1.0834")),
        ("GBP", Decimal("1.25")),
    ]
    usd = page.post("/company/rates/", {"rates": "USD, 2026-01-01, 1\nSEK, 2026-01-01, 0.1"})
    assert "Line 1: USD is what the rates are to; it needs none." in text(usd)


def test_a_past_rate_changes_with_a_reason_only_and_its_history_is_kept(page, otto):
    set_rates(act=Act(by=otto), rates=[(1, rate())])
    row = ExchangeRate.objects.get()
    path = f"/company/rates/{row.pk}/"
    assert page.post(path, {"rate": "1.09"}).status_code == 422
    assert page.post(path, {"remove": "1"}).status_code == 422
    assert page.post("/company/rates/", {"rates": "EUR, 2026-01-02, 1.09"}).status_code == 422
    assert ExchangeRate.objects.get().rate == Decimal("1.0834")
    assert page.post(path, {"rate": "1.09", "why": "The bank corrected it."}).status_code == 302
    entry = AuditEntry.objects.filter(kind="exchange_rate").latest("pk")
    assert (entry.changes["rate"], entry.why) == (["1.0834000000", "1.09"], "The bank corrected it.")
    assert "EUR from 2026-01-01: 1.0834 → 1.09" in text(page.get(path))
    assert page.post(path, {"remove": "1", "why": "Not ours."}).status_code == 302
    assert not ExchangeRate.objects.exists()


def test_the_reporting_currency_stays_while_rates_lead_to_it(otto):
    set_rates(act=Act(by=otto), rates=[(1, rate())])
    with pytest.raises(Invalid, match="lead to USD"):
        update_company(act=Act(by=otto), values={"reporting_currency": "EUR"})


def test_holidays_are_pasted_renamed_and_taken_off(page):
    assert page.post("/company/holidays/", {"holidays": "2099-12-25, Christmas\n2099-12-26"}).status_code == 422
    assert (
        page.post("/company/holidays/", {"holidays": "2099-12-25, Christmas\n2099-01-01, New Year"}).status_code == 302
    )
    assert page.post("/company/holidays/", {"holidays": "2099-12-25, Christmas Day"}).status_code == 302
    assert [str(one) for one in Holiday.objects.all()] == ["New Year, 2099-01-01", "Christmas Day, 2099-12-25"]
    assert queries.calendar().works_on(dt.date(2099, 12, 24))
    assert not queries.calendar().works_on(dt.date(2099, 12, 25))
    page.post(f"/company/holidays/{Holiday.objects.earliest('date').pk}/remove/")
    assert Holiday.objects.count() == 1
    assert "Christmas Day" in text(page.get("/company/"))


def test_the_api_reads_for_everybody_and_takes_rates_from_operations(otto, vera, sign_in):
    ops, viewer = sign_in(otto), sign_in(vera)

    def post(client, **more):
        body = {"currency": "EUR", "from_date": "2026-01-01", "rate": "1.0834"} | more
        return client.post("/api/company/rates/", body, content_type="application/json")

    assert post(viewer).status_code == 403
    assert post(ops).json()["rate"] == "1.0834000000"
    assert list(post(ops, rate="1.1").json()["error"]["fields"]) == ["why"]
    assert list(post(ops, rate="0").json()["error"]["fields"]) == ["rate"]
    assert post(ops, rate="1.1", why="Corrected.").status_code == 201
    assert viewer.get("/api/company/").json()["reporting_currency"] == "USD"
    assert [row["rate"] for row in viewer.get("/api/company/rates/?currency=EUR").json()["results"]] == ["1.1000000000"]


# --- What deals make of it -------------------------------------------------------------------------------------------


def test_a_deal_takes_one_of_the_companys_currencies_and_keeps_the_one_it_has(rae, otto, sign_in):
    update_company(act=Act(by=otto), values={"currencies": ["USD", "EUR"]})
    deal = make_deal(rae, currency="SEK")
    form = sign_in(rae).get(f"/deals/{deal.pk}/edit/").context["form"]
    assert [code for code, _ in form.fields["currency"].choices] == ["USD", "EUR", "SEK"]
    act = Act(by=rae)
    assert update_deal(act=act, deal_id=deal.pk, values={"currency": "SEK", "name": "Kept"}).currency == "SEK"
    update_deal(act=act, deal_id=deal.pk, values={"currency": "EUR"})
    with pytest.raises(Invalid, match="SEK is none of the company's currencies: USD and EUR"):
        update_deal(act=act, deal_id=deal.pk, values={"currency": "SEK"})
    with pytest.raises(Invalid, match="none of the company's"):
        create_deal(act=act, values={"name": "New", "account": make_account(), "currency": "SEK"})
    assert Deal.objects.count() == 1


def test_totals_add_up_in_the_companys_currency_and_say_by_which_rates(rae, otto, sign_in):
    set_rates(
        act=Act(by=otto), rates=[(1, rate()), (2, rate(day=timezone.now().date() + dt.timedelta(days=3), worth="9"))]
    )
    for code, amount in (("USD", "1000.00"), ("EUR", "0.05"), ("SEK", "70")):
        make_deal(rae, f"In {code}", currency=code, amount=Decimal(amount), forecast_category="commit")
    page = sign_in(rae)
    found = page.get("/deals/totals/", {"by": "forecast_category"})
    seen = text(found)
    assert found.context["in_one"].amount == Decimal("1000.05")  # 0.05 x 1.0834 = 0.05417
    assert "1 EUR = 1.0834 USD since" in seen
    assert "70 SEK could not be converted: there is no rate for SEK yet." in seen
    assert "By forecast category" in seen
    assert "forecast_category=commit" in seen


def test_forecast_categories_are_no_group_for_those_who_see_names_only(rae, vera, sign_in):
    make_deal(rae, forecast_category="commit")
    seen = sign_in(vera).get("/deals/totals/", {"by": "forecast_category"})
    assert seen.context["by"] == "stage"
    assert "Commit" not in text(seen)
