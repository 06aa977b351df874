"""What happened with an account or a contact: what was changed about it, what people wrote, and an account's deals as they moved.

A deal's own timeline stands in its app; this one hands it its sorts of entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.urls import reverse

from activities.queries.entries import SORTS, TALKS, Sort, Stretch, with_contact
from activities.queries.subjects import Subject
from crm.models import AuditEntry, Person
from crm.queries import playbook as playbooks
from crm.queries.people import name_columns, name_in
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from deals.models import Deal, DealInterval, TrackedField
from deals.queries.timeline import FETCH, Part, Row, Source, Timeline, newest, page_of, part_of
from deals.queries.timeline_words import changes_in_words

LABELS = {
    "account": {
        "name": "name",
        "domain": "domain",
        "segment": "segment",
        "vertical": "vertical",
        "sub_segment": "sub-segment",
        "region": "region",
        "country": "country",
        "employees": "employees",
        "annual_revenue": "annual revenue",
        "founded_year": "founded",
        "current_vendor": "current vendor",
        "parent": "belongs to",
        "owner": "owner",
    },
    "contact": {
        "first_name": "first name",
        "last_name": "last name",
        "account": "account",
        "title": "title",
        "email": "e-mail",
        "phone": "phone",
        "persona": "persona",
        "reports_to": "reports to",
    },
}

AUDIT_COLUMNS = ("made_at", "verb", "changes", "why", *name_columns("made_by"))


def register() -> None:
    """Hands a deal's timeline what is written about the deal."""
    for sort in SORTS:
        timeline_providers.add(TimelineProvider(key=sort.key, kinds=sort.kinds, entries=partial(_about_deal, sort)))


def _about_deal(
    sort: Sort, deal_id: int, before: dt.datetime | None, limit: int, since: dt.datetime | None, kind: str
) -> list[TimelineEntry]:
    return sort.entries("deal", deal_id, Stretch(before, since, limit, kind))


def filters(subject: Subject) -> dict[str, str]:
    """The filters by key, in the order shown."""
    own = {key: label for sort in SORTS for key, label in sort.kinds.items()}
    return own | ({"deals": "Deals"} if subject.kind == "account" else {}) | {"changes": "Changes"}


def timeline(user: Person, subject: Subject, kind: str = "", before: dt.datetime | None = None) -> Timeline:
    """A page of it: a fixed number of queries, each for a page at most."""
    return page_of(_sources(user, subject, kind, before))


def _sources(user: Person, subject: Subject, kind: str, before: dt.datetime | None) -> Iterator[Source]:
    for sort in SORTS:
        if kind in {"", *sort.kinds}:
            yield partial(_part, partial(sort.entries, subject.kind, subject.pk), kind, before)
    if kind in {"", *TALKS} and subject.kind == "contact":
        yield partial(_part, partial(with_contact, user, subject.pk), kind, before)
    if kind in {"", "changes"}:
        yield partial(_changes, subject, before)
    if kind in {"", "deals"} and subject.kind == "account":
        yield partial(_deals, user, subject.pk, before)


def _part(
    entries: Callable[[Stretch], list[TimelineEntry]], kind: str, before: dt.datetime | None, since: dt.datetime | None
) -> Part:
    found = entries(Stretch(before, since, kind=kind))
    return Part(found, found[-1].at if len(found) >= FETCH else None)


def _changes(subject: Subject, before: dt.datetime | None, since: dt.datetime | None) -> Part:
    """What the audit keeps of the record itself."""
    rows = AuditEntry.objects.filter(kind=subject.kind, object_id=subject.pk).values(*AUDIT_COLUMNS)
    _, playbook = playbooks.current()
    facts = {fact.key: fact.label.lower() for fact in playbook.facts}
    found = newest(rows, "made_at", before, since)
    entries = [
        TimelineEntry(
            at=row["made_at"],
            kind="changes",
            text=_said(row["verb"], row["changes"], LABELS[subject.kind], facts),
            by=name_in(row, "made_by"),
            quote=row["why"],
        )
        for row in found
    ]
    return part_of(found, "made_at", entries)


def _said(verb: str, changes: Mapping[str, Any], labels: dict[str, str], facts: dict[str, str]) -> str:
    if verb == "created":
        return "Added"
    old, new = changes.get("facts") or ({}, {})
    old, new = old or {}, new or {}
    moved = {key: (old.get(key), new.get(key)) for key in {*old, *new} if old.get(key) != new.get(key)}
    known = facts | {key: key.replace("_", " ") for key in sorted(moved.keys() - facts.keys())}
    return changes_in_words({**changes, **moved}, labels | known) or verb.capitalize()


def _deals(user: Person, account_id: int, before: dt.datetime | None, since: dt.datetime | None) -> Part:
    """How the account's deals moved, of those this person sees in full: opened, each stage, closed. Two queries."""
    seen = Deal.objects.detailed_to(user).filter(account_id=account_id)
    rows = DealInterval.objects.filter(field=TrackedField.STAGE, deal__in=seen)
    columns = ("deal_id", "deal__name", "value", "from_at", "why", *name_columns("changed_by"))
    found = newest(rows.values(*columns), "from_at", before, since)
    _, playbook = playbooks.current()
    stages = {stage.key: stage.label for stage in playbook.stages}
    earlier = _earlier(found)
    return part_of(found, "from_at", [_moved(row, earlier, stages) for row in found])


def _moved(row: Row, earlier: Mapping[tuple[int, dt.datetime], str], stages: Mapping[str, str]) -> TimelineEntry:
    now, was = stages.get(row["value"], row["value"]), earlier.get((row["deal_id"], row["from_at"]))
    return TimelineEntry(
        at=row["from_at"],
        kind="deals",
        text=f"{row['deal__name']}: " + (f"opened in {now}" if was is None else f"{stages.get(was, was)} → {now}"),
        by=name_in(row, "changed_by"),
        quote=row["why"],
        url=reverse("deals:deal-detail", args=[row["deal_id"]]),
        icon="deals",
    )


def _earlier(rows: list[Row]) -> dict[tuple[int, dt.datetime], str]:
    """The stage each of these followed, by deal and moment."""
    ended = DealInterval.objects.filter(
        field=TrackedField.STAGE,
        deal__in={row["deal_id"] for row in rows},
        to_at__in={row["from_at"] for row in rows},
    )
    return {(deal, to): value for deal, to, value in ended.values_list("deal_id", "to_at", "value") if to is not None}
