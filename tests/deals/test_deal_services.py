"""Opening, changing, moving, closing: what the services keep and what they refuse."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Job
from crm.services.audit import Act
from deals.models import Deal, DealInterval
from deals.services.deals import create_deal, update_deal
from deals.services.stages import change_stage, close_deal, reopen_deal

UTC = dt.UTC
JUNE = dt.datetime(2026, 6, 15, 9, tzinfo=UTC)


def on(deal, field, day):
    """What stood in a tracked field at noon of a day."""
    at = dt.datetime.combine(day, dt.time(12), tzinfo=UTC)
    rows = DealInterval.objects.filter(deal=deal, field=field, from_at__lte=at)
    return next(row.value for row in rows if row.to_at is None or row.to_at > at)


def test_whoever_asked_first_may_write_last(rae, aster):
    """Requests wait for each other; the moment somebody asked is no order of writes."""
    deal = create_deal(act=Act(by=rae, at=JUNE), values={"name": "Renewal", "account": aster, "amount": Decimal(100)})
    for seconds, amount in ((2, 200), (1, 300)):
        act = Act(by=rae, at=JUNE + dt.timedelta(seconds=seconds))
        update_deal(act=act, deal_id=deal.pk, values={"amount": Decimal(amount)})
    assert on(deal, "amount", JUNE.date() + dt.timedelta(days=1)) == "300.00 USD"
    assert deal.intervals.filter(field="amount").count() == 3


def test_any_past_day_can_be_rebuilt(rae, aster):
    deal = create_deal(
        act=Act(by=rae, at=JUNE),
        values={"name": "Renewal", "account": aster, "amount": Decimal(100), "currency": "USD"},
    )
    july = JUNE + dt.timedelta(days=30)
    update_deal(act=Act(by=rae, at=july), deal_id=deal.pk, values={"amount": Decimal("250.50")})
    change_stage(act=Act(by=rae, at=july), deal_id=deal.pk, stage="discovery", why="They called us.")
    update_deal(act=Act(by=rae, at=july + dt.timedelta(days=2)), deal_id=deal.pk, values={"amount": None})
    assert [on(deal, "amount", (JUNE + dt.timedelta(days=n)).date()) for n in (0, 29, 30, 31, 32)] == [
        "100.00 USD",
        "100.00 USD",
        "250.50 USD",
        "250.50 USD",
        "",
    ]
    assert on(deal, "stage", JUNE.date()) == "prospect"
    assert on(deal, "stage", july.date()) == "discovery"
    assert on(deal, "owner", july.date()) == str(rae.pk)


def test_each_tracked_field_has_one_open_interval(rae, deal):
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"close_date": dt.date(2027, 1, 31)})
    open_ones = DealInterval.objects.filter(deal=deal, to_at=None).values_list("field", flat=True)
    assert sorted(open_ones) == ["amount", "close_date", "forecast_category", "owner", "stage"]


def test_a_change_is_audited_with_both_values(rae, deal):
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"name": "Second renewal"})
    row = AuditEntry.objects.get(deal_id=deal.pk)
    assert row.changes == {"name": ["Renewal displacement", "Second renewal"]}
    assert row.made_by == rae


def test_saving_what_is_there_writes_nothing(rae, deal):
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"name": deal.name})
    assert Deal.objects.get(pk=deal.pk).version == deal.version
    assert not AuditEntry.objects.exists()


def test_a_stale_version_is_refused(rae, deal):
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"name": "First"}, expected_version=deal.version)
    with pytest.raises(EditConflict):
        update_deal(act=Act(by=rae), deal_id=deal.pk, values={"name": "Second"}, expected_version=deal.version)
    assert Deal.objects.get(pk=deal.pk).name == "First"


def test_unmet_exit_criteria_ask_for_a_reason(rae, deal):
    with pytest.raises(Invalid) as refused:
        change_stage(act=Act(by=rae), deal_id=deal.pk, stage="qualified")
    assert "The pain is clear" in refused.value.errors["why"][0]
    assert Deal.objects.get(pk=deal.pk).stage == "discovery"


def test_the_reason_and_what_was_unmet_are_kept(rae, deal):
    change_stage(act=Act(by=rae), deal_id=deal.pk, stage="qualified", why="Their board asked for it.")
    row = DealInterval.objects.get(deal=deal, field="stage", to_at=None)
    assert (row.value, row.why, row.changed_by) == ("qualified", "Their board asked for it.", rae)
    assert [check["key"] for check in row.unmet] == ["pain_clear", "impact_known", "next_step_dated"]


def test_skipping_stages_asks_for_all_of_them(rae, deal):
    change_stage(act=Act(by=rae), deal_id=deal.pk, stage="demo", why="They saw it at the fair.")
    row = DealInterval.objects.get(deal=deal, field="stage", to_at=None)
    assert {check["stage"] for check in row.unmet} == {"discovery", "qualified"}


def test_going_back_asks_nothing(rae, deal):
    assert change_stage(act=Act(by=rae), deal_id=deal.pk, stage="prospect").stage == "prospect"


def test_a_deal_somebody_else_moved_is_not_moved_again(rae, mona, deal):
    change_stage(act=Act(by=mona), deal_id=deal.pk, stage="demo", why="It was shown.")
    with pytest.raises(Clash, match="moved this deal to Demo"):
        change_stage(act=Act(by=rae), deal_id=deal.pk, stage="qualified", why="x", seen_stage="discovery")
    assert Deal.objects.get(pk=deal.pk).stage == "demo"


def test_closing_needs_reasons_a_competitor_and_a_note(rae, deal):
    with pytest.raises(Invalid) as refused:
        close_deal(act=Act(by=rae), deal_id=deal.pk, outcome="won", reasons=[])
    assert set(refused.value.errors) == {"reasons", "competitor", "note"}
    assert Deal.objects.get(pk=deal.pk).is_open


def test_reasons_belong_to_their_outcome(rae, deal):
    with pytest.raises(Invalid) as refused:
        close_deal(
            act=Act(by=rae), deal_id=deal.pk, outcome="won", reasons=["price"], no_competitor=True, note="Lower price."
        )
    assert set(refused.value.errors) == {"reasons"}


def closed(rae, deal, **values):
    given = {"outcome": "won", "reasons": ["cost_savings"], "competitor_key": "vmware", "note": "The benchmark."}
    return close_deal(act=Act(by=rae), deal_id=deal.pk, **given | values)


def test_a_won_deal_keeps_why_and_whom_it_beat(rae, deal):
    won = closed(rae, deal, reasons=["cost_savings", "performance"])
    assert (won.stage, won.outcome, won.outcome_competitor.key) == ("won", "won", "vmware")
    assert sorted(won.outcome_reasons.values_list("reason", flat=True)) == ["cost_savings", "performance"]
    assert won.close_date == won.closed_at.date()


def test_a_deal_does_not_close_ahead_of_time(rae, deal):
    with pytest.raises(Invalid) as refused:
        closed(rae, deal, close_date=dt.date(2099, 1, 1))
    assert set(refused.value.errors) == {"close_date"}


def test_a_closed_deal_stays_as_it_is(rae, deal):
    closed(rae, deal)
    with pytest.raises(Clash, match="won"):
        closed(rae, deal, outcome="lost", reasons=["price"])
    with pytest.raises(Clash):
        change_stage(act=Act(by=rae), deal_id=deal.pk, stage="demo", why="x")
    assert Deal.objects.get(pk=deal.pk).outcome == "won"


def test_reopening_takes_the_reasons_away_and_keeps_the_history(rae, deal):
    closed(rae, deal)
    opened = reopen_deal(act=Act(by=rae), deal_id=deal.pk, stage="negotiation", why="They called again.")
    assert (opened.is_open, opened.outcome_competitor, opened.outcome_note, opened.closed_at) == (True, None, "", None)
    assert not opened.outcome_reasons.exists()
    stages = DealInterval.objects.filter(deal=deal, field="stage").order_by("pk").values_list("value", flat=True)
    assert list(stages) == ["discovery", "won", "negotiation"]


def test_an_open_deal_is_not_reopened(rae, deal):
    with pytest.raises(Clash):
        reopen_deal(act=Act(by=rae), deal_id=deal.pk, stage="demo", why="Why not.")


def test_a_vp_reads_and_does_not_write(vik, deal):
    with pytest.raises(NotAllowed):
        update_deal(act=Act(by=vik), deal_id=deal.pk, values={"name": "Mine"})
    assert Deal.objects.get(pk=deal.pk).name == "Renewal displacement"


def test_a_rep_of_another_team_does_not_find_it(remy, deal):
    with pytest.raises(Deal.DoesNotExist):
        update_deal(act=Act(by=remy), deal_id=deal.pk, values={"name": "Mine"})


def test_a_rep_hands_a_deal_to_nobody(rae, remy, deal):
    with pytest.raises(Invalid) as refused:
        update_deal(act=Act(by=rae), deal_id=deal.pk, values={"owner": remy})
    assert set(refused.value.errors) == {"owner"}


def test_a_burst_of_changes_asks_for_one_score(rae, deal):
    for days in (1, 2, 3):
        day = dt.date(2027, 1, days)
        update_deal(act=Act(by=rae), deal_id=deal.pk, values={"close_date": day})
    assert Job.objects.filter(key=f"score:{deal.pk}").count() == 1


@pytest.mark.parametrize(
    "zone,hour,day",
    [("Pacific/Auckland", 20, 16), ("America/Los_Angeles", 2, 14), ("UTC", 20, 15), ("Mars/Olympus", 20, 15)],
)
def test_a_deal_closes_on_the_day_of_whoever_closes_it(rae, aster, playbook, zone, hour, day):
    """Half the world is a day ahead of or behind UTC for hours."""
    rae.time_zone = zone
    act = Act(by=rae, at=JUNE.replace(hour=hour))
    deal = create_deal(act=act, values={"name": "Renewal", "account": aster})
    reasons = [next(reason.key for reason in playbook.outcome_reasons if reason.outcome == "won")]
    closing: dict[str, Any] = {"outcome": "won", "reasons": reasons, "no_competitor": True, "note": "Signed."}
    today = dt.date(2026, 6, day)
    with pytest.raises(Invalid, match="future"):
        close_deal(act=act, deal_id=deal.pk, **closing, close_date=today + dt.timedelta(days=1))
    with pytest.raises(Invalid, match="opened later"):
        close_deal(act=act, deal_id=deal.pk, **closing, close_date=today - dt.timedelta(days=1))
    assert close_deal(act=act, deal_id=deal.pk, **closing).close_date == today
