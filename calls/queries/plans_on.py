"""Demos and proofs of concept on a deal, and what its customer asked for in calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from calls.models import DealPlan, Entry, PlanItem
from calls.rules.plans import ASKED, HEADS, JUDGED, Requirement, Section
from calls.rules.tags import parse
from deals.models import Deal

SLASHED = "/"
MOST_NOTES = 2_000


def requirements(deal: Deal) -> list[Requirement]:
    """What was noted as a must, nice to have or criterion in the deal's calls, in the order it was said. One query."""
    rows = Entry.objects.filter(call__deal=deal, deleted=False, text__contains=SLASHED).order_by("at", "pk")
    found = []
    for pk, text in rows.values_list("pk", "text")[:MOST_NOTES]:
        tagged = parse(text)
        tag = next((key for key in ASKED if tagged.has(key)), "")
        if tag and tagged.words:
            found.append(Requirement(tag, " ".join(tagged.words.split()), str(pk)))
    return found


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a plan. `judged`: its lines are answered yes or no."""

    key: str
    head: str
    judged: bool
    groups: tuple[Group, ...]
    settled: int
    count: int


def parts_of(plan: DealPlan) -> tuple[Part, ...]:
    """Its sections in their order, those with lines. One query."""
    items = list(plan.items.select_related("done_by", "entry__call"))
    return tuple(_part(section, [one for one in items if one.section == section]) for section in _there(items))


def _there(items: list[PlanItem]) -> Iterator[Section]:
    here = {one.section for one in items}
    return (section for section in Section if section in here)


def _part(section: Section, items: list[PlanItem]) -> Part:
    judged = section in JUDGED
    settled = sum((one.met is not None) if judged else (one.done_at is not None) for one in items)
    items = sorted(items, key=lambda one: one.position)
    groups = tuple(Group(label, tuple(rows)) for label, rows in groupby(items, key=lambda one: one.group))
    return Part(section.value, HEADS[section], judged, groups, settled, len(items))


def plans_of(deal: Deal) -> list[DealPlan]:
    return list(DealPlan.objects.filter(deal=deal).select_related("owner").order_by("-starts_date", "-pk")[:10])
