"""Deals go on where a new playbook says, with their history and audit, in bulk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import AuditEntry, Person
from crm.services.audit import Act
from deals.models import DealInterval, OutcomeReason
from deals.services import moves
from tests.factories import NOW, make_deal


@pytest.fixture
def act(otto: Person) -> Act:
    return Act(by=otto, at=NOW.replace(day=20), why="Playbook 2.")


def stages(deal) -> list[tuple[str, bool]]:
    rows = DealInterval.objects.filter(deal=deal, field="stage").order_by("from_at")
    return [(row.value, row.to_at is None) for row in rows]


def test_deals_are_counted_by_stage_closed_ones_included(rae: Person):
    make_deal(rae, stage="demo")
    make_deal(rae, "Closed", stage="won", outcome="won", closed_at=NOW)
    assert moves.deals_in(["demo", "won", "poc"]) == {"demo": 1, "won": 1}


def test_a_move_ends_one_interval_and_begins_the_next(rae: Person, otto: Person, act: Act):
    deal = make_deal(rae, stage="demo")
    assert moves.move_stages(act, {"demo": "poc"}) == 1
    deal.refresh_from_db()
    assert (deal.stage, deal.stage_entered_at, deal.version) == ("poc", act.now, 2)
    assert stages(deal) == [("demo", False), ("poc", True)]
    now = DealInterval.objects.get(deal=deal, field="stage", to_at=None)
    assert (now.from_at, now.changed_by, now.why, now.route, now.unmet) == (act.now, otto, "Playbook 2.", "page", [])


def test_a_move_is_audited_per_deal(rae: Person, otto: Person, act: Act):
    deal = make_deal(rae, stage="demo")
    moves.move_stages(act, {"demo": "poc"})
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.object_id, entry.deal_id, entry.verb) == ("deal", deal.pk, deal.pk, "moved")
    assert (entry.changes, entry.made_by, entry.made_at) == ({"stage": ["demo", "poc"]}, otto, act.now)


def test_other_deals_and_other_fields_stay(rae: Person, act: Act):
    moved, other = make_deal(rae, stage="demo"), make_deal(rae, "Other", stage="poc")
    moves.move_stages(act, {"demo": "poc"})
    other.refresh_from_db()
    assert (other.version, stages(other)) == (1, [("poc", True)])
    assert DealInterval.objects.filter(deal=moved, to_at=None).count() == 5


def test_moving_again_moves_nothing(rae: Person, act: Act):
    deal = make_deal(rae, stage="demo")
    moves.move_stages(act, {"demo": "poc"})
    assert moves.move_stages(act, {"demo": "poc"}) == 0
    assert len(stages(deal)) == 2


def test_many_deals_cost_as_many_statements_as_one(rae: Person, act: Act):
    counts = []
    for many in (1, 20):
        for number in range(many):
            make_deal(rae, f"Deal {many} {number}", stage="demo")
        with CaptureQueriesContext(connection) as asked:
            moves.move_stages(act, {"demo": "poc"})
        counts.append(len(asked))
    assert counts == [9, 9]  # four of them for the deals' spans


def test_by_the_command_line_nobody_is_named(rae: Person):
    deal = make_deal(rae, stage="demo")
    moves.move_stages(Act(by=None, route="command", at=NOW.replace(day=20)), {"demo": "poc"})
    now = DealInterval.objects.get(deal=deal, field="stage", to_at=None)
    assert (now.changed_by, now.route) == (None, "command")


def test_reasons_go_on_once_each(rae: Person, act: Act):
    one = make_deal(rae, "One", stage="won", outcome="won", closed_at=NOW)
    both = make_deal(rae, "Both", stage="won", outcome="won", closed_at=NOW)
    for deal, reason in ((one, "quantum"), (both, "quantum"), (both, "performance"), (both, "relationship")):
        OutcomeReason.objects.create(deal=deal, reason=reason)
    assert moves.deals_closed_for(["quantum"]) == {"quantum": 2}
    assert moves.move_reasons(act, {"quantum": "performance"}) == 2
    rows = sorted(OutcomeReason.objects.values_list("deal__name", "reason"))
    assert rows == [("Both", "performance"), ("Both", "relationship"), ("One", "performance")]
    one.refresh_from_db()
    assert one.version == 2
    assert [entry.changes for entry in AuditEntry.objects.all()] == [{"reasons": ["quantum", "performance"]}] * 2
