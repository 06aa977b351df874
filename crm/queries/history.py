"""The audit as people read it: who changed what, from what to what, when, why, and by which way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from crm.models import AuditEntry, Person, Route
from crm.queries import playbook as playbooks
from crm.queries.record_columns import words_of
from crm.registry import bins
from crm.registry.finding import record_doors
from crm.rules.fact_words import plain_text

LONGEST = 300
"""Characters of a value that are shown."""
PAGES = {"person": "crm:person-edit", "team": "crm:team-edit"}


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One write. `record` names what was written and `url` leads there, where it still is."""

    at: dt.datetime
    by: str
    route: str
    verb: str
    kind: str
    object_id: int
    record: str
    url: str
    why: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What of the audit is asked for; what can't be read is left out. `record` is an id."""

    kind: str = ""
    record: str = ""
    person: str = ""
    route: str = ""
    field: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> HistoryFilter:
        wanted = {name: (query.get(name) or "").strip()[:60] for name in cls.__slots__}
        for name in ("record", "person"):
            if not (wanted[name].isascii() and wanted[name].isdecimal() and len(wanted[name]) < 19):
                wanted[name] = ""
        if wanted["route"] not in Route.values:
            wanted["route"] = ""
        for name in ("first", "last"):
            if _day(wanted[name]) is None:
                wanted[name] = ""
        return cls(**wanted)


def filtered_history(wanted: HistoryFilter) -> QuerySet[AuditEntry]:
    """All of the audit that fits, unordered; whole days are days in UTC."""
    rows = AuditEntry.objects.select_related("made_by")
    exact = {"kind": wanted.kind, "object_id": wanted.record, "made_by": wanted.person, "route": wanted.route}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.field:
        rows = rows.filter(changes__has_key=wanted.field)
    if (first := _day(wanted.first)) is not None:
        rows = rows.filter(made_at__gte=dt.datetime.combine(first, dt.time(), dt.UTC))
    if (last := _day(wanted.last)) is not None and last < dt.date.max:
        rows = rows.filter(made_at__lt=dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC))
    return rows


def history_of(kind: str, record_id: int) -> QuerySet[AuditEntry]:
    """Everything written to one record; of a deal, to what hangs on it too."""
    rows = AuditEntry.objects.select_related("made_by")
    return rows.filter(deal_id=record_id) if kind == "deal" else rows.filter(kind=kind, object_id=record_id)


def kinds() -> list[str]:
    """The sorts of record there are changes of. A short walk over the index, however long the audit is."""
    found: list[str] = []
    while True:
        beyond = Q(kind__gt=found[-1]) if found else Q()
        rows = AuditEntry.objects.filter(beyond).order_by("kind").values_list("kind", flat=True)
        following = rows.first()
        if following is None:
            return found
        found.append(following)


def people_by_name() -> list[tuple[int, str]]:
    rows = Person.objects.only("first_name", "last_name", "username")
    return [(one.pk, str(one)) for one in rows]


def told(rows: Sequence[AuditEntry]) -> list[Entry]:
    """Rows in words. One query for each sort of record named."""
    named, labels = _names(rows), _labels()
    return [
        Entry(
            at=row.made_at,
            by=str(row.made_by) if row.made_by else "the system",
            route=row.get_route_display(),
            verb=row.verb,
            kind=row.kind.replace("_", " "),
            object_id=row.object_id,
            record=(named.get((row.kind, row.object_id)) or ("", ""))[0] or _own_name(row) or _deal(row, named)[0],
            url=(named.get((row.kind, row.object_id)) or _deal(row, named))[1],
            why=row.why,
            changes=tuple(
                Change(_field(field), *(_words(value, labels.get(field, {})) for value in pair))
                for field, pair in row.changes.items()
                if isinstance(pair, list) and len(pair) == 2
            ),
        )
        for row in rows
    ]


def _names(rows: Sequence[AuditEntry]) -> dict[tuple[str, int], tuple[str, str]]:
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind in bins:
        ids = {row.object_id for row in rows if row.kind == kind.key}
        ids |= {row.deal_id for row in rows if row.deal_id} if kind.key == "deal" else set()
        for pk, row in kind.rows().in_bulk(list(ids)).items() if ids else ():
            found[kind.key, pk] = kind.name(row), "" if row.deleted_at else reverse(kind.url_name, args=[pk])
    for door in record_doors:
        ids = {row.object_id for row in rows if row.kind == door.key} if door.named else set()
        for pk, one in door.named(sorted(ids)).items() if door.named and ids else ():
            found[door.key, pk] = one.label, one.url
    ids = {row.object_id for row in rows if row.kind == "person"}
    for person in Person.objects.filter(pk__in=ids) if ids else ():
        found["person", person.pk] = str(person), reverse(PAGES["person"], args=[person.pk])
    return found


def _deal(row: AuditEntry, named: Mapping[tuple[str, int], tuple[str, str]]) -> tuple[str, str]:
    """The deal that what was written hangs on."""
    return named.get(("deal", row.deal_id or 0), ("", ""))


def _own_name(row: AuditEntry) -> str:
    """What the row itself says it was called."""
    name = row.changes.get("name")
    return next((str(one) for one in reversed(name) if one), "") if isinstance(name, list) else ""


def _field(name: str) -> str:
    text = name.replace("_", " ").replace(".", ": ")
    return text[:1].upper() + text[1:]


def _labels() -> Mapping[str, Mapping[str, str]]:
    """What the playbook in force calls its keys, by the fields that hold them."""
    try:
        _, playbook = playbooks.current()
    except playbooks.NoPlaybook:
        return {}
    stages = {stage.key: stage.label for stage in playbook.stages}
    reasons = {reason.key: reason.label for reason in playbook.outcome_reasons}
    return {**words_of(playbook), "stage": stages, "reasons": reasons}


def _words(value: Any, labels: Mapping[str, str]) -> str:
    if value in (None, "", [], {}):
        return "—"
    match value:
        case bool():
            return "yes" if value else "no"
        case {"name": str(name)}:
            return name
        case dict():
            parts = sorted(value.items())
            text = "; ".join(f"{_field(str(key))}: {_words(inner, labels)}" for key, inner in parts)
        case list():
            text = ", ".join(_words(inner, labels) for inner in value)
        case str() if value in labels:
            text = labels[value]
        case str():
            text = plain_text(value)
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
