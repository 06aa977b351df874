"""One deal's score: what is stored, when history grows, and why it moved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from crm.services.audit import Act
from deals.models import BantAssessment, Deal, DealScore
from scoring.models import LeadScore
from scoring.services.lead_scores import score_deal
from tests.scoring.conftest import HOT, NOW, TODAY

ACT = Act(by=None, at=NOW)


def added(deal: Deal, act: Act = ACT, today: dt.date = TODAY) -> Any:
    """Scores the deal; the history's new row, None when there is none."""
    return score_deal(act=act, deal_id=deal.pk, today=today).added


def test_a_first_score_has_no_previous(deal):
    made = deal(HOT, {"vm_count": 600})
    found = added(made)
    assert (found.total, found.lead_class, found.cause, found.previous_total) == (Decimal(5), "A", "first", None)


def test_unscored_criteria_leave_a_range(deal):
    made = deal({**HOT, "sponsor_level": None}, {"vm_count": 600})
    added(made)
    row = DealScore.objects.get(pk=made.pk)
    assert (row.low, row.high, row.total, row.lead_class, row.possible_classes) == (
        Decimal("4.6"),
        Decimal(5),
        None,
        "A",
        "A",
    )


def test_nothing_changed_adds_no_history_but_is_looked_at(deal):
    made = deal(HOT)
    added(made)
    later = NOW + dt.timedelta(hours=1)
    assert added(made, Act(by=None, at=later)) is None
    assert LeadScore.objects.count() == 1
    assert DealScore.objects.get(pk=made.pk).computed_at == later


def test_facts_that_move_nothing_add_no_history(deal):
    made = deal(HOT)
    added(made)
    BantAssessment.objects.filter(pk=made.pk).update(facts={**HOT, "budget_amount": "3000000.00"})
    assert added(made) is None


def test_a_move_is_split_into_its_causes_exactly(deal, publish):
    made = deal(HOT, {"vm_count": 600})
    added(made)
    publish({"budget": 10, "authority": 35})
    facts = {**HOT, "authority_access": "access", "decision_date": "2026-12-01"}
    BantAssessment.objects.filter(pk=made.pk).update(facts=facts, overrides={"need": 4})
    found = added(made, today=dt.date(2026, 10, 2))
    assert found.previous_total == 5
    assert sum(Decimal(low) for low, _ in found.causes.values()) == found.low - 5
    assert sum(Decimal(high) for _, high in found.causes.values()) == found.high - 5
    assert set(found.causes) == {"facts", "dates", "playbook", "override"}
    assert found.cause == "facts"


def test_the_calendar_alone_can_move_a_score(deal):
    made = deal(HOT)
    added(made)
    found = added(made, today=dt.date(2026, 10, 2))
    assert (found.cause, found.causes) == ("dates", {"dates": ["-0.6", "-0.6"]})


def test_a_clock_that_runs_back_never_turns_an_interval_round(deal):
    made = deal(HOT)
    added(made)
    BantAssessment.objects.filter(pk=made.pk).update(facts={})
    early = Act(by=None, at=NOW - dt.timedelta(days=1))
    assert added(made, early).computed_at == NOW


def test_who_caused_it_is_kept(deal, seller):
    made = deal(HOT)
    assert added(made, Act(by=seller, at=NOW)).caused_by == seller


def test_a_stored_score_never_changes(deal):
    made = deal(HOT)
    found = added(made)
    with pytest.raises(TypeError):
        found.save()
