"""What a new playbook would change about one deal: both sides, judged on the same facts and day, and what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from playbook.schema import Playbook

Met = Literal["met", "unmet", "unknown", "absent"]
WARNS = frozenset({"unmet", "unknown"})
"""Leaving a stage warns of what is not met, and of what nobody can tell yet."""

KINDS: dict[str, str] = {
    "class": "Another class",
    "total": "Another total",
    "disqualified": "Newly disqualified",
    "cleared": "No longer disqualified",
    "failing": "Exit criteria newly open",
    "passing": "Exit criteria no longer open",
    "stage": "Its stage is dropped",
    "approvals": "Quotes with other approvals",
}
"""The kinds of change, by the name of their flag, as a page says them."""


@dataclass(frozen=True)
class Plan:
    """A rehearsal: the playbook in force, the one that might be, where deals of its dropped stages go, and the day."""

    before: Playbook
    after: Playbook
    stages: Mapping[str, str]
    day: dt.date

    def stage_after(self, stage: str) -> str:
        """Where a deal in this stage stands afterwards; "" where nobody has said yet. A stage that the version in force does
        not have either is left alone, as publishing leaves it."""
        if stage in self._kept or stage not in self._dropped:
            return stage
        place = self.stages.get(stage, "")
        return place if place in self._kept else ""

    @cached_property
    def _kept(self) -> frozenset[str]:
        return frozenset(stage.key for stage in self.after.stages)

    @cached_property
    def _dropped(self) -> frozenset[str]:
        return frozenset(stage.key for stage in self.before.stages) - self._kept


@dataclass(frozen=True, slots=True)
class Subject:
    """A deal as the list names it. `amount` is a year's recurring revenue in `currency`."""

    id: int
    name: str
    account_name: str
    owner_name: str
    amount: Decimal | None
    currency: str
    stage: str


@dataclass(frozen=True, slots=True)
class JudgedScore:
    """A lead score: `total` is None while a criterion is not scored; `classes` are the classes still possible, the one of
    `low` first; `disqualified` the criteria that disqualify, by key."""

    low: Decimal
    high: Decimal
    total: Decimal | None
    classes: str
    disqualified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """An exit criterion of the deal's stage; `met` is None while a fact it needs is not known."""

    key: str
    text: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """An open quote of the deal: who has to agree to it, by name and in the order asked; `refused` says why it can't be had."""

    id: int
    name: str
    approvals: tuple[str, ...] = ()
    refused: str = ""


@dataclass(slots=True)
class Side:
    """What one playbook makes of a deal. Those who know fill it in: scores first, then what looks at scores."""

    stage: str
    score: JudgedScore | None = None
    exit_criteria: tuple[JudgedCriterion, ...] = ()
    quotes: tuple[JudgedQuote, ...] = ()


@dataclass(slots=True)
class Rehearsed:
    subject: Subject
    before: Side
    after: Side

    @classmethod
    def of(cls, plan: Plan, subject: Subject) -> Rehearsed:
        return cls(subject, Side(subject.stage), Side(plan.stage_after(subject.stage)))


@dataclass(frozen=True, slots=True)
class Change:
    """What differs. `kinds` are keys of KINDS; `moved` is how far the middle of the range of totals moves."""

    kinds: frozenset[str]
    moved: Decimal = Decimal(0)
    disqualified: Mapping[str, list[str]] = field(default_factory=dict)
    exit_criteria: tuple[Mapping[str, Any], ...] = ()
    quotes: tuple[Mapping[str, Any], ...] = ()


def change_of(found: Rehearsed) -> Change | None:
    """What publishing would change about this deal; None where nothing is."""
    kinds: set[str] = set()
    moved, disqualified = Decimal(0), {}
    before, after = found.before.score, found.after.score
    if before is not None and after is not None:
        if before.classes != after.classes:
            kinds.add("class")
        if (before.low, before.high) != (after.low, after.high):
            kinds.add("total")
            moved = (after.low + after.high - before.low - before.high) / 2
        if before.disqualified != after.disqualified:
            disqualified = {"before": list(before.disqualified), "after": list(after.disqualified)}
            kinds |= {"disqualified"} if set(after.disqualified) - set(before.disqualified) else set()
            kinds |= {"cleared"} if set(before.disqualified) - set(after.disqualified) else set()
    if found.before.stage != found.after.stage:
        kinds.add("stage")
    criteria: tuple[Mapping[str, Any], ...] = ()
    if found.after.stage:
        criteria = tuple(_criteria(found.before.exit_criteria, found.after.exit_criteria))
        kinds |= {"failing" if one["after"] in WARNS else "passing" for one in criteria}
    quotes = tuple(_quotes(found.before.quotes, found.after.quotes))
    kinds |= {"approvals"} if quotes else set()
    return Change(frozenset(kinds), moved, disqualified, criteria, quotes) if kinds else None


def _quotes(before: Iterable[JudgedQuote], after: Iterable[JudgedQuote]) -> Iterable[Mapping[str, Any]]:
    """Quotes somebody else would have to agree to, or that could be had no longer, or now."""
    olds = {one.id: one for one in before}
    for new in after:
        old = olds[new.id]
        if (old.approvals, bool(old.refused)) != (new.approvals, bool(new.refused)):
            sides = {"before": list(old.approvals), "after": list(new.approvals)}
            yield {"id": new.id, "name": new.name, **sides, "was_refused": old.refused, "refused": new.refused}


def _criteria(before: Iterable[JudgedCriterion], after: Iterable[JudgedCriterion]) -> Iterable[Mapping[str, Any]]:
    """Exit criteria that would newly warn, or no longer would. One that comes or goes while it is met changes nothing."""
    olds, news = {one.key: one for one in before}, {one.key: one for one in after}
    for key in dict.fromkeys([*olds, *news]):
        was, is_now = _state(olds.get(key)), _state(news.get(key))
        if (was in WARNS) != (is_now in WARNS):
            yield {"key": key, "text": (news.get(key) or olds[key]).text, "before": was, "after": is_now}


def _state(criterion: JudgedCriterion | None) -> Met:
    if criterion is None:
        return "absent"
    if criterion.met is None:
        return "unknown"
    return "met" if criterion.met else "unmet"


def classes_in_words(classes: str) -> str:
    """ "B", "B or A", "C to A": the classes still possible."""
    if len(classes) > 2:
        return f"{classes[0]} to {classes[-1]}"
    return " or ".join(classes)


def quote_in_words(changed: Mapping[str, Any]) -> str:
    """ "VP, then SVP → nobody"; who has to agree to a quote before and after, or that it can't be had."""
    before, after = (
        "can't be had" if refused else ", then ".join(levels) or "nobody"
        for refused, levels in (
            (changed["was_refused"], changed["before"]),
            (changed["refused"], changed["after"]),
        )
    )
    return f"{before} → {after}"
