"""A report, worked out now or shown again: one that took long stands for some minutes and says since when."""

from __future__ import annotations

import hashlib
import time

from deals.queries.standing import Standing, standing
from reports.kinds import ReportKind
from reports.queries.asked import Asked
from reports.rules.report import Report

LONG = 1.0
"""Seconds. What takes less is worked out each time."""


def built(kind: ReportKind, asked: Asked, *, anew: bool = False) -> Standing[Report]:
    """What somebody asks, for page, file and API alike: they show the same figures while a large one stands."""
    question = f"{kind.key}?{asked.query()}&{asked.as_of}&{asked.number}"
    name = f"report:{hashlib.sha256(question.encode()).hexdigest()}"
    began = time.monotonic()
    return standing(
        name, asked.user, asked.now, lambda: kind.build(asked), lambda _: time.monotonic() - began >= LONG, anew=anew
    )
