"""Deals as they were: `DealSpan.objects.at(moment)`, and from when on what it gives is whole."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from crm.models import PlaybookVersion
from deals.models import DealSpan, DealSpanQuerySet
from deals.rules.spans import FAR

__all__ = ["FAR", "DealSpan", "DealSpanQuerySet", "kinds_ever", "whole_from"]


def whole_from(spans: DealSpanQuerySet) -> dt.datetime | None:
    """The first moment from which on no span of a set is un-whole: the end of the last one that is. None where all are whole;
    FAR where one goes on. Give it spans of all times (narrowed by owner, say), not those of a day."""
    found: dt.datetime | None = spans.filter(is_whole=False).aggregate(last=Max("to_at"))["last"]
    return found


def kinds_ever() -> dict[str, str]:
    """Whether a stage is open, won or lost, by its key: as the playbook in force has it, else the last one that had it. A stage
    never turns from one kind into another, so this holds for all times. One query."""
    versions = PlaybookVersion.objects.order_by("number").values_list("data__stages", flat=True)
    return {stage["key"]: stage["kind"] for stages in versions for stage in stages or ()}
