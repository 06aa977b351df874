"""Everything that happened on a deal, newest first: stages and values from the intervals, what people recorded from the
audit, and what other apps add.

Paged by moment: a page ends between two moments, never within one, so the next begins before the last entry's.

Rows are dictionaries of what is shown, not model instances with all that hangs on them: each page asks some ten tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from crm.models import AuditEntry, Person
from crm.queries import playbook as playbooks
from crm.queries.people import name_columns
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from deals.models import BantClaim, Deal, DealInterval, QuestionAnswer, TrackedField
from deals.queries.timeline_words import Words, answer_entry, audit_entry, claim_entry, interval_entry
from playbook.schema import Playbook

PAGE = 20
FETCH = 40
"""Read per source and page; more than a page, so that what one act wrote at one moment stays together."""
AT_ONE_MOMENT = 1_000
"""Of what one act wrote about one record at one moment, such as a bulk change of all deals of an account."""

KINDS = {
    "stage": "Stage",
    "changes": "Changes",
    "qualification": "Qualification",
    "meddpicc": "MEDDPICC",
    "people": "People",
}

AUDIT_KINDS = {
    "changes": ("deal", "share"),
    "qualification": ("bant",),
    "meddpicc": ("meddpicc",),
    "people": ("contact", "competitor", "objection"),
}
"""Which audit rows belong to which filter. Stages and tracked values come from the intervals, claims and answers from
their own rows."""

INTERVAL = ("field", "value", "from_at", "to_at", "why", "route", "unmet")
AUDIT = ("kind", "verb", "changes", "why", "route", "made_at")
CLAIM = ("criterion", "score", "suggested", "reason", "evidence", "made_at")
ANSWER = ("question", "answer", "answered_at", "contact__first_name", "contact__last_name", "contact__deleted_at")
"""The columns that are read; who it was comes with each."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one source found. `unread`: of what happened then or before not everything was read; None: it has no more."""

    entries: Sequence[TimelineEntry]
    unread: dt.datetime | None = None


Row = dict[str, Any]
Source = Callable[[dt.datetime | None], Part]
"""Takes the moment before which nothing matters any more; None: everything does."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`older` is the moment the next page begins before; None at the end."""

    entries: tuple[TimelineEntry, ...]
    older: dt.datetime | None


def filters() -> dict[str, str]:
    """The filters by key, in the order shown."""
    provided = {key: label for provider in timeline_providers for key, label in provider.filters.items()}
    return {**KINDS, **provided}


def timeline(deal: Deal, kind: str = "", before: dt.datetime | None = None) -> Timeline:
    """A page of the timeline: six queries and those of the providers. `kind` is a key of `filters()`, "" is all."""
    _, playbook = playbooks.current()
    return page_of(_sources(deal, playbook, kind, before))


def page_of(sources: Iterable[Source]) -> Timeline:
    """The newest page of what several sources find, one after the other: what is older than the page could be is not asked
    for any more. Where a source could not read everything, the page ends before what it left out."""
    found: list[TimelineEntry] = []
    since: dt.datetime | None = None
    unread: dt.datetime | None = None
    for source in sources:
        part = source(since)
        found = sorted([*found, *part.entries], key=lambda entry: entry.at, reverse=True)
        unread = max(filter(None, (unread, part.unread)), default=None)
        since = max(filter(None, (unread, found[PAGE].at if len(found) > PAGE else None)), default=None)
    whole = [entry for entry in found if unread is None or entry.at > unread] or found
    shown, rest = whole[:PAGE], whole[PAGE:]
    while rest and rest[0].at == shown[-1].at:
        shown.append(rest.pop(0))
    return Timeline(tuple(shown), shown[-1].at if shown and (rest or unread is not None) else None)


