"""The filtered set as columns, one a stage, each with its first cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deals.models.querysets import DealQuerySet
from deals.queries.lists import DealFilter
from deals.queries.rows import rows
from playbook.schema import Playbook
from playbook.schema.market import Stage

CARDS = 20
"""Cards a column shows; the rest is a link to the table of that stage. Counts and sums come from `totals`, over all
of them."""


@dataclass(frozen=True, slots=True)
class Column:
    stage: Stage
    deals: tuple[dict[str, Any], ...]
    has_more: bool


def columns(deals: DealQuerySet, playbook: Playbook, wanted: DealFilter) -> tuple[Column, ...]:
    """A column for each stage the filter can hold, next to close first. One small indexed query a stage, however many
    deals there are."""
    return tuple(_column(deals, stage) for stage in shown_stages(playbook, wanted))


def shown_stages(playbook: Playbook, wanted: DealFilter) -> list[Stage]:
    return [stage for stage in playbook.stages if _holds(stage, wanted)]


def _holds(stage: Stage, wanted: DealFilter) -> bool:
    if wanted.stage:
        return stage.key == wanted.stage
    return {"all": True, "closed": stage.kind != "open"}.get(wanted.state, stage.kind == wanted.state)


def _column(deals: DealQuerySet, stage: Stage) -> Column:
    # Open columns run forward to what closes next, closed ones back from what closed last.
    order = ("close_sort", "id") if stage.kind == "open" else ("-close_sort", "-id")
    cards = list(rows(deals.filter(stage=stage.key)).order_by(*order)[: CARDS + 1])
    return Column(stage, tuple(cards[:CARDS]), len(cards) > CARDS)
