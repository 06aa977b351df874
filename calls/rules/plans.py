"""What a demo and a proof of concept are made of, from the playbook's structure and what the customer asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from playbook.schema.calls import Demo, Poc


class Kind(StrEnum):
    DEMO = "demo"
    POC = "poc"


class Section(StrEnum):
    CHECK = "check"
    FLOW = "flow"
    SCOPE = "scope"
    CRITERION = "criterion"
    PHASE = "phase"
    FACTOR = "factor"
    FLAG = "flag"


HEADS = {
    Section.CHECK: "Is everything ready?",
    Section.FLOW: "What is shown, and when?",
    Section.SCOPE: "How much does it cover?",
    Section.CRITERION: "What counts as success?",
    Section.PHASE: "What happens when?",
    Section.FACTOR: "Is there what makes them succeed?",
    Section.FLAG: "What foretells that it fails?",
}
JUDGED = frozenset({Section.CRITERION, Section.FLAG})
"""Answered by yes or no; everything else is done or not yet."""
ASKED = {"must": "They can't do without", "criterion": "They count as success", "nice": "Good to have"}
"""Tags of what the customer asked for, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a customer asked for in a call: `note` is the id of the note."""

    tag: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Item:
    section: Section
    text: str
    group: str = ""
    due_date: dt.date | None = None
    note: str = ""


def demo_items(demo: Demo, asked: Iterable[Requirement], on: dt.date, variant: str = "") -> Iterator[Item]:
    """The checklist, due the day before; what they asked for; and the flow, whose parts say their minutes. Of a part that differs by
    use case `variant` is shown, or all of them where none is chosen."""
    for check in demo.checklist:
        yield Item(Section.CHECK, check.label, due_date=on - dt.timedelta(days=1))
    yield from _asked(asked)
    for part in demo.parts:
        group = f"{part.label}, {part.minutes} min"
        for point in part.points:
            yield Item(Section.FLOW, point, group)
        for one in part.variants:
            if variant in ("", one.key):
                for shown in one.shows:
                    yield Item(Section.FLOW, f"{one.label}: {shown}", group)


def poc_items(poc: Poc, asked: Iterable[Requirement], starts: dt.date) -> Iterator[Item]:
    """Scope, the customer's criteria before the playbook's, phases with the day each ends, success factors, red flags."""
    for scope in poc.scope:
        yield Item(Section.SCOPE, f"{scope.label}: {scope.low:,} to {scope.high:,}")
    yield from _asked(asked)
    for criterion in poc.criteria:
        yield Item(Section.CRITERION, criterion.text, "Usual ones")
    for phase in poc.phases:
        weeks = f"week{'s' if phase.last_week > phase.first_week else ''} {_span(phase.first_week, phase.last_week)}"
        for task in phase.tasks:
            yield Item(
                Section.PHASE, task, f"{phase.label}, {weeks}", starts + dt.timedelta(days=7 * phase.last_week - 1)
            )
    for factor in poc.success_factors:
        yield Item(Section.FACTOR, f"{factor.label}: {factor.text}")
    for flag in poc.red_flags:
        yield Item(Section.FLAG, flag.text)


def poc_ends(poc: Poc, starts: dt.date) -> dt.date:
    """The end of its last phase."""
    return starts + dt.timedelta(days=7 * max(phase.last_week for phase in poc.phases) - 1)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _asked(asked: Iterable[Requirement]) -> Iterator[Item]:
    """Each once, whichever call it was said in."""
    found = list(asked)
    seen: set[str] = set()
    for tag, group in ASKED.items():
        for one in found:
            if one.tag == tag and one.text.casefold() not in seen:
                seen.add(one.text.casefold())
                yield Item(Section.CRITERION, one.text, group, note=one.note)