def filters_shown(here: str, known: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Key, label and address of every filter, "All" first."""
    kinds = ((key, label, f"{here}?{urlencode({'kind': key})}") for key, label in known.items())
    return [("", "All", here), *kinds]


def older_url(here: str, kind: str, shown: Timeline) -> str:
    """Where the next page is; empty at the end."""
    if shown.older is None:
        return ""
    parts = {"kind": kind, "before": shown.older.isoformat()}
    return f"{here}?{urlencode({name: value for name, value in parts.items() if value})}"


def moment(text: str) -> dt.datetime | None:
    """A cursor; one that can't be read gives the newest page."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _sources(deal: Deal, playbook: Playbook, kind: str, before: dt.datetime | None) -> Iterator[Source]:
    """The cheap ones first: what they find spares the others work."""
    if kind in {"", *AUDIT_KINDS}:
        yield partial(_audit, deal, playbook, kind, before)
    if kind in {"", "qualification"}:
        yield partial(_claims, deal, playbook, before)
        yield partial(_answers, deal, playbook, before)
    for provider in timeline_providers:
        if kind in {"", *provider.filters}:
            yield partial(_provided, provider, deal.pk, kind, before)
    if kind in {"", "stage", "changes"}:
        yield partial(_intervals, deal, playbook, kind, before)


def _provided(
    provider: TimelineProvider, deal_id: int, kind: str, before: dt.datetime | None, since: dt.datetime | None
) -> Part:
    entries = provider.entries(deal_id, before, FETCH, since, kind)
    return Part(entries, entries[-1].at if len(entries) >= FETCH else None)


def newest(
    rows: QuerySet[Any, Row], at: str, before: dt.datetime | None, since: dt.datetime | None, limit: int = FETCH
) -> list[Row]:
    """Up to `limit` rows by the moment in their column `at`, the newest first. Where all of these are of one moment, all of that
    moment: a page that ended within it would leave the rest out, for the next one begins before it."""
    if before is not None:
        rows = rows.filter(**{f"{at}__lt": before})
    if since is not None:
        rows = rows.filter(**{f"{at}__gte": since})
    found = list(rows.order_by(f"-{at}", "-pk")[:limit])
    if len(found) == limit and found[0][at] == found[-1][at]:
        found = list(rows.filter(**{at: found[0][at]}).order_by("-pk")[:AT_ONE_MOMENT])
    return found


def part_of(rows: list[Row], at: str, entries: Iterable[TimelineEntry | None]) -> Part:
    """What was made of rows that `newest` read; a row may be told elsewhere (None)."""
    unread = rows[-1][at] if len(rows) >= FETCH else None
    return Part([entry for entry in entries if entry is not None], unread)


def _intervals(
    deal: Deal, playbook: Playbook, kind: str, before: dt.datetime | None, since: dt.datetime | None
) -> Part:
    rows = DealInterval.objects.filter(deal=deal)
    if kind == "stage":
        rows = rows.filter(field=TrackedField.STAGE)
    elif kind == "changes":
        rows = rows.exclude(field=TrackedField.STAGE)
    if since is not None:  # those that stood then too: what the oldest on the page followed
        rows = rows.filter(Q(to_at__isnull=True) | Q(to_at__gte=since))
    found = newest(rows.values(*INTERVAL, *name_columns("changed_by")), "from_at", before, None)
    words = _words(playbook, found)
    earlier = _earlier_values(deal, found)
    moves = {row["from_at"] for row in found if row["field"] == TrackedField.STAGE}
    entries = []
    for row in found:
        if since is not None and row["from_at"] < since:
            continue
        was = earlier.get((row["field"], row["from_at"]))
        entry = interval_entry(row, was, words, opened=row["from_at"] == deal.created_at)
        # What changed with a move has the move's reason, which is told there.
        told = row["field"] != TrackedField.STAGE and row["from_at"] in moves
        entries.append(replace(entry, quote="") if entry is not None and told else entry)
    return part_of(found, "from_at", entries)


def _earlier_values(deal: Deal, rows: list[Row]) -> dict[tuple[str, dt.datetime], str]:
    """What stood before an interval, by its field and beginning: the one of the same field that ended then. One query, and
    only where not all were read."""
    ended: Iterable[Any] = reversed(rows)
    if len(rows) >= FETCH:
        moments = {row["from_at"] for row in rows}
        ended = DealInterval.objects.filter(deal=deal, to_at__in=moments).values("field", "to_at", "value")
    return {(row["field"], row["to_at"]): row["value"] for row in ended}


def _words(playbook: Playbook, rows: Iterable[Row]) -> Words:
    """The names behind the keys and ids of intervals: one query where an owner is among them."""
    owners = {int(row["value"]) for row in rows if row["field"] == TrackedField.OWNER and row["value"].isdecimal()}
    people = Person.objects.filter(pk__in=owners) if owners else ()
    return Words({stage.key: stage.label for stage in playbook.stages}, {person.pk: str(person) for person in people})


def _audit(deal: Deal, playbook: Playbook, kind: str, before: dt.datetime | None, since: dt.datetime | None) -> Part:
    of = AUDIT_KINDS[kind] if kind else tuple(part for parts in AUDIT_KINDS.values() for part in parts)
    rows = AuditEntry.objects.filter(deal_id=deal.pk, kind__in=of).values(*AUDIT, *name_columns("made_by"))
    labels = {fact.key: fact.label for fact in playbook.facts}
    labels |= {element.key: element.label for element in playbook.meddpicc.elements}
    found = newest(rows, "made_at", before, since)
    return part_of(found, "made_at", [audit_entry(row, labels) for row in found])


def _claims(deal: Deal, playbook: Playbook, before: dt.datetime | None, since: dt.datetime | None) -> Part:
    rows = BantClaim.objects.filter(deal=deal).values(*CLAIM, *name_columns("made_by"))
    labels = {criterion.key: criterion.label for criterion in playbook.bant.criteria}
    found = newest(rows, "made_at", before, since)
    return part_of(found, "made_at", [claim_entry(row, labels) for row in found])


def _answers(deal: Deal, playbook: Playbook, before: dt.datetime | None, since: dt.datetime | None) -> Part:
    rows = QuestionAnswer.objects.filter(deal=deal).values(*ANSWER, *name_columns("answered_by"))
    texts = {question.key: question.text for question in playbook.questions}
    found = newest(rows, "answered_at", before, since)
    return part_of(found, "answered_at", [answer_entry(row, texts) for row in found])
