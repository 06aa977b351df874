"""MEDDPICC lights and health of many deals, after a playbook judged them otherwise or evidence aged."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np

from deals.models import DealScore, MeddpiccElement
from deals.rules.meddpicc import health_of
from deals.rules.snapshot import ElementSnapshot
from deals.services.scores import write_lights
from scoring.services.bulk_shapes import Staged
from scoring.services.bulk_work import Run


def refresh(run: Run, staged: Staged) -> None:
    """Brings the lights of those staged deals up to date whose last judgement may no longer hold."""
    due = [number for number in np.unique(staged.lights_numbers).tolist() if run.needs_lights(number)]
    ids = staged.deal_ids[np.isin(staged.lights_numbers, due)].tolist()
    for start in range(0, len(ids), 5_000):
        _refresh(run, ids[start : start + 5_000])


def _refresh(run: Run, ids: list[int]) -> None:
    elements: dict[int, dict[str, ElementSnapshot]] = defaultdict(dict)
    rows = MeddpiccElement.objects.filter(deal_id__in=ids).values_list(
        "deal_id", "element", "strength", "confirmed_date"
    )
    for deal_id, element, strength, confirmed_date in rows:
        elements[deal_id][element] = ElementSnapshot(strength=strength, confirmed_date=confirmed_date)  # type: ignore[arg-type]
    stored = DealScore.objects.filter(pk__in=ids).values_list("pk", "lights", "health_percent")
    judged: dict[int, tuple[str, Decimal]] = {}
    nothing = health_of(run.playbook.meddpicc, {}, run.today)
    for deal_id, lights, percent in stored:
        health = health_of(run.playbook.meddpicc, elements[deal_id], run.today) if deal_id in elements else nothing
        found = (health.lights_string, health.stored_percent)
        if found != (lights, percent):
            judged[deal_id] = found
    write_lights(judged)
