"""Two records side by side, what would move, and what was merged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from crm.models import Account, Contact, DuplicatePair, MergeRecord, Person
from crm.queries.bin import team_ids
from crm.queries.record_columns import words_of
from crm.rules.access import Reach, edit_reach
from crm.rules.fact_words import Name, names_of, show_value
from crm.rules.formatting import count, money_exact
from playbook.schema import Playbook

FACT = "facts."
"""Begins the name of a field that is a fact of the playbook."""
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
    return row.facts.get(name.removeprefix(FACT)) if name.startswith(FACT) else getattr(row, name)


def compared(kind: str, survivor: Any, loser: Any, playbook: Playbook) -> list[Compared]:
    """The fields in which they differ, the playbook's account facts included; keys of the playbook by their labels."""
    words, facts = words_of(playbook), names_of(playbook)
    names = [(name, LABELS[name]) for name in FIELDS[kind]]
    if kind == "account":
        names += [(f"facts.{fact.key}", fact.label) for fact in playbook.facts if fact.scope == "account"]
    found = []
    for name, label in names:
        mine, theirs = value_of(survivor, name), value_of(loser, name)
        if mine != theirs and theirs not in (None, "", []):
            fact = facts.get(name.removeprefix(FACT)) if name.startswith(FACT) else None
            before, after = (_words(value, words.get(name, {}), fact) for value in (mine, theirs))
            found.append(Compared(name, label, before, after, mine in (None, "", [])))
    return found


def _words(value: Any, labels: Mapping[str, str], fact: Name | None) -> str:
    if value in (None, "", []):
        return "—"
    if fact is not None:
        return show_value(value, fact)
    if isinstance(value, Decimal):
        return money_exact(value)
    return labels.get(str(value), str(value))


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


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """A merge as its page tells it. `leads_to` is the survivor's id where its page is there; `stuck` says why this can't be undone
    now, "" where it can or is."""

    done: MergeRecord
    moved: tuple[str, ...]
    leads_to: int | None
    stuck: str


def shown_merge(done: MergeRecord) -> ShownMerge:
    both = MODELS[done.kind].everything.in_bulk([done.survivor_id, done.loser_id])
    survivor, loser = both.get(done.survivor_id), both.get(done.loser_id)
    there = survivor is not None and survivor.deleted_at is None
    stuck = "" if done.undone_at else why_stuck(done, survivor, loser)
    return ShownMerge(done, tuple(_moved(part) for part in done.moved), done.survivor_id if there else None, stuck)


def why_stuck(done: MergeRecord, survivor: Any | None, loser: Any | None) -> str:
    """Why two can't be made of one again; "" where they can."""
    if survivor is None or loser is None:
        gone = done.survivor_name if survivor is None else done.loser_name
        return f"{gone} was deleted and is gone for good, so this merge can't be undone."
    if survivor.merged_into_id is not None:
        return f"{done.survivor_name} was merged itself since. Undo that merge first."
    if survivor.deleted_at is not None:
        return f"{done.survivor_name} lies in the bin. Restore it first."
    return ""


def _moved(part: Mapping[str, Any]) -> str:
    """ "2 deals", "1 contact": rows that went along, by what their model calls them."""
    model = apps.get_model(part["model"])
    names = (model._meta.auto_created or model)._meta  # of a table between many and many: what it belongs to
    return count(len(part["ids"]), str(names.verbose_name), str(names.verbose_name_plural))


def label_of(name: str, playbook: Playbook) -> str:
    """What a field that may be taken is called; a fact that the playbook no longer has by its key."""
    if not name.startswith(FACT):
        return LABELS.get(name, name.replace("_", " ").capitalize())
    key = name.removeprefix(FACT)
    return next((fact.label for fact in playbook.facts if fact.key == key), key.replace("_", " ").capitalize())


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
    return survivors(kind, [pk]).get(pk)


def survivors(kind: str, ids: Collection[int]) -> dict[int, int]:
    """The same for many: {merged record: the one it is now}. A query for each step that any of them went."""
    merged = MODELS[kind].everything.filter(merged_into__isnull=False)
    found: dict[int, int] = {pk: pk for pk in ids}
    while step := dict(merged.filter(pk__in=set(found.values())).values_list("pk", "merged_into_id")):
        found = {pk: step.get(now, now) for pk, now in found.items()}
    return {pk: now for pk, now in found.items() if now != pk}


def seen_survivor(user: Person, kind: str, pk: int) -> Any | None:
    """The record that one was merged into, for somebody who sees it."""
    survivor = survivor_of(kind, pk)
    return None if survivor is None else MODELS[kind].objects.visible_to(user).filter(pk=survivor).first()
