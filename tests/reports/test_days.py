"""Totals of days that are over: kept once, held against the past again, and told of where nothing explains a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm.models import Company, Job, Notification, Person
from crm.registry import bins
from crm.services.audit import Act
from crm.services.bin import restore
from deals.models import Deal, DealInterval, DealSpan
from deals.services import spans
from deals.services.deals import update_deal
from deals.services.deletion import delete_deal
from reports.models import DayCheck, DayTotal
from reports.services import days
from reports.services.days import keep, look_again
from tests.factories import NOW, make_deal
from tests.imports.conftest import bring as bring
from tests.imports.conftest import edit
from tests.imports.conftest import shop as shop
from tests.imports.conftest import undo as undo

pytestmark = pytest.mark.django_db
JUNE = dt.date(2026, 6, 15)
"""The day the deals are made, at 9:00."""
NIGHT = dt.datetime(2026, 6, 16, 3, 30, tzinfo=dt.UTC)
ONE = dt.timedelta(days=1)


def kept(day: dt.date) -> list[tuple[Any, ...]]:
    rows = DayTotal.objects.filter(check_of__day=day).order_by("path", "stage", "forecast_category", "currency")
    return list(rows.values_list("path", "outcome", "stage", "forecast_category", "currency", "count", "amount"))


def night(number: int = 0) -> Callable[[], dt.datetime]:
    return lambda: NIGHT + number * ONE


@pytest.fixture
def pipeline(rae: Person, remy: Person, playbook: object) -> list[Deal]:
    """Two of Rae's in discovery, 1,000 and 500.50, one of Remy's without an amount."""
    return [
        make_deal(rae, "One", amount=Decimal("1000.00")),
        make_deal(rae, "Two", amount=Decimal("500.50")),
        make_deal(remy, "Three", amount=None),
    ]


@pytest.fixture
def day(pipeline: list[Deal]) -> dt.date:
    keep(JUNE, clock=night())
    return JUNE


def test_a_day_is_kept_by_team_stage_category_and_currency(day, rae, remy):
    assert kept(day) == sorted(
        [
            (rae.team.path, "open", "discovery", "pipeline", "USD", 2, Decimal("1500.50")),
            (remy.team.path, "open", "discovery", "pipeline", "", 1, Decimal(0)),
        ]
    )
    check = DayCheck.objects.get()
    assert (check.moment, check.state, check.kept_at) == (dt.datetime(2026, 6, 16, tzinfo=dt.UTC), "kept", NIGHT)


def test_a_second_run_and_a_second_look_the_same_night_do_nothing(day, pipeline, rae):
    before = kept(day)
    update_deal(act=Act(by=rae, at=NOW), deal_id=pipeline[0].pk, values={"amount": Decimal(1)})
    keep(JUNE, clock=night())
    assert look_again(day, now=NIGHT) == []
    assert (kept(day), DayCheck.objects.get().looked_at) == (before, NIGHT)


def test_days_that_were_missed_are_made_up_for(day, pipeline, rae):
    update_deal(act=Act(by=rae, at=NOW + ONE), deal_id=pipeline[0].pk, values={"amount": Decimal(1)})
    keep(JUNE + 3 * ONE, clock=night(3))
    assert list(DayCheck.objects.values_list("day", "state")) == [
        *((JUNE + number * ONE, "kept") for number in (3, 2, 1)),
        (JUNE, "agrees"),
    ]
    amounts = DayTotal.objects.filter(currency="USD").order_by("check_of__day").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("1500.50"), *[Decimal("501.50")] * 3]


def test_a_day_ends_where_the_company_is_and_settles_for_some_hours(playbook):
    company = Company(time_zone="America/New_York")
    # 16 June, 2:59 and 3:01 in the night.
    late, settled = (dt.datetime(2026, 6, 16, *at, tzinfo=dt.UTC) for at in ((6, 59), (7, 1)))
    assert (days.due(company, late), days.due(company, settled)) == (JUNE - ONE, JUNE)
    company.save()
    for _ in range(2):
        days.plan(settled)
    assert Job.objects.get(task=days.TASK).args == {"day": "2026-06-15"}
    keep(JUNE, clock=lambda: settled)
    assert DayCheck.objects.get().moment == dt.datetime(2026, 6, 16, 4, tzinfo=dt.UTC)
    assert days.due(company, settled) is None


def test_deals_in_the_bin_explain_what_is_missing_and_those_restored_what_is_more(day, pipeline, rae, otto):
    before = kept(day)
    delete_deal(act=Act(by=rae, at=NIGHT + dt.timedelta(hours=5)), deal_id=pipeline[1].pk)
    (found,) = look_again(day, now=NIGHT + ONE)
    assert (found.cause, found.deals, found.count) == ("deleted", (pipeline[1].pk,), -1)
    assert found.amounts == {"USD": Decimal("-500.50")}
    assert DayCheck.objects.get().state == "explained"
    assert look_again(day, now=NIGHT + 2 * ONE) == []
    restore(act=Act(by=otto, at=NIGHT + 2.5 * ONE), kind=bins.get("deal"), record_id=pipeline[1].pk)
    (found,) = look_again(day, now=NIGHT + 3 * ONE)
    assert (found.cause, found.count, found.amounts) == ("restored", 1, {"USD": Decimal("500.50")})
    assert (kept(day), DayCheck.objects.get().state) == (before, "explained")
    assert not Notification.objects.exists()


def test_what_an_import_brings_with_a_past_and_takes_away_again_is_explained(day, shop, bring, undo):
    """The run begins at NOW, before the look; whether its deals were there then can't be said, but that they are its."""
    run = bring(shop)
    run.started_at, run.finished_at = NIGHT + 0.1 * ONE, NIGHT + 0.2 * ONE
    run.save()
    (found,) = look_again(day, now=NIGHT + ONE)
    assert (found.cause, found.count) == ("imported", 5)
    assert {deal.source for deal in Deal.objects.filter(pk__in=found.deals)} == {"shop"}
    undo(run)
    type(run).objects.update(undone_at=NIGHT + 1.2 * ONE)
    (found,) = look_again(day, now=NIGHT + 2 * ONE)
    assert (found.cause, found.count, len(found.deals)) == ("changed", -5, 5)
    assert not Notification.objects.exists()


