"""A playbook published while an import is read, written or taken back: no deal stands in a stage that is gone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from crm.importing.plan import make_plan
from crm.models import ImportRun
from crm.queries.playbook_moves import places_now
from crm.services import import_work
from crm.services.audit import Act
from crm.services.playbook import publish
from deals.importing.writer import DealWriter
from deals.models import Deal, DealInterval
from playbook import loader
from tests.conftest import shipped_files
from tests.crm.publishing import without_demo
from tests.imports.conftest import counts, edit


@pytest.fixture
def demos(shop):
    """The shop's deals that are talked about stand in a stage that may go."""
    edit(shop / "mapping.yaml", "Talking: discovery", "Talking: demo")
    return shop


def drop_demo(otto: Any) -> None:
    files = dict(shipped_files())
    dropping = loader.loads(files | {"stages.yaml": without_demo(files)})
    publish(act=Act(by=otto), playbook=dropping, moves={"stages": {"demo": "poc"}})


def stages_of(source_id: str) -> list[tuple[str, bool]]:
    """Which stages a deal was in, and whether it still is."""
    rows = DealInterval.objects.filter(deal__source_id=source_id, field="stage").order_by("from_at", "pk")
    return [(row.value, row.to_at is None) for row in rows]


def test_what_was_read_before_a_publication_is_written_where_its_deals_went(demos, bring, otto, monkeypatch):
    def and_publish(*args: Any) -> object:
        made = make_plan(*args)
        drop_demo(otto)
        return made

    monkeypatch.setattr(import_work, "make_plan", and_publish)
    run = bring(demos)
    assert counts(run) == {"created": 5}
    assert Deal.objects.get(source_id="D3").stage == "poc"
    assert stages_of("D3")[-1] == ("poc", True)
    assert not DealInterval.objects.filter(value="demo").exists()
    here = {row["key"]: (row["files"], row["here"]) for row in run.figures["rows"]}
    assert here["deals_poc"] == ("1", "1")


def test_an_undo_gives_no_stage_back_that_is_gone_by_now(demos, bring, undo, otto):
    bring(demos)
    edit(demos / "deals.csv", "Small Box,Talking,5/16/2024,,", "Small Box,Won,5/16/2024,6/3/2024,9")
    bring(demos)
    assert Deal.objects.get(source_id="D3").stage == "won"
    drop_demo(otto)
    undo(ImportRun.objects.latest("pk"))
    assert Deal.objects.get(source_id="D3").stage == "poc"
    assert stages_of("D3")[-2:] == [("demo", False), ("poc", True)]


def test_a_stage_dropped_twice_leads_where_it_led_last(playbook, otto):
    files = dict(shipped_files())
    drop_demo(otto)
    publish(act=Act(by=otto), playbook=loader.loads(files))
    again = loader.loads(files | {"stages.yaml": without_demo(files)})
    publish(act=Act(by=otto), playbook=again, moves={"stages": {"demo": "discovery"}})
    assert places_now("stages") == {"demo": "discovery"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_publication_waits_for_the_batch_that_is_written(demos, bring, otto, beside, monkeypatch):
    looked, go_on = threading.Event(), threading.Event()
    create = DealWriter.create

    def slow(*args: Any) -> object:
        looked.set()
        assert not go_on.wait(0.3), "published although a batch had begun"
        return create(*args)

    monkeypatch.setattr(DealWriter, "create", slow)
    beside(lambda: bring(demos))
    assert looked.wait(10)
    drop_demo(otto)
    go_on.set()
    assert Deal.objects.get(source_id="D3").stage == "poc"
    assert not Deal.objects.filter(stage="demo").exists()
