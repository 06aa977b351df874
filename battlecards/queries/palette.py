"""Cards in the palette: by name, and what they say by its words. The cards' pages go by name and not by id, so these doors only find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from battlecards.models import Card
from battlecards.queries.searching import search
from crm.models import Person
from crm.registry.finding import Found, RecordDoor, record_doors


def register() -> None:
    record_doors.add(
        RecordDoor(
            key="card",
            label="Battle cards",
            icon="cards",
            page="",
            argument="card_id",
            list_page="battlecards:search",
            seen_by=_seen_by,
            in_full=_in_full,
            shown=_shown,
            find=_find,
            named=_named,
            rank=2,
        )
    )
    record_doors.add(
        RecordDoor(
            key="claim",
            label="What cards say",
            icon="cards",
            page="",
            argument="claim_id",
            list_page="battlecards:search",
            seen_by=lambda people, pk: set(),
            in_full=lambda person, ids: set(),
            shown=lambda person, ids: {},
            find=_claims,
            rank=3,
        )
    )


def _seen_by(people: Sequence[Person], pk: int) -> set[int]:
    return {one.pk for one in people if Card.objects.visible_to(one).filter(pk=pk).exists()}


def _in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return set(Card.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))


def _shown(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    return {card.pk: _found(card) for card in Card.objects.visible_to(person).filter(pk__in=ids)}


def _named(ids: Sequence[int]) -> Mapping[int, Found]:
    return {card.pk: _found(card) for card in Card.objects.filter(pk__in=ids)}


def _find(person: Person, text: str, most: int) -> Sequence[Found]:
    rows = Card.objects.visible_to(person).filter(title__icontains=text).order_by("sort", "title", "pk")
    return [_found(card) for card in rows[:most]]


def _found(card: Card) -> Found:
    return Found(card.pk, card.title, reverse("battlecards:card-detail", args=[card.slug]), card.get_sort_display())


def _claims(person: Person, text: str, most: int) -> Sequence[Found]:
    """Objections and what else is said, the best first."""
    hits = search(person, text, most=most).hits
    return [Found(0, "".join(piece for piece, _ in hit.title), hit.url, hit.card.title) for hit in hits]