def test_what_an_import_changes_of_the_past_is_explained(day, shop, bring):
    run = bring(shop)
    run.started_at, run.finished_at = NIGHT + 0.1 * ONE, NIGHT + 0.2 * ONE
    run.save()
    look_again(day, now=NIGHT + ONE)
    edit(
        shop / "deals.csv",
        "D3,Bob Best,,Small Box,Talking,5/16/2024,,",
        "D3,Bob Best,,Small Box,Won,5/16/2024,6/30/2024,70",
    )
    second = bring(shop)
    second.started_at, second.finished_at = NIGHT + 1.1 * ONE, NIGHT + 1.2 * ONE
    second.save()
    (found,) = look_again(day, now=NIGHT + 2 * ONE)
    assert (found.cause, found.count, found.deals) == ("changed", 0, (Deal.objects.get(source_id="D3").pk,))
    assert not Notification.objects.exists()


def test_a_past_that_was_written_over_is_told_to_operations_once(day, pipeline, otto, sign_in):
    DealInterval.objects.filter(deal=pipeline[0], field="amount").update(value="4000.00 USD")
    DealSpan.objects.filter(deal=pipeline[0]).update(amount=Decimal("4000.00"))
    (found,) = look_again(day, now=NIGHT + ONE)
    assert (found.cause, found.count, found.amounts) == ("unexplained", 0, {"USD": Decimal("3000.00")})
    assert look_again(day, now=NIGHT + 2 * ONE) == []
    assert DayCheck.objects.get().state == "differs"
    news = Notification.objects.get()
    assert (news.to, news.kind, news.url) == (otto, "report", "/reports/days/")
    assert (
        news.text
        == "The past of 15 Jun 2026, and perhaps of other days, is not what it was. Nothing known explains it."
    )
    page = " ".join(sign_in(otto).get("/reports/days/").content.decode().split())
    assert "Not explained: +3,000.00 USD." in page
    assert "East, Discovery, Pipeline: +3,000.00 USD" in page
    assert "15 Jun 2026" in page
    assert "3 open" in page


def test_spans_that_are_not_what_their_intervals_give_are_mended_and_told(day, pipeline, otto):
    DealSpan.objects.filter(deal=pipeline[2]).update(stage="poc")
    keep(JUNE + ONE, clock=night(1))
    assert DealSpan.objects.get(deal=pipeline[2]).stage == "discovery"
    check = DayCheck.objects.get(day=JUNE + ONE)
    assert (check.state, [one["cause"] for one in check.differences]) == ("differs", ["rebuilt"])
    assert check.differences[0]["deals"] == [pipeline[2].pk]
    assert Notification.objects.get(to=otto).url == "/reports/days/"


def test_the_page_links_what_can_be_opened_and_says_when_there_is_nothing(day, pipeline, rae, otto, sign_in):
    delete_deal(act=Act(by=rae, at=NIGHT + dt.timedelta(hours=5)), deal_id=pipeline[1].pk)
    look_again(day, now=NIGHT + ONE)
    restore(act=Act(by=otto, at=NIGHT + 1.5 * ONE), kind=bins.get("deal"), record_id=pipeline[1].pk)
    look_again(day, now=NIGHT + 2 * ONE)
    page = " ".join(sign_in(otto).get("/reports/days/?state=explained").content.decode().replace("\xa0", " ").split())
    assert "1 deal put in the bin: −1 deal, −500.50 USD." in page
    assert "Seen 17 Jun 2026." in page
    assert "1 deal restored from the bin: +1 deal, +500.50 USD." in page
    assert f'<a href="/deals/{pipeline[1].pk}/">Two</a>' in page
    assert "No days here" in sign_in(otto).get("/reports/days/?state=differs").content.decode()


def test_mending_leaves_what_is_right(pipeline):
    assert spans.mend([deal.pk for deal in pipeline]) == []
