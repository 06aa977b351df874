"""Quotes for what tells of them and what finds them: by number, title, deal and customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from crm.models import Person
from crm.registry.finding import Found, RecordDoor, record_doors
from quotes.models import Quote
from quotes.queries.lists import BESIDE, QuoteFilter, listed


def _seen_by(people: Sequence[Person], pk: int) -> set[int]:
    """Whoever sees its deal in full."""
    deal_id = Quote.objects.filter(pk=pk, deal__deleted_at__isnull=True).values_list("deal", flat=True).first()
    return set() if deal_id is None else record_doors.get("deal").seen_by(people, deal_id)


def _in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return set(Quote.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))


def _shown(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    rows = Quote.objects.visible_to(person).filter(pk__in=ids).select_related(*BESIDE)
    return {row.pk: _found(row) for row in rows}


def _find(person: Person, text: str, most: int) -> Sequence[Found]:
    """Those changed last first, as their list has them."""
    rows = listed(person, QuoteFilter(q=text)).order_by("-updated_at", "-pk")
    return [_found(row) for row in rows[:most]]


def _named(ids: Sequence[int]) -> Mapping[int, Found]:
    there = Quote.objects.filter(pk__in=ids, deal__deleted_at__isnull=True).select_related(*BESIDE)
    return {row.pk: _found(row) for row in there}


def _found(row: Quote) -> Found:
    note = f"{row.deal.account}, {row.get_state_display().lower()}"
    return Found(row.pk, str(row), reverse("quotes:quote-detail", args=[row.pk]), note)


def register() -> None:
    record_doors.add(
        RecordDoor(
            key="quote",
            label="Quotes",
            icon="quotes",
            page="quotes:quote-detail",
            argument="quote_id",
            list_page="quotes:quote-list",
            seen_by=_seen_by,
            in_full=_in_full,
            shown=_shown,
            find=_find,
            named=_named,
            rank=1,
        )
    )
