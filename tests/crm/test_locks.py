"""What two transactions at the same moment do to each other. On SQLite writers are serial, so only PostgreSQL is asked."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from crm.models import Job
from crm.services import jobs
from crm.services.audit import Act
from crm.services.playbook import publish
from deals.models import Deal
from deals.services import stages
from playbook import loader
from tests.conftest import shipped_files
from tests.crm.publishing import without_demo
from tests.factories import make_deal

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
SOON = 10.0


def test_two_that_ask_for_the_same_jobs_in_opposite_orders_both_get_them(beside):
    met = threading.Barrier(2, timeout=SOON)

    def ask(first: str, second: str) -> None:
        for key in (first, second):
            jobs.enqueue("scoring.tasks.score_deal", key=key)
            met.wait()

    other = beside(lambda: ask("score:2", "score:1"))
    with transaction.atomic():
        ask("score:1", "score:2")
    other.join(SOON)
    asked = sorted(key.split()[0] for key in Job.objects.values_list("key", flat=True))
    assert asked == ["score:1", "score:1", "score:2", "score:2"]


def test_a_deal_never_enters_a_stage_that_is_dropped_at_that_moment(rae, otto, beside, monkeypatch):
    deal = make_deal(rae, stage="discovery")
    files = dict(shipped_files())
    dropping = loader.loads(files | {"stages.yaml": without_demo(files)})
    looked, go_on = threading.Event(), threading.Event()
    unmet = stages.unmet_criteria

    def slow(*args: Any) -> object:
        """Between reading which stages there are and writing one of them."""
        looked.set()
        assert not go_on.wait(0.3), "published although a change of stage had begun"
        return unmet(*args)

    monkeypatch.setattr(stages, "unmet_criteria", slow)
    beside(lambda: stages.change_stage(act=Act(by=rae), deal_id=deal.pk, stage="demo", why="They asked for it."))
    assert looked.wait(SOON)
    publish(act=Act(by=otto), playbook=dropping, moves={"stages": {"demo": "poc"}})
    go_on.set()
    deal.refresh_from_db()
    assert deal.stage == "poc"
    assert not Deal.objects.filter(stage="demo").exists()
