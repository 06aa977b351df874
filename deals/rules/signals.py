"""What the product itself knows about a deal, beside its facts: exit criteria and red flags may look at both.

The closed list of signals is in `playbook.signals`; here they get their values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from deals.rules.bant import assess
from deals.rules.facts import usable
from deals.rules.meddpicc import Health, health
from deals.rules.snapshot import DealSnapshot
from deals.rules.stages import time_in_stage
from playbook.schema import Playbook
from playbook.schema.market import Stage
from playbook.signals import element_values


def known(
    playbook: Playbook, snapshot: DealSnapshot, today: dt.date, *, extra: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Facts and signals in one mapping, ready for any condition of the playbook. `extra` overrides or adds signals."""
    return {**usable(playbook, snapshot.facts), **signals(playbook, snapshot, today), **(extra or {})}


def signals(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> dict[str, object]:
    """The value of every signal; None where nothing is known. Strengths are those after ageing."""
    state = health(playbook, snapshot, today)
    return {
        **_deal(playbook, snapshot, today),
        **_score(playbook, snapshot, today),
        **_meddpicc(playbook, snapshot, state),
    }


def _deal(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> dict[str, object]:
    stage = next((stage for stage in playbook.stages if stage.key == snapshot.stage), None)
    return {
        "deal.stage_percent": stage.probability_percent if stage else None,
        "deal.days_over_usual": _over_usual(playbook, stage, snapshot, today),
        "deal.close_date_moves": snapshot.close_date_moves,
        "deal.amount": snapshot.amount,
        "deal.close_date": snapshot.close_date,
        "deal.next_step_date": snapshot.next_step_date,
        "deal.created_date": snapshot.created_date,
        "deal.days_in_stage": max((today - snapshot.stage_entered_date).days, 0),
        "deal.deal_type": snapshot.deal_type,
        "deal.forecast_category": snapshot.forecast_category,
        "deal.segment": snapshot.segment,
        "contacts.count": len(snapshot.contacts),
        "competitors.count": len(snapshot.competitors),
    }


def _over_usual(playbook: Playbook, stage: Stage | None, snapshot: DealSnapshot, today: dt.date) -> int | None:
    """None in a stage without a usual time, and in one this playbook does not know."""
    if stage is None or stage.expected_days is None:
        return None
    return time_in_stage(playbook, stage.key, snapshot.stage_entered_date, today).over_by


def _score(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> dict[str, object]:
    """Whether the score is complete follows from the facts; total and class are as the scoring worker last stored
    them."""
    scores = assess(playbook, snapshot.facts, snapshot.overrides, snapshot.segment, today).scores
    return {
        "score.total": snapshot.score.total if snapshot.score else None,
        "score.class": snapshot.score.lead_class or None if snapshot.score else None,
        "score.complete": None not in scores.values(),
    }


def _meddpicc(playbook: Playbook, snapshot: DealSnapshot, state: Health) -> dict[str, object]:
    values: dict[str, object] = {
        "meddpicc.health": state.stored_percent,
        "meddpicc.confirmed": state.count("confirmed"),
        "meddpicc.unknown": state.count("unknown"),
    }
    for element in playbook.meddpicc.elements:
        recorded = snapshot.element(element.key)
        values |= element_values(
            element,
            strength=state.light(element.key).strength,
            fields=recorded.fields,
            has_contact=recorded.contact_id is not None,
        )
    return values
