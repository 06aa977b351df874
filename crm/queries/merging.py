"""Two records side by side, what would move, and what was merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from crm.models import Account, Contact, DuplicatePair, MergeRecord, Person
from crm.queries.bin import team_ids
from crm.rules.access import Reach, edit_reach
from crm.rules.formatting import money_exact

MODELS: dict[str, Any] = {"account": Account, "contact": Contact}
LABELS = {
    "name": "Name",
    "domain": "Domain",
    "segment": "Segment",
    "vertical": "Vertical",
    "sub_segment": "Sub-segment",
    "region": "Region",
    "country": "Country",
    "employees": "Employees",
    "annual_revenue": "Annual revenue",
    "founded_year": "Founded",
    "current_vendor": "Current vendor",
    "parent": "Belongs to",
    "owner": "Owner",
    "first_name": "First name",
    "last_name": "Last name",
    "title": "Title",
    "email": "E-mail",
    "phone": "Phone",
    "persona": "Persona",
    "reports_to": "Reports to",
}
FIELDS: dict[str, tuple[str, ...]] = {
    "account": tuple(LABELS)[:13],
    "contact": tuple(LABELS)[13:],
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in which two records differ, as people read both values. `from_loser`: taken from it unless one says otherwise,
    because the survivor has none."""

    name: str
    label: str
    survivor: str
    loser: str
    from_loser: bool


def value_of(row: Any, name: str) -> Any:
    return row.facts.get(name.removeprefix("facts.")) if name.startswith("facts.") else getattr(row, name)


def compared(kind: str, survivor: Any, loser: Any, facts: Sequence[tuple[str, str]]) -> list[Compared]:
    """The fields in which they differ; `facts` are key and label of the account facts the playbook has."""
    names = [(name, LABELS[name]) for name in FIELDS[kind]]
    if kind == "account":
        names += [(f"facts.{key}", label) for key, label in facts]
    found = []
    for name, label in names:
        mine, theirs = value_of(survivor, name), value_of(loser, name)
        if mine != theirs and theirs not in (None, "", []):
            found.append(Compared(name, label, _words(mine), _words(theirs), mine in (None, "", [])))
    return found


def _words(value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return money_exact(value) if type(value).__name__ == "Decimal" else str(value)


def merges_of(user: Person) -> QuerySet[MergeRecord]:
    """Merges somebody sees, and may undo: their own, their team's, or all for operations."""
    rows = MergeRecord.objects.select_related("made_by", "undone_by")
    match edit_reach(user.roles):
        case Reach.ALL:
            return rows
        case Reach.TEAM:
            return rows.filter(made_by__in=team_ids(user))
        case Reach.OWN:
            return rows.filter(made_by=user)
        case _:
            return rows.none()


def open_pairs(kind: str) -> QuerySet[DuplicatePair]:
    """Pairs of which both are there and nobody has said that they differ."""
    there = MODELS[kind].objects.values("pk")
    return DuplicatePair.objects.filter(Q(low_id__in=there), Q(high_id__in=there), kind=kind, not_same_at=None)


@dataclass(frozen=True, slots=True)
class Pair:
    pair: DuplicatePair
    low: Any
    high: Any
    reason: str


REASONS = {"domain": "same domain", "name": "same name", "similar": "similar name", "email": "same e-mail"}


def with_records(pairs: Sequence[DuplicatePair], kind: str) -> list[Pair]:
    """Pairs with their records. One query."""
    related = ("owner",) if kind == "account" else ("account",)
    ids = {pk for pair in pairs for pk in (pair.low_id, pair.high_id)}
    rows = MODELS[kind].objects.select_related(*related).in_bulk(list(ids))
    return [
        Pair(pair, rows[pair.low_id], rows[pair.high_id], REASONS.get(pair.reason, pair.reason))
        for pair in pairs
        if pair.low_id in rows and pair.high_id in rows
    ]


def survivor_of(kind: str, pk: int) -> int | None:
    """The record that one was merged into, and that one perhaps again; None for one that is still its own, or nothing."""
    found: int | None = None
    rows = MODELS[kind].everything.filter(merged_into__isnull=False)
    while (higher := rows.filter(pk=found or pk).values_list("merged_into_id", flat=True).first()) is not None:
        found = higher
    return found


def seen_survivor(user: Person, kind: str, pk: int) -> Any | None:
    """The record that one was merged into, for somebody who sees it."""
    survivor = survivor_of(kind, pk)
    return None if survivor is None else MODELS[kind].objects.visible_to(user).filter(pk=survivor).first()
