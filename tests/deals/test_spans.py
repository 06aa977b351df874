"""The wide form of deals' past: after any writes through services it is what the intervals give, to the row."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Company, Person
from crm.services.audit import Act
from deals.models import Deal, DealInterval, DealSpan
from deals.queries.spans import FAR, whole_from
from deals.services import bulk, moves, spans
from deals.services.deals import create_deal, update_deal
from deals.services.deletion import delete_deal
from deals.services.handing_over import give_deals
from deals.services.intervals import move
from deals.services.stages import change_stage, close_deal, reopen_deal
from tests.factories import NOW, make_deal

COLUMNS = spans.COLUMNS
Write = Callable[[Act, Deal], Any]


def stored(deals: Iterable[Deal]) -> list[tuple[Any, ...]]:
    rows = DealSpan.objects.filter(deal__in=list(deals)).order_by("deal_id", "from_at")
    return list(rows.values_list(*COLUMNS))


def from_intervals(deals: Iterable[Deal]) -> list[tuple[Any, ...]]:
    ids = sorted(deal.pk for deal in deals)
    return [tuple(getattr(span, name) for name in COLUMNS) for span in spans.built(ids)]


def walk(random: random.Random, deal: Deal, others: list[Person]) -> Write:
    """One write somebody may make of this deal as it is."""
    if not deal.is_open:
        return lambda act, deal: reopen_deal(act=act, deal_id=deal.pk, stage="demo", why="They came back.")
    amount = random.choice([None, Decimal(random.randrange(1, 9_000_000)) / 100])
    day = random.choice([None, dt.date(2026, random.randrange(7, 13), 9)])
    values = {"amount": amount, "close_date": day, "currency": random.choice(["USD", "EUR"])}
    owner, stage = random.choice(others), random.choice(["prospect", "discovery", "demo", "poc", "proposal"])
    return random.choice(
        [
            lambda act, deal: update_deal(act=act, deal_id=deal.pk, values=values),
            lambda act, deal: update_deal(act=act, deal_id=deal.pk, values={"forecast_category": "commit"}),
            lambda act, deal: change_stage(act=act, deal_id=deal.pk, stage=stage, why="They asked."),
            lambda act, deal: close_deal(
                act=act,
                deal_id=deal.pk,
                outcome="lost",
                reasons=["no_decision"],
                no_competitor=True,
                note="Gone quiet.",
            ),
            lambda act, deal: bulk.change_owner(act, [deal.pk], owner.pk),
            lambda act, deal: bulk.change_stage(act, [deal.pk], stage),
            lambda act, deal: bulk.change_day(act, [deal.pk], "2027-01-31"),
            lambda act, deal: give_deals(act, deal.owner_id, owner.pk, 2, is_open=True),
            lambda act, deal: moves.move_stages(act, {deal.stage: stage} if stage != deal.stage else {}),
        ]
    )


@pytest.mark.parametrize("seed", range(8))
def test_spans_are_what_the_intervals_give(seed, rae, remy, otto, aster):
    chance = random.Random(seed)
    Company.objects.update_or_create(defaults={"currencies": ["EUR"]})
    deals = [
        create_deal(act=Act(by=rae, at=NOW), values={"name": f"Deal {number}", "account": aster, "amount": Decimal(1)})
        for number in range(3)
    ]
    clock = NOW
    for _ in range(20):
        # Now and then at the same moment as the write before, or by a clock that is behind.
        clock += dt.timedelta(seconds=chance.choice([0, 0, -30, 40, 3_600, 90_000]))
        deal = chance.choice(deals)
        deal.refresh_from_db()
        walk(chance, deal, [rae, remy])(Act(by=otto, at=max(clock, NOW), why="Because."), deal)
    assert stored(deals) == from_intervals(deals)
    assert DealSpan.objects.filter(to_at=FAR).count() == 3


def test_a_deal_as_it_was(rae, remy, otto, aster):
    act = lambda days: Act(by=otto, at=NOW + dt.timedelta(days=days))  # noqa: E731
    values = {"name": "Renewal", "account": aster, "owner": rae, "amount": Decimal("185000"), "stage": "discovery"}
    deal = create_deal(act=act(0), values=values)
    update_deal(act=act(10), deal_id=deal.pk, values={"amount": Decimal("90000.50"), "owner": remy})
    close_deal(
        act=act(20), deal_id=deal.pk, outcome="lost", reasons=["no_decision"], no_competitor=True, note="No money."
    )

    def then(days: float) -> tuple[Any, ...]:
        row = DealSpan.objects.at(NOW + dt.timedelta(days=days)).get()
        return row.stage, row.stage_from_at, row.outcome, row.amount, row.currency, row.owner_id

    assert not DealSpan.objects.at(NOW - dt.timedelta(seconds=1)).exists()
    assert then(0) == then(9.99) == ("discovery", NOW, "open", Decimal("185000.00"), "USD", rae.pk)
    assert then(10) == ("discovery", NOW, "open", Decimal("90000.50"), "USD", remy.pk)
    lost = next(row.key for row in _stages("lost"))
    assert then(20) == (lost, act(20).now, "lost", Decimal("90000.50"), "USD", remy.pk)
    entered = DealSpan.objects.entered_between(NOW, act(30).now).order_by("from_at").values_list("stage", flat=True)
    assert list(entered) == ["discovery", lost]
    assert DealSpan.objects.ended_between(act(10).now, act(20).now).get().amount == Decimal("185000.00")


def _stages(kind: str) -> Iterable[Any]:
    from crm.queries import playbook

    return (stage for stage in playbook.current()[1].stages if stage.kind == kind)


def test_two_changes_at_one_moment_are_one_span(rae, deal):
    for amount in (1, 2, 3):
        update_deal(act=Act(by=rae, at=NOW + dt.timedelta(days=1)), deal_id=deal.pk, values={"amount": Decimal(amount)})
    assert list(DealSpan.objects.order_by("from_at").values_list("amount", flat=True)) == [deal.amount, Decimal(3)]


def test_a_clock_that_is_behind_splits_the_past_where_it_belongs(rae, deal):
    ahead, behind = NOW + dt.timedelta(seconds=50), NOW + dt.timedelta(seconds=20)
    update_deal(act=Act(by=rae, at=ahead), deal_id=deal.pk, values={"amount": Decimal(5)})
    update_deal(act=Act(by=rae, at=behind), deal_id=deal.pk, values={"forecast_category": "commit"})
    rows = DealSpan.objects.order_by("from_at").values_list("from_at", "amount", "forecast_category")
    assert list(rows) == [
        (NOW, deal.amount, "pipeline"),
        (behind, deal.amount, "commit"),
        (ahead, Decimal(5), "commit"),
    ]


def test_a_deal_in_the_bin_counts_on_no_day_and_restored_on_all(rae, deal):
    delete_deal(act=Act(by=rae), deal_id=deal.pk)
    assert not DealSpan.objects.at(NOW).exists()
    Deal.everything.update(deleted_at=None)
    assert DealSpan.objects.at(NOW).get().deal_id == deal.pk


def test_many_deals_cost_as_many_statements_as_one(rae):
    deals = [make_deal(rae, f"Deal {number}") for number in range(4)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        spans.follow([deals[0].pk], NOW + dt.timedelta(days=1))
    with CaptureQueriesContext(connection) as many:
        spans.follow([deal.pk for deal in deals[1:]], NOW + dt.timedelta(days=1))
    assert (len(one), len(many)) == (3, 3)


def test_the_command_makes_all_anew(rae, deal, capsys):
    right = stored([deal])
    DealSpan.objects.update(stage="won", outcome="won", from_at=NOW - dt.timedelta(days=9))
    call_command("rebuild_spans")
    assert stored([deal]) == right
    assert capsys.readouterr().out.splitlines()[-1] == "Done: 1 deals."


def test_from_when_on_the_past_is_whole(rae, deal):
    assert whole_from(DealSpan.objects.all()) is None
    later = NOW + dt.timedelta(days=3)
    DealInterval.objects.filter(deal=deal, field="stage").update(value="", to_at=later)
    DealInterval.objects.create(deal=deal, field="stage", value="demo", from_at=later)
    spans.rebuild([deal.pk])
    assert whole_from(DealSpan.objects.all()) == later
    DealInterval.objects.filter(deal=deal, field="forecast_category").delete()
    spans.rebuild([deal.pk])
    assert whole_from(DealSpan.objects.filter(owner=rae)) == FAR


def test_only_what_is_wrong_is_mended(rae, deal):
    other = make_deal(rae, "Other")
    right = stored([deal, other])
    DealSpan.objects.filter(deal=other).update(amount=Decimal(1))
    assert spans.mend([deal.pk, other.pk, 987_654]) == [other.pk]
    assert stored([deal, other]) == right
    assert spans.mend([deal.pk, other.pk]) == []


def test_an_owner_whose_record_is_gone_is_not_known(rae, deal):
    DealInterval.objects.filter(deal=deal, field="owner").update(value="987654321")
    spans.rebuild([deal.pk])
    span = DealSpan.objects.get()
    assert (span.owner, span.is_whole) == (None, False)


def test_a_deal_written_past_the_services_finds_its_way_back(rae, deal):
    DealSpan.objects.all().delete()
    deal.amount = Decimal(7)
    deal.save()
    move(deal, ["amount"], Act(by=rae, at=NOW + dt.timedelta(days=1)))
    assert DealSpan.objects.values_list("amount", "from_at").get() == (Decimal(7), NOW + dt.timedelta(days=1))


def test_what_was_there_before_spans_were_kept_gets_them(rae, remy, deal):
    update_deal(act=Act(by=rae, at=NOW + dt.timedelta(days=1)), deal_id=deal.pk, values={"forecast_category": "commit"})
    right = stored([deal])
    for _ in range(2):
        import_module("deals.migrations.0013_spans_of_the_past").write(apps, None)
        assert stored([deal]) == right
        DealSpan.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_rebuilds_waits_for_who_writes(rae, deal, beside):
    """A deal's row is locked by whoever writes its past, so spans need no lock of their own."""
    written, rebuilt = threading.Event(), threading.Event()

    def write() -> None:
        act = Act(by=rae, at=NOW + dt.timedelta(days=1))
        update_deal(act=act, deal_id=deal.pk, values={"forecast_category": "commit"})
        written.set()
        assert not rebuilt.wait(0.3), "rebuilt from half of a write"

    other = beside(write)
    assert written.wait(10)
    assert list(spans.rebuild_all()) == [1]
    rebuilt.set()
    other.join(10)
    assert [span.forecast_category for span in DealSpan.objects.order_by("from_at")] == ["pipeline", "commit"]
    assert stored([deal]) == from_intervals([deal])
