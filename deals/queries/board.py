"""The filtered set as columns, one a stage, each with its first cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deals.models import Deal
from deals.models.querysets import DealQuerySet
from deals.queries.lists import DealFilter
from deals.queries.rows import rows
from playbook.schema import Playbook
from playbook.schema.market import Stage

CARDS = 12
"""Cards a column shows; the rest is a link to the table of that stage. Counts and sums come from `totals`, over all
of them."""


@dataclass(frozen=True, slots=True)
class Column:
    stage: Stage
    deals: tuple[dict[str, Any], ...]
    has_more: bool


def columns(deals: DealQuerySet, playbook: Playbook, wanted: DealFilter) -> tuple[Column, ...]:
    """A column for each stage the filter can hold, next to close first: the ids of each column by a small indexed query,
    then all cards by one, however many deals there are."""
    ids = {stage.key: _first(deals, stage) for stage in shown_stages(playbook, wanted)}
    shown = [pk for found in ids.values() for pk in found[:CARDS]]
    # The set decided which; here its cards are fetched as they are, without asking again.
    cards = {row["pk"]: row for row in rows(Deal.objects.filter(pk__in=shown))}
    return tuple(
        Column(stage, tuple(cards[pk] for pk in ids[stage.key][:CARDS] if pk in cards), len(ids[stage.key]) > CARDS)
        for stage in shown_stages(playbook, wanted)
    )


def shown_stages(playbook: Playbook, wanted: DealFilter) -> list[Stage]:
    return [stage for stage in playbook.stages if _holds(stage, wanted)]


def _holds(stage: Stage, wanted: DealFilter) -> bool:
    if wanted.stage:
        return stage.key == wanted.stage
    return {"all": True, "closed": stage.kind != "open"}.get(wanted.state, stage.kind == wanted.state)


def _first(deals: DealQuerySet, stage: Stage) -> list[int]:
    # Open columns run forward to what closes next, closed ones back from what closed last.
    order = ("close_sort", "id") if stage.kind == "open" else ("-close_sort", "-id")
    return list(deals.filter(stage=stage.key).order_by(*order).values_list("pk", flat=True)[: CARDS + 1])
