"""What calls teach: questions over all calls as counts alone, coverage of the calls one sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from calls.models import Attendee, Call, CallQuestion, Part, Proposal, Side, Target
from calls.rules.learning import Counts, Coverage, Learned, coverage, learned
from calls.rules.states import State
from crm.models import Person
from playbook.schema import Playbook

HELD = (State.REVIEW, State.DONE)
OF_ELEMENTS = (Target.FIELD, Target.LINE, Target.ROW, Target.STRENGTH)
MOST_CALLS = 30


@dataclass(frozen=True, slots=True)
class Slice:
    """Calls with somebody of this persona, with customers of this segment; "" for any."""

    persona: str = ""
    segment: str = ""


def questions(playbook: Playbook, of: Slice) -> tuple[Learned, ...]:
    """Two queries, over everybody's calls: counts say nothing of a deal or a person."""
    rows = _of_slice(CallQuestion.objects.filter(call__state__in=HELD, dropped=False).exclude(key=""), of)
    counted = rows.order_by().values("key").annotate(**_counts())
    counts = {row["key"]: _counted(row) for row in counted}
    taken = _of_slice(Proposal.objects.filter(review__isnull=False, call__state__in=HELD), of)
    led = taken.exclude(entry__question=None).exclude(entry__question__key="").order_by().values("entry__question__key")
    for row in led.annotate(evidence=Count("entry__question", distinct=True)):
        key = row["entry__question__key"]
        counts[key] = replace(counts.get(key, Counts()), evidence=row["evidence"])
    bank = {one.key: (one.text, one.group) for one in playbook.questions}
    return learned(bank, counts)


def by_segment(playbook: Playbook) -> list[tuple[str, Counts]]:
    """All questions together, by the customer's segment. One query."""
    labels = {one.key: one.label for one in playbook.segments}
    rows = CallQuestion.objects.filter(call__state__in=HELD, dropped=False).exclude(key="").order_by()
    found = rows.values("call__deal__account__segment").annotate(**_counts())
    return _named([(row["call__deal__account__segment"], _counted(row)) for row in found], labels)


def by_persona(playbook: Playbook) -> list[tuple[str, Counts]]:
    """All questions together, by who of theirs was on the call; one with two personas counts for both. One query."""
    labels = {one.key: one.label for one in playbook.personas}
    rows = CallQuestion.objects.filter(call__state__in=HELD, dropped=False).exclude(key="").order_by()
    rows = rows.filter(call__attendees__side=Side.THEIRS, call__attendees__persona__gt="")
    found = rows.values("call__attendees__persona").annotate(**_counts())
    return _named([(row["call__attendees__persona"], _counted(row)) for row in found], labels)


def _counts() -> dict[str, Count]:
    return {
        "offered": Count("pk", distinct=True),
        "asked": Count("pk", filter=Q(asked_at__isnull=False), distinct=True),
        "answered": Count("pk", filter=Q(answered_at__isnull=False), distinct=True),
    }


def _counted(row: Mapping[str, Any]) -> Counts:
    return Counts(row["offered"], row["asked"], row["answered"])


def _named(found: Iterable[tuple[str, Counts]], labels: dict[str, str]) -> list[tuple[str, Counts]]:
    named = [(labels.get(key, key) or "Not said", counts) for key, counts in found]
    return sorted(named, key=lambda one: (-one[1].offered, one[0]))


def _of_slice(rows: QuerySet[Any], of: Slice) -> QuerySet[Any]:
    if of.segment:
        rows = rows.filter(call__deal__account__segment=of.segment)
    if of.persona:
        there = Attendee.objects.filter(call=OuterRef("call"), side=Side.THEIRS, persona=of.persona)
        rows = rows.filter(Exists(there))
    return rows


def covered(user: Person, playbook: Playbook) -> list[tuple[Call, Coverage]]:
    """The last calls of the deals one sees in full, by date: what each came to. Three queries, and those of who sees what."""
    calls = list(
        Call.objects.visible_to(user)
        .filter(state__in=HELD)
        .select_related("deal__account", "owner")
        .defer("goal")
        .order_by("-starts_at", "-pk")[:MOST_CALLS]
    )
    ids = [call.pk for call in calls]
    parts: dict[int, list[tuple[str, int, int]]] = {}
    for call_id, *row in (
        Part.objects.filter(call__in=ids).order_by("position").values_list("call", "label", "minutes", "seconds")
    ):
        parts.setdefault(call_id, []).append((row[0], row[1], row[2]))
    touched: dict[int, set[str]] = {}
    about = Proposal.objects.filter(call__in=ids, target__in=OF_ELEMENTS).exclude(state="rejected").order_by()
    for call_id, key in about.values_list("call", "key").distinct():
        touched.setdefault(call_id, set()).add(key.partition(".")[0])
    elements = {one.key: one.label for one in playbook.meddpicc.elements}
    return [(call, coverage(parts.get(call.pk, ()), touched.get(call.pk, ()), elements)) for call in calls]
