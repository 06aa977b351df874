"""Calls for what tells of them and what finds them: by title, deal and customer, and by what was written in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from calls.models import Call, Entry
from calls.queries.lists import CallFilter, listed
from calls.rules.known import clipped
from crm.models import Person
from crm.registry.finding import Found, RecordDoor, record_doors
from crm.rules.fact_words import show_date

BESIDE = ("deal__account",)
SHORTEST = 3
"""Letters by which notes are looked through."""


def _seen_by(people: Sequence[Person], pk: int) -> set[int]:
    """Whoever sees its deal in full."""
    deal_id = Call.objects.filter(pk=pk, deal__deleted_at__isnull=True).values_list("deal", flat=True).first()
    return set() if deal_id is None else record_doors.get("deal").seen_by(people, deal_id)


def _in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return set(Call.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))


def _shown(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    rows = Call.objects.visible_to(person).filter(pk__in=ids).select_related(*BESIDE)
    return {row.pk: _found(row) for row in rows}


def _find(person: Person, text: str, most: int) -> Sequence[Found]:
    """The last ones first: those so called, then those in whose notes it stands, with that note."""
    called = CallFilter(q=text)
    rows = listed(person, called, notes=False).order_by("-starts_at", "-pk")
    found = [_found(row) for row in rows[:most]]
    if len(found) < most and len(text) >= SHORTEST:
        said = Entry.objects.filter(deleted=False, text__icontains=text)
        first = said.filter(call=OuterRef("pk")).order_by("at").values("text")[:1]
        noted = Call.objects.visible_to(person).filter(pk__in=said.values("call")).annotate(said=Subquery(first))
        noted = noted.exclude(pk__in=[one.id for one in found]).select_related(*BESIDE).order_by("-starts_at", "-pk")
        found += [_found(row, around(row.said, text)) for row in noted[: most - len(found)]]
    return found


def around(note: str, text: str) -> str:
    """The words of a note around what was looked for."""
    place = max(note.casefold().find(text.casefold()), 0)
    start = max(place - 30, 0)
    return ("…" if start else "") + clipped(note[start:], 90)


def _named(ids: Sequence[int]) -> Mapping[int, Found]:
    there = Call.objects.filter(pk__in=ids, deal__deleted_at__isnull=True).select_related(*BESIDE)
    return {row.pk: _found(row) for row in there}


def _found(row: Call, said: str = "") -> Found:
    note = said or f"{row.deal.account}, {show_date(row.starts_at.date())}, {row.get_state_display().lower()}"
    return Found(row.pk, row.title, reverse("calls:call-detail", args=[row.pk]), note)


def register() -> None:
    record_doors.add(
        RecordDoor(
            key="call",
            label="Calls",
            icon="call",
            page="calls:call-detail",
            argument="call_id",
            list_page="calls:call-list",
            seen_by=_seen_by,
            in_full=_in_full,
            shown=_shown,
            find=_find,
            named=_named,
            rank=2,
        )
    )
